// Faults of the kernel's settings and of the CPUs it runs.
import type { Fault } from './fault.ts';
import { farPages, unbalanced } from './memory.ts';

const thp = '/sys/kernel/mm/transparent_hugepage';
const cpuFolder = '/sys/devices/system/cpu';
const cpufreq = `${cpuFolder}/cpufreq`;

export const kernelFaults: readonly Fault[] = [
  {
    kind: 'cpu-offline',
    title: 'one CPU is offline',
    finding: 'offline-cpus',
    seed: `keep ${cpuFolder}/cpu$far_b/online 0`,
    seen: `[ -n "$(cat ${cpuFolder}/offline)" ]`,
  },
  {
    kind: 'siblings-offline',
    title: 'the second thread of every core is offline',
    finding: 'offline-cpus',
    note: true,
    needs: ['threads'],
    seed: `keep ${cpuFolder}/smt/control off`,
    seen: `is ${cpuFolder}/smt/active 0`,
  },
  {
    kind: 'node-offline',
    title: 'all CPUs of a node are offline',
    finding: ['offline-cpus', 'node-without-cpus'],
    also: ['offline-cpus', 'node-without-cpus'],
    // CPU 0 stays: a host goes on by it.
    seed: `gone=$([ $far = 0 ] && echo $near || echo $far)
for cpu in $(ids "$(cpus $gone)"); do keep ${cpuFolder}/cpu$cpu/online 0; done`,
    seen: '[ -z "$(cpus $near)" ] || [ -z "$(cpus $far)" ]',
  },
  {
    kind: 'zone-reclaim-all',
    title: 'zone_reclaim_mode 7: memory is reclaimed, written and unmapped before another node is asked',
    finding: 'zone-reclaim',
    seed: 'keep /proc/sys/vm/zone_reclaim_mode 7',
    seen: 'is /proc/sys/vm/zone_reclaim_mode 7',
  },
  {
    kind: 'zone-reclaim',
    title: 'zone_reclaim_mode 1: memory is reclaimed before another node is asked',
    finding: 'zone-reclaim',
    seed: 'keep /proc/sys/vm/zone_reclaim_mode 1',
    seen: 'is /proc/sys/vm/zone_reclaim_mode 1',
  },
  {
    kind: 'balancing-off',
    title: 'balancing is off, and a program that nothing pins has left its pages behind',
    finding: 'numa-balancing',
    also: ['threads-straddle', ...farPages],
    seed: `${unbalanced}
start server "on $far_cpus; touch 80; on $all_cpus; duty 40; free $near_b $all_cpus"`,
    seen: 'is /proc/sys/kernel/numa_balancing 0 && [ $(on $far $pid) -ge 78 ]',
  },
  {
    kind: 'balancing-of-pinned',
    title: 'balancing looks again and again at pages of a program that is pinned',
    finding: 'numa-balancing',
    seed: `keep /proc/sys/kernel/numa_balancing 1
keep ${thp}/enabled madvise
mkdir -p $faults/mnt && mount -t debugfs debugfs $faults/mnt
keep $faults/mnt/sched/numa_balancing/scan_period_min_ms 100
keep $faults/mnt/sched/numa_balancing/scan_period_max_ms 200
start server "duty 80; touch 100; thread $near_a; thread $near_b" numactl --cpunodebind=$near`,
    seen: `count() { awk '$1 == "numa_hint_faults" { print $2 }' /proc/vmstat; }
sleep 2; before=$(count); sleep 2; [ $(($(count) - before)) -ge 4000 ]`,
  },
  {
    kind: 'thp-never',
    title: 'transparent huge pages are off for a program with much memory',
    finding: 'thp',
    also: ['numa-balancing'],
    needs: ['large-nodes'],
    seed: `keep ${thp}/enabled never
start database "touch 540; thread $near_a; thread $near_b" numactl --cpunodebind=$near`,
    seen: `is ${thp}/enabled never && [ $(on $near $pid) -ge 530 ]`,
  },
  {
    kind: 'thp-defrag-always',
    title: 'a page fault waits for the kernel to make a huge page by moving memory',
    finding: 'thp-defrag',
    seed: `keep ${thp}/enabled always
keep ${thp}/defrag always`,
    seen: `is ${thp}/defrag always`,
  },
  {
    kind: 'isolated-partition',
    title: 'CPUs are an isolated partition in which nothing runs',
    finding: 'isolated-cpus',
    note: true,
    seed: `group isolated "$far_a,$far_b" $far
echo isolated >$cgroups/isolated/cpuset.cpus.partition`,
    seen: 'is $cgroups/isolated/cpuset.cpus.partition isolated',
  },
  {
    kind: 'governor-powersave',
    title: 'the frequency governor saves power',
    finding: 'governor',
    played: true,
    seed: `mount -t tmpfs -o size=1m tmpfs ${cpufreq}
echo ${cpufreq} >>$faults/mounts
for cpu in $(ids $all_cpus); do mkdir ${cpufreq}/policy$cpu; echo powersave >${cpufreq}/policy$cpu/scaling_governor; echo acpi-cpufreq >${cpufreq}/policy$cpu/scaling_driver; done`,
    seen: `is ${cpufreq}/policy0/scaling_governor powersave`,
  },
  {
    kind: 'governors-differ',
    title: 'CPUs of one node have another governor than the others',
    finding: 'governor',
    played: true,
    seed: `mount -t tmpfs -o size=1m tmpfs ${cpufreq}
echo ${cpufreq} >>$faults/mounts
for cpu in $(ids $all_cpus); do mkdir ${cpufreq}/policy$cpu; echo performance >${cpufreq}/policy$cpu/scaling_governor; echo acpi-cpufreq >${cpufreq}/policy$cpu/scaling_driver; done
for cpu in $(ids $far_cpus); do echo ondemand >${cpufreq}/policy$cpu/scaling_governor; done`,
    seen: `is ${cpufreq}/policy$far_a/scaling_governor ondemand`,
  },
];
