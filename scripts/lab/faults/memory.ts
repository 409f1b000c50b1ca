// Faults of where memory lies.
import type { Fault } from './fault.ts';

/** Balancing would put some of these right while they are looked at. */
export const unbalanced = 'keep /proc/sys/kernel/numa_balancing 0';
/** What is true as well of a process on the wrong node. */
export const farPages = ['remote-pages', 'remote-allocations', 'numa-balancing'];
const ownMount = 'mkdir -p $faults/mnt && mount -t tmpfs -o';
const fillMount = 'dd if=/dev/zero of=$faults/mnt/table bs=1M count=80 2>/dev/null';
const full =
  '[ $(free_on $near) -lt $(($(size_of $near) * 3 / 100)) ] && [ $(free_on $far) -gt $(($(size_of $far) * 3 / 10)) ]';
/** What the kernel keeps back is a share of a small host that it is not of a large one. */
const littleKept = 'keep /proc/sys/vm/min_free_kbytes 2048';
const pool = (node: string): string => `$nodes/node${node}/hugepages/hugepages-2048kB`;

export const memoryFaults: readonly Fault[] = [
  {
    kind: 'pages-far',
    title: 'pages first touched on one node, threads on another',
    finding: 'remote-pages',
    also: farPages,
    seed: `${unbalanced}
start store "duty 15; on $far_cpus; touch 80; on $near_cpus; thread $near_a; thread $near_b"`,
    seen: '[ $(on $far $pid) -ge 78 ]',
  },
  {
    kind: 'membind-far',
    title: 'bound to the memory of one node and the CPUs of another',
    finding: 'membind-wrong-node',
    also: farPages,
    seed: 'start store "duty 15; touch 80; thread $near_a; thread $near_b" numactl --membind=$far --cpunodebind=$near',
    seen: '[ $(on $far $pid) -ge 78 ] && grep -q "bind:$far" /proc/$pid/numa_maps',
  },
  {
    kind: 'preferred-far',
    title: 'prefers the memory of another node than that of its CPUs',
    finding: 'membind-wrong-node',
    also: farPages,
    seed: 'start store "touch 80; thread $near_a; thread $near_b" numactl --preferred=$far --cpunodebind=$near',
    seen: '[ $(on $far $pid) -ge 78 ] && grep -q "prefer.*:$far" /proc/$pid/numa_maps',
  },
  {
    kind: 'interleaved-on-one-node',
    title: 'memory interleaved over all nodes, all threads on one',
    finding: 'interleave',
    also: farPages,
    seed: 'start store "touch 160; thread $near_a; thread $near_b" numactl --interleave=all --cpunodebind=$near',
    seen: '[ $(on $far $pid) -ge 15 ] && grep -q "interleave:" /proc/$pid/numa_maps',
  },
  {
    kind: 'one-node-memory-of-many',
    title: 'memory bound to one node, threads free to go to two',
    finding: ['threads-straddle', 'membind-wrong-node'],
    also: ['threads-straddle', 'membind-wrong-node', ...farPages],
    needs: ['four-cpus-a-node'],
    seed: `${unbalanced}
start store "touch 80; free $near_a $all_cpus; free $near_b $all_cpus; free $far_a $all_cpus; free $far_b $all_cpus" numactl --membind=$near`,
    seen: '[ $(on $near $pid) -ge 78 ] && grep -q "bind:$near" /proc/$pid/numa_maps',
  },
  {
    kind: 'allocations-far',
    title: 'takes memory of another node again and again',
    finding: 'remote-allocations',
    also: ['membind-wrong-node', ...farPages],
    seed: `keep /sys/kernel/mm/transparent_hugepage/enabled madvise
start batch "duty 60; churn $near_a 8; churn $near_b 8" numactl --membind=$far --cpunodebind=$near`,
    seen: `count() { awk '$1 == "other_node" { print $2 }' $nodes/node$far/numastat; }
before=$(count); sleep 1; [ $(($(count) - before)) -ge 2500 ]`,
  },
  {
    kind: 'node-full',
    title: 'a process fills one node while others have room',
    finding: 'node-full',
    also: ['remote-allocations', 'numa-balancing'],
    seed: `${littleKept}
start cache "touch $(($(free_on $near) - $(size_of $near) / 60)); thread $near_a; thread $near_b" numactl --membind=$near --cpunodebind=$near`,
    seen: full,
  },
  {
    kind: 'node-full-of-tmpfs',
    title: 'files of a tmpfs fill one node while others have room',
    finding: 'node-full',
    also: ['tmpfs-far', 'remote-allocations', 'numa-balancing'],
    seed: `${littleKept}
${ownMount} mpol=prefer:$near,size=2g tmpfs $faults/mnt
dd if=/dev/zero of=$faults/mnt/file bs=1M count=$(($(free_on $near) - $(size_of $near) / 80)) 2>/dev/null`,
    seen: full,
  },
  {
    kind: 'huge-pages-far',
    title: 'the pool of huge pages is on one node, its user on another',
    finding: 'hugepages-wrong-node',
    also: farPages,
    seed: `keep ${pool('$far')}/nr_hugepages 24
start database "duty 15; huge 40; thread $near_a; thread $near_b" numactl --cpunodebind=$near`,
    seen: '[ $(on $far $pid) -ge 38 ]',
  },
  {
    kind: 'huge-pages-used-up',
    title: 'all huge pages of one node are taken, all of another lie idle',
    finding: 'hugepages-wrong-node',
    also: farPages,
    seed: `keep ${pool('$near')}/nr_hugepages 16
keep ${pool('$far')}/nr_hugepages 32
start database "huge 32; thread $near_a; thread $near_b" numactl --cpunodebind=$near`,
    seen: `is ${pool('$near')}/free_hugepages 0 && is ${pool('$far')}/free_hugepages 32`,
  },
  {
    kind: 'tmpfs-interleaved',
    title: 'a tmpfs interleaves over all nodes what one node reads',
    finding: 'tmpfs-far',
    also: farPages,
    seed: `${ownMount} mpol=interleave,size=256m tmpfs $faults/mnt && ${fillMount}
start reader "on $near_cpus; map $faults/mnt/table; thread $near_a; thread $near_b"`,
    seen: '[ $(on $far $pid faults/mnt) -ge 8 ]',
  },
  {
    kind: 'tmpfs-bound-far',
    title: 'a tmpfs is bound to another node than its reader',
    finding: 'tmpfs-far',
    also: farPages,
    seed: `${ownMount} mpol=bind:$far,size=256m tmpfs $faults/mnt && ${fillMount}
start reader "duty 15; on $near_cpus; map $faults/mnt/table; thread $near_a; thread $near_b"`,
    seen: '[ $(on $far $pid faults/mnt) -ge 78 ]',
  },
  {
    kind: 'shared-memory-far',
    title: 'shared memory was filled by a process on another node',
    finding: 'tmpfs-far',
    also: farPages,
    seed: `taskset -c $far_cpus dd if=/dev/zero of=/dev/shm/table bs=1M count=64 2>/dev/null
start reader "on $near_cpus; map /dev/shm/table; thread $near_a; thread $near_b"`,
    seen: '[ $(on $far $pid dev/shm) -ge 60 ]',
    undo: 'rm -f /dev/shm/table',
  },
  {
    kind: 'program-text-far',
    title: 'the page cache has a program on another node than where it runs',
    finding: 'text-far',
    also: ['tmpfs-far', ...farPages],
    seed: `taskset -c $far_cpus cp $faults/worker $faults/program
start program "on $near_cpus; text; touch 16; thread $near_a; thread $near_b"`,
    seen: '[ $(on $far $pid faults/program) -ge 20 ]',
    undo: 'rm -f $faults/program',
  },
  {
    kind: 'file-cache-far',
    title: 'the page cache has a file on another node than its reader',
    finding: 'text-far',
    also: ['tmpfs-far', ...farPages],
    seed: `taskset -c $far_cpus dd if=/dev/zero of=/var/tmp/table bs=1M count=64 2>/dev/null
start reader "on $near_cpus; map /var/tmp/table; thread $near_a; thread $near_b"`,
    seen: '[ $(on $far $pid var/tmp) -ge 60 ]',
    undo: 'rm -f /var/tmp/table',
  },
];
