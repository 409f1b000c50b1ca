// Faults of devices and of who uses them.
import type { Fault } from './fault.ts';

const elsewhere = '$(away $nic_node)';

export const deviceFaults: readonly Fault[] = [
  {
    kind: 'interrupts-moved-away',
    title: 'the interrupts of a network interface go to one CPU of another node',
    finding: 'irqs-far',
    needs: ['devices'],
    seed: `for irq in $(irqs); do keep /proc/irq/$irq/smp_affinity_list $(cpu ${elsewhere} 1); done
traffic 100`,
    seen: `for irq in $(irqs); do is /proc/irq/$irq/effective_affinity_list $(cpu ${elsewhere} 1); done`,
  },
  {
    kind: 'interrupts-on-far-node',
    title: 'the interrupts of a network interface may go to all CPUs of another node, and to none of its own',
    finding: 'irqs-far',
    needs: ['devices'],
    seed: `for irq in $(irqs); do keep /proc/irq/$irq/smp_affinity_list $(cpus ${elsewhere}); done`,
    seen: `for irq in $(irqs); do is /proc/irq/$irq/smp_affinity_list $(cpus ${elsewhere}); done`,
  },
  {
    kind: 'received-packets-far',
    title: 'received packets are handed to CPUs of another node (RPS)',
    finding: 'nic-queues-far',
    needs: ['devices'],
    seed: `keep /sys/class/net/$nic/queues/rx-0/rps_cpus $(cat $nodes/node${elsewhere}/cpumap)`,
    seen: '[ $(tr -d "0,\\n" </sys/class/net/$nic/queues/rx-0/rps_cpus | wc -c) -ge 1 ]',
  },
  {
    kind: 'drive-far',
    title: 'a process reads an NVMe drive of another node',
    finding: 'nvme-far',
    also: ['irqs-far', 'numa-balancing'],
    needs: ['devices'],
    seed: `there=$(cpus $(away $drive_node))
start database "on $there; touch 16; duty 50; read $there /dev/nvme0n1; read $there /dev/nvme0n1"`,
    seen: `count() { awk '$3 == "nvme0n1" { print $6 }' /proc/diskstats; }
before=$(count); sleep 1; [ $(($(count) - before)) -ge 25000 ]`,
  },
  {
    kind: 'gpu-far',
    title: 'a process uses a GPU of another node',
    finding: 'gpu-far',
    also: ['numa-balancing'],
    needs: ['devices'],
    played: true,
    // The display adapter is a real PCI device of its node; what its driver would add is played.
    seed: `mkdir -p $faults/class /dev/dri && cp -a /sys/class/. $faults/class && mkdir -p $faults/class/drm
link=$(readlink $(display))
ln -s ../../devices/\${link#*/devices/}/drm/card0 $faults/class/drm/card0
mount --bind $faults/class /sys/class
echo /sys/class >>$faults/mounts
: >/dev/dri/card0
get $(display)/numa_node
there=$(cpus $(away $value))
start trainer "on $there; touch 16; open /dev/dri/card0; thread $there; thread $there"`,
    seen: '[ -L /sys/class/drm/card0 ] && [ -e /dev/dri/card0 ]',
    undo: 'rm -rf /dev/dri $faults/class',
  },
];
