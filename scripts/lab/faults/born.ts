// Faults that a host has from its start: by the words of its kernel's command line, or by its shape.
import type { Boot, Fault } from './fault.ts';

const on = (words: readonly string[], ...names: readonly string[]): Boot[] => names.map((shape) => ({ shape, words }));
const shaped = (...names: readonly string[]): Boot[] => names.map((shape) => ({ shape }));

export const bornFaults: readonly Fault[] = [
  {
    kind: 'numa-off',
    title: 'the kernel was told to see one node',
    finding: 'kernel-command-line',
    boots: on(['numa=off'], '2s', '4s'),
    seen: '[ "$(ls -d $nodes/node[0-9]* | wc -l)" = 1 ]',
  },
  {
    kind: 'cpus-limited',
    title: 'the kernel was told to start half of the CPUs',
    finding: ['kernel-command-line', 'offline-cpus'],
    also: ['kernel-command-line', 'offline-cpus', 'node-without-cpus'],
    boots: on(['maxcpus=8'], '2s', '4s'),
    seen: '[ "$(nproc)" = 8 ]',
  },
  {
    kind: 'memory-limited',
    title: 'the kernel was told to leave out memory',
    finding: ['kernel-command-line', 'uneven-memory'],
    also: ['kernel-command-line', 'uneven-memory', 'node-without-memory'],
    boots: on(['mem=1400M'], '2s', '4s'),
    seen: "[ $(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo) -lt 1450 ]",
  },
  {
    kind: 'isolated-and-shared',
    title: 'busy threads share one isolated CPU while another one idles',
    finding: 'isolated-cpus',
    also: ['cpuset-narrow', 'numa-balancing'],
    boots: [...on(['isolcpus=6,7'], '2s'), ...on(['isolcpus=14,15'], '4s')],
    seed: `isolated=$(cat /sys/devices/system/cpu/isolated)
one=\${isolated%%[-,]*}
start solver "on $isolated; duty 40; touch 16; free $one $isolated; free $one $isolated"`,
    seen: '[ -n "$(cat /sys/devices/system/cpu/isolated)" ]',
  },
  {
    kind: 'isolated-idle',
    title: 'CPUs are isolated and nothing runs there',
    finding: 'isolated-cpus',
    note: true,
    boots: [...on(['isolcpus=6,7'], '2s'), ...on(['isolcpus=14,15'], '4s')],
    seen: '[ -n "$(cat /sys/devices/system/cpu/isolated)" ]',
  },
  {
    kind: 'settings-at-boot',
    title: 'huge pages without a node, and no balancing, by the command line',
    finding: 'kernel-command-line',
    note: true,
    boots: on(['hugepages=64', 'numa_balancing=disable'], '2s', '4s'),
    seen: 'grep -q " hugepages=64 numa_balancing=disable" /proc/cmdline && is /proc/sys/kernel/numa_balancing 0',
  },
  {
    kind: 'node-without-memory',
    title: 'a node has CPUs and no memory',
    finding: 'node-without-memory',
    also: ['uneven-memory', 'implausible-distances'],
    boots: shaped('memless', 'memless-even'),
    seen: 'grep -l "MemTotal: *0 kB" $nodes/node*/meminfo >/dev/null',
  },
  {
    kind: 'node-without-cpus',
    title: 'a node has as much memory as the others and no CPUs',
    finding: 'node-without-cpus',
    boots: shaped('cpuless'),
    seen: 'grep -l "^$" $nodes/node*/cpulist >/dev/null',
  },
  {
    kind: 'uneven-memory',
    title: 'one node has a quarter of the memory of another',
    finding: 'uneven-memory',
    boots: shaped('uneven', 'uneven-4'),
    seen: '[ $(size_of $far) -lt $(($(size_of $near) / 2)) ]',
  },
  {
    kind: 'distances-by-direction',
    title: 'the way back is longer than the way there',
    finding: 'implausible-distances',
    boots: shaped('lopsided'),
    seen: '[ "$(cut -d" " -f2 $nodes/node0/distance)" != "$(cut -d" " -f1 $nodes/node1/distance)" ]',
  },
  {
    kind: 'distances-within-socket',
    title: 'nodes of one socket are farther from each other than nodes of two',
    finding: 'implausible-distances',
    boots: shaped('inverted'),
    seen: '[ "$(cut -d" " -f2 $nodes/node0/distance)" -gt "$(cut -d" " -f3 $nodes/node0/distance)" ]',
  },
  {
    kind: 'nodes-within-socket',
    title: 'each socket is split into nodes (SNC, NPS)',
    finding: 'snc-mode',
    note: true,
    boots: shaped('8n', 'snc2'),
    seen: '[ "$(cat $nodes/node1/cpulist)" ] && is /sys/devices/system/cpu/cpu$far_a/topology/physical_package_id 0',
  },
];
