/** A node with CPUs and no memory: everything its threads touch lies far. */

import { capital, formatBytes, nodeWords } from '../../text/format.ts';
import { homesOf, idsOf } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import { parseCpuList } from '../../text/cpulist.ts';

export const nodeWithoutMemory: Check = {
  id: 'node-without-memory',
  topic: 'memory',
  title: 'memory of each node',
  check({ topology }) {
    const homes = homesOf(topology);
    if (homes.some(({ memoryBytes }) => memoryBytes === null))
      return { unavailable: 'the host does not say how much memory each node has' };
    const bare = homes.filter(({ memoryBytes }) => memoryBytes === 0);
    if (bare.length === 0) return [];
    const others = homes
      .filter(({ memoryBytes }) => memoryBytes !== 0)
      .map((node) => node.cpus)
      .join(',');
    const cpus = bare.flatMap((node) => parseCpuList(node.cpus));
    const virtual = topology.machine.hypervisor !== null;
    return [
      {
        severity: 'high',
        confidence: 0.95,
        sentence: `${capital(nodeWords(idsOf(bare)))} ${bare.length === 1 ? 'has' : 'have'} CPUs and no memory: whatever their threads touch lies on another node.`,
        evidence: topology.nodes.map(
          ({ id, cpus, memoryBytes }) =>
            `node ${id}: ${cpus === '' ? 'no CPUs' : `CPUs ${cpus}`}, ${formatBytes(memoryBytes ?? 0)} of memory (/sys/devices/system/node/node${id})`,
        ),
        cause: virtual
          ? 'The virtual machine was given vCPUs on a node without memory for it.'
          : 'No DIMM of that socket (or of that part of it) is populated, or firmware has switched its memory off.',
        advice: virtual
          ? 'Give the virtual machine memory on each of its nodes (libvirt: memory of each <cell>).'
          : `Populate the memory channels of every socket alike.${others === '' ? '' : ' Until then keep work off these CPUs.'}`,
        remedy: virtual
          ? []
          : [
              '# which slots are empty:',
              'sudo dmidecode -t memory | grep -E "Locator|Size"',
              ...(others === ''
                ? []
                : ['# until there is memory, run work on the others:', `numactl --physcpubind=${others} COMMAND`]),
            ],
        where: { nodes: idsOf(bare), cpus },
      },
    ];
  },
};
