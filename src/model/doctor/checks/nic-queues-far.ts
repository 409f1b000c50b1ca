/** Queues of a network interface that are sent from, or handed on to, CPUs of another node only. */

import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import { isUnavailable } from '../../run/run.ts';
import { nodesOfCpus } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import type { Told } from '../base/finding.ts';

/** As the kernel takes a set of CPUs: hexadecimal, 32 bits a group. */
export function cpuMask(cpus: readonly number[]): string {
  const groups: number[] = Array.from({ length: Math.floor(Math.max(0, ...cpus) / 32) + 1 }, () => 0);
  for (const cpu of cpus) groups[cpu >> 5] = ((groups[cpu >> 5] ?? 0) | (1 << (cpu & 31))) >>> 0;
  return groups
    .reverse()
    .map((group, at) => (at === 0 ? group.toString(16) : group.toString(16).padStart(8, '0')))
    .join(',');
}

const NAMES = { xps: 'Sending queues (XPS)', rps: 'Received packets (RPS)' } as const;

export const nicQueuesFar: Check = {
  id: 'nic-queues-far',
  topic: 'devices',
  title: 'queues of network interfaces',
  check({ topology, queues }) {
    if (topology.devices.every(({ kind, node }) => kind !== 'network' || node === null)) return [];
    if (isUnavailable(queues)) return queues;
    return queues.flatMap(({ device, ...own }) => {
      const near = new Set(parseCpuList(topology.nodes.find(({ id }) => id === device.node)?.cpus ?? ''));
      return (['xps', 'rps'] as const).flatMap((kind): Told[] => {
        const set = own[kind];
        const cpus = [...new Set([...set.values()].flat())];
        if (near.size === 0 || cpus.length === 0 || cpus.some((cpu) => near.has(cpu))) return [];
        const file = (queue: string): string => `/sys/class/net/${device.name}/queues/${queue}/${kind}_cpus`;
        const nodes = nodesOfCpus(topology, cpus);
        return [
          {
            severity: 'medium',
            confidence: 0.85,
            sentence: `${NAMES[kind]} of ${device.name} (node ${device.node}) ${kind === 'xps' ? 'belong to' : 'are handed to'} CPUs of ${nodes.length === 1 ? 'node' : 'nodes'} ${nodes.join(', ')} only.`,
            evidence: [...set]
              .slice(0, 16)
              .map(([queue, ids]) => `${queue}: CPUs ${formatCpuList(ids)} (${file(queue)})`),
            cause: 'The masks were set by hand, by a script or by a driver that does not know the node.',
            advice: `Let CPUs of node ${device.node} serve them.`,
            remedy: [...set.keys()].slice(0, 64).map((queue) => `echo ${cpuMask([...near])} | sudo tee ${file(queue)}`),
            undo: [...set].slice(0, 64).map(([queue, ids]) => `echo ${cpuMask(ids)} | sudo tee ${file(queue)}`),
            where: { nodes: [device.node, ...nodes.filter((id) => id !== device.node)], cpus },
          },
        ];
      });
    });
  },
};
