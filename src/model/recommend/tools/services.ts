/** Placements as units and containers: systemd, Docker. */

import { shellCommand, spaced } from './lines.ts';
import { cpuListOf, isolatedNote, memoryChoice, memoryNote } from './placed.ts';
import type { Recommendation } from './placed.ts';
import type { ToPaste } from '../../placement/to-paste.ts';
import type { Topology } from '../../topology/topology.ts';

export function systemd(topology: Topology, placed: ToPaste): Recommendation {
  const node = memoryChoice(topology, placed);
  const memory = node === null ? [] : ['NUMAPolicy=bind', `NUMAMask=${node}`];
  return {
    tool: 'systemd',
    title: 'systemd: a drop-in for your service',
    text: ['# systemctl edit YOUR.service', '[Service]', `CPUAffinity=${spaced(cpuListOf(placed))}`, ...memory].join(
      '\n',
    ),
    note: [
      'Applies to all threads of the service from its next start; your program may still pin them one by one.',
      ...(node === null
        ? []
        : ['NUMAPolicy= needs systemd 243; NUMAPolicy=preferred takes other nodes when this one is full.']),
      ...memoryNote(topology, placed),
      ...isolatedNote(topology, placed),
    ].join(' '),
  };
}

export function docker(topology: Topology, placed: ToPaste): Recommendation {
  const node = memoryChoice(topology, placed);
  const memory = node === null ? '' : ` --cpuset-mems=${node}`;
  const program = placed.command === null ? '' : ` ${shellCommand(placed)}`;
  return {
    tool: 'docker',
    title: 'Docker: a container’s cpuset',
    text: `docker run --cpuset-cpus=${cpuListOf(placed)}${memory} YOUR_IMAGE${program}`,
    note: [
      'A fence, not a pin: threads move freely inside it, and other processes of the host may use these CPUs, too.',
      ...(node === null
        ? []
        : [
            'With --cpuset-mems the memory comes from this node alone; when it is full, the container runs out of memory.',
          ]),
      ...memoryNote(topology, placed),
      ...isolatedNote(topology, placed),
    ].join(' '),
  };
}
