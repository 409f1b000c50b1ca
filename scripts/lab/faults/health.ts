// What runs on hosts without any fault: the doctor has nothing to find there, though it may note something.
import type { Condition } from './fault.ts';

const pinned = 'numactl --cpunodebind=$near --membind=$near';

export const health: readonly Condition[] = [
  { kind: 'idle', title: 'nothing but the system', seen: '[ -e $nodes/node0 ]' },
  {
    kind: 'local-on-every-node',
    title: 'on each of two nodes a program with its memory there, pinned',
    seed: `start one "touch 80; thread $near_a; thread $near_b" ${pinned}
start two "touch 80; thread $far_a; thread $far_b" numactl --cpunodebind=$far --membind=$far`,
    seen: '[ $(on $far $pid) -ge 78 ]',
  },
  {
    kind: 'local-by-first-touch',
    title: 'a program whose threads stay on the node where they first touched its memory',
    seed: 'start store "on $near_cpus; touch 80; thread $near_a; thread $near_b"',
    seen: '[ $(on $near $pid) -ge 78 ]',
  },
  {
    kind: 'partitioned',
    title: 'one program with a pinned thread and its memory on each of two nodes',
    seed: 'start engine "on $near_cpus; touch 72; on $far_cpus; touch 72; thread $near_a; thread $far_a"',
    seen: '[ $(on $near $pid) -ge 70 ] && [ $(on $far $pid) -ge 70 ]',
  },
  {
    kind: 'interleaved-by-intent',
    title: 'memory interleaved over the nodes for a pinned thread on each of them',
    seed: `threads=
for one in $(ls -d $nodes/node[0-9]*); do threads="$threads; thread $(cpu \${one#$nodes/node} 0)"; done
start grid "duty 12; touch 160$threads" numactl --interleave=all`,
    seen: '[ $(on $near $pid) -ge 15 ] && [ $(on $far $pid) -ge 15 ]',
  },
  {
    kind: 'larger-than-a-node',
    title: 'a program with more busy threads than a node has CPUs, on two nodes',
    needs: ['four-cpus-a-node'],
    seed: `threads=
for one in $(ids "$near_cpus,$far_cpus"); do threads="$threads; free $one $near_cpus,$far_cpus"; done
start solver "duty 16; on $near_cpus; touch 40; on $far_cpus; touch 40; on $near_cpus,$far_cpus$threads"`,
    seen: '[ $(on $near $pid) -ge 38 ]',
  },
  {
    kind: 'vm-on-one-node',
    title: 'a virtual machine with vCPUs, memory and emulator on one node, each on CPUs of its own',
    needs: ['four-cpus-a-node'],
    seed: `rest=$(cpu $near 2),$(cpu $near 3)
arguments="-name guest=web,debug-threads=on -m 80"
start qemu-system-x86_64 "on $rest; touch 80; thread $near_a CPU 0/KVM; thread $near_b CPU 1/KVM; duty 10; thread $rest IO iothread1" numactl --membind=$near`,
    seen: '[ $(on $near $pid) -ge 78 ]',
  },
  {
    kind: 'service-on-one-node',
    title: 'a service whose cpuset is one node, CPUs and memory',
    seed: `group web.service $near_cpus $near
start_in web.service server "touch 80; thread $near_a; thread $near_b"`,
    seen: '[ $(on $near $pid) -ge 78 ]',
  },
  {
    kind: 'tmpfs-local',
    title: 'a plain tmpfs, read on the node where it was written',
    seed: `mkdir -p $faults/mnt && mount -t tmpfs -o size=256m tmpfs $faults/mnt
taskset -c $near_cpus dd if=/dev/zero of=$faults/mnt/table bs=1M count=80 2>/dev/null
start reader "on $near_cpus; map $faults/mnt/table; thread $near_a; thread $near_b"`,
    seen: '[ $(on $near $pid faults/mnt) -ge 78 ]',
  },
  {
    kind: 'huge-pages-even',
    title: 'huge pages on every node, used on one of them',
    seed: `for one in $nodes/node[0-9]*; do keep $one/hugepages/hugepages-2048kB/nr_hugepages 16; done
start database "huge 24; thread $near_a; thread $near_b" numactl --cpunodebind=$near --membind=$near`,
    seen: '[ $(on $near $pid) -ge 22 ]',
  },
  {
    kind: 'devices-near',
    title: 'interrupts on the node of their device, and a drive read there',
    needs: ['devices'],
    seed: `for irq in $(irqs); do keep /proc/irq/$irq/smp_affinity_list $(cpus $nic_node); done
there=$(cpus $drive_node)
start database "on $there; touch 16; duty 40; read $there /dev/nvme0n1; read $there /dev/nvme0n1"
traffic 100`,
    seen: 'is /proc/irq/$(irqs | head -n 1)/smp_affinity_list $(cpus $nic_node)',
  },
  {
    kind: 'short-lived',
    title: 'programs that come and go on all CPUs',
    seed: `sh -c 'while :; do for one in 1 2 3 4; do /bin/true; done; usleep 50000; done' >/dev/null 2>&1 </dev/null &
echo $! >>$faults/pids`,
    seen: '[ -e /proc/$(tail -n 1 $faults/pids) ]',
  },
  {
    kind: 'file-cache',
    title: 'files read once that lie on one node, used by nobody now',
    seed: 'taskset -c $far_cpus dd if=/dev/zero of=/var/tmp/log bs=1M count=64 2>/dev/null',
    seen: '[ -e /var/tmp/log ]',
    undo: 'rm -f /var/tmp/log',
  },
];

/** Shapes that are what they ought to be, each booted once and left idle. */
export const healthyShapes = ['min', 'hmat', 'cxl', 'epyc'] as const;
