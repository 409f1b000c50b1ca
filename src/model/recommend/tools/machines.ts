/** Placements as virtual machines have them: libvirt's tuning of CPUs and memory. */

import { formatCpuList } from '../../text/cpulist.ts';
import type { Topology } from '../../topology/topology.ts';
import { cpuListOf, cpusOf, memoryChoice, memoryNote, reserved } from './placed.ts';
import type { Recommendation } from './placed.ts';
import type { ToPaste } from '../../placement/to-paste.ts';

/** A vCPU for each placed CPU, in their order; the emulator's own threads stay off them. */
export function libvirt(topology: Topology, placed: ToPaste): Recommendation {
  const cpus = cpusOf(placed);
  const node = memoryChoice(topology, placed);
  const system = reserved(topology, placed);
  const text = [
    '<!-- virsh edit YOUR_DOMAIN: these replace elements of the same names inside <domain> -->',
    `<vcpu placement='static' cpuset='${cpuListOf(placed)}'>${cpus.length}</vcpu>`,
    '<cputune>',
    ...cpus.map((cpu, at) => `  <vcpupin vcpu='${at}' cpuset='${cpu}'/>`),
    ...(system === null ? [] : [`  <emulatorpin cpuset='${formatCpuList(system)}'/>`]),
    '</cputune>',
    ...(node === null ? [] : ['<numatune>', `  <memory mode='strict' nodeset='${node}'/>`, '</numatune>']),
  ];
  const words = [
    'Your program then runs inside the guest: pin its threads there to vCPUs 0 and up, in the order above.',
    ...(system === null
      ? ['No CPU is left for the emulator’s threads: they share those of the guest.']
      : [`The emulator’s own threads stay on CPUs ${formatCpuList(system)}, away from the guest’s.`]),
    ...(node === null ? [] : [`With mode='strict' the guest does not start, or is killed, when node ${node} is full.`]),
    ...memoryNote(topology, placed),
    'It takes effect the next time the guest starts.',
  ];
  return {
    ...{ tool: 'libvirt', title: 'libvirt: CPUs and memory of a virtual machine', text: text.join('\n') },
    note: words.join(' '),
  };
}
