// Faults of where threads, control groups and virtual machines are.
import type { Fault } from './fault.ts';
import { farPages, unbalanced } from './memory.ts';

const across = ['threads-straddle', ...farPages];
const guest = 'arguments="-name guest=web,debug-threads=on -m 64"; start qemu-system-x86_64';
const vcpus = (count: number): string =>
  `[ $(grep -l "^CPU ./KVM" /proc/$pid/task/*/comm | wc -l) = ${String(count)} ]`;

export const processFaults: readonly Fault[] = [
  {
    kind: 'threads-straddle',
    title: 'threads that may go anywhere run on two nodes, and would fit on one',
    finding: 'threads-straddle',
    also: across,
    needs: ['four-cpus-a-node'],
    seed: `${unbalanced}
start server "on $near_cpus; touch 80; free $near_a $all_cpus; free $near_b $all_cpus; free $far_a $all_cpus; free $far_b $all_cpus"`,
    seen: `sleep 1; one() { for task in /proc/$pid/task/*; do cut -d' ' -f39 $task/stat; done | grep -c -w -E "$(ids $1 | tr ' ' '|')-"; }
[ $(one $near_cpus) -ge 1 ] && [ $(one $far_cpus) -ge 1 ]`,
  },
  {
    kind: 'thread-bounces',
    title: 'a thread goes from node to node and back',
    finding: 'migrations',
    also: across,
    seed: `${unbalanced}
start server "on $near_cpus; touch 32; bounce $near_a $far_a"`,
    seen: `count() { awk '/nr_migrations/ { print $3 }' /proc/$pid/task/$(ls /proc/$pid/task | tail -n 1)/sched; }
before=$(count); sleep 1; [ $(count) -gt $((before + 20)) ]`,
  },
  {
    kind: 'group-apart',
    title: 'a control group has the CPUs of one node and the memory of another',
    finding: 'membind-wrong-node',
    also: ['cgroup-across-nodes', 'cpuset-narrow', ...across],
    seed: `group web.service $near_cpus $far
start_in web.service server "touch 80; thread $near_a; thread $near_b"`,
    seen: '[ $(on $far $pid) -ge 78 ] && grep -q "^Cpus_allowed_list:.$near_cpus$" /proc/$pid/status',
  },
  {
    kind: 'service-across-nodes',
    title: 'the processes of a service, and its memory, are on two nodes, and would fit on one',
    finding: 'cgroup-across-nodes',
    also: across,
    needs: ['four-cpus-a-node'],
    seed: `group web.service "$near_cpus,$far_cpus" ""
start_in web.service server "on $near_cpus; touch 72; thread $near_a; thread $near_b"
start_in web.service helper "on $far_cpus; touch 72; thread $far_a; thread $far_b"`,
    seen: '[ $(on $far $pid) -ge 70 ] && [ $(wc -l <$cgroups/web.service/cgroup.procs) = 2 ]',
  },
  {
    kind: 'cpuset-cut',
    title: 'a service may use one CPU for four threads that want to run',
    finding: 'cpuset-narrow',
    also: ['numa-balancing', 'migrations'],
    seed: `group web.service $near_a ""
start_in web.service server "duty 100; touch 16; thread $near_a a; thread $near_a b; thread $near_a c; thread $near_a d"`,
    seen: 'grep -q "^Cpus_allowed_list:.$near_a$" /proc/$pid/status',
  },
  {
    kind: 'affinity-cut',
    title: 'all threads of a program are pinned to one CPU',
    finding: 'cpuset-narrow',
    also: ['numa-balancing'],
    seed: 'start solver "on $far_b; duty 100; touch 16; thread $far_b a; thread $far_b b; thread $far_b c"',
    seen: 'grep -q "^Cpus_allowed_list:.$far_b$" /proc/$pid/status',
  },
  {
    kind: 'session-apart',
    title: 'logins may run on one node and have memory of another',
    finding: 'cpuset-narrow',
    also: ['membind-wrong-node'],
    seed: `group logins $near_cpus $far
for one in $(pidof sshd); do echo $one >$cgroups/logins/cgroup.procs; done`,
    seen: 'grep -q "^0::/logins$" /proc/$(pgrep -o sshd)/cgroup',
  },
  {
    kind: 'session-memory-cut',
    title: 'logins may run everywhere and have memory of one node',
    finding: 'cpuset-narrow',
    seed: `group logins "" $near
for one in $(pidof sshd); do echo $one >$cgroups/logins/cgroup.procs; done`,
    seen: 'grep -q "^Mems_allowed_list:.$near$" /proc/$(pgrep -o sshd)/status',
  },
  {
    kind: 'vm-across-nodes',
    title: 'the vCPUs of a virtual machine are on two nodes, its memory on one',
    finding: 'vm-across-nodes',
    also: ['emulator-on-vcpus', ...across],
    seed: `${unbalanced}
${guest} "on $near_cpus; touch 80; thread $near_a CPU 0/KVM; thread $near_b CPU 1/KVM; thread $far_a CPU 2/KVM; thread $far_b CPU 3/KVM"`,
    seen: `[ $(on $near $pid) -ge 78 ] && ${vcpus(4)}`,
  },
  {
    kind: 'vm-memory-far',
    title: 'the vCPUs of a virtual machine are on one node, its memory on another',
    finding: 'vm-across-nodes',
    also: ['emulator-on-vcpus', ...across],
    seed: `${unbalanced}
${guest} "on $far_cpus; touch 80; thread $near_a CPU 0/KVM; thread $near_b CPU 1/KVM"`,
    seen: `[ $(on $far $pid) -ge 78 ] && ${vcpus(2)}`,
  },
  {
    kind: 'emulator-on-vcpus',
    title: 'the emulator of a virtual machine is on the CPUs that its vCPUs are pinned to',
    finding: 'emulator-on-vcpus',
    also: ['numa-balancing'],
    seed: `${guest} "duty 15; on $near_a,$near_b; touch 64; thread $near_a CPU 0/KVM; thread $near_b CPU 1/KVM; duty 10; thread $near_a,$near_b IO iothread1"`,
    seen: `${vcpus(2)} && [ "$(ids "$(sed -n 's/^Cpus_allowed_list:.//p' /proc/$pid/status)" | wc -w)" = 2 ]`,
  },
];
