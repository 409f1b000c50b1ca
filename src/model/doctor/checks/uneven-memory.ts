/** Nodes with CPUs that have different amounts of memory: fewer channels, or one that fills up first. */

import { formatBytes, formatPercent, nodeWords } from '../../text/format.ts';
import { homesOf, idsOf } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import { capital } from '../../text/format.ts';

export const unevenMemory: Check = {
  id: 'uneven-memory',
  topic: 'memory',
  title: 'memory of each node',
  check({ topology }, limits) {
    const nodes = homesOf(topology).filter(({ memoryBytes }) => memoryBytes !== 0);
    const sizes = nodes.map(({ memoryBytes }) => memoryBytes);
    if (sizes.some((size) => size === null))
      return { unavailable: 'the host does not say how much memory each node has' };
    const known = sizes.filter((size) => size !== null);
    const [least, most] = [Math.min(...known), Math.max(...known)];
    if (nodes.length < 2 || most - least < limits['uneven-bytes'] || 1 - least / most < limits['uneven-share'])
      return [];
    // Halfway between tells the two groups apart, whatever firmware kept of each node.
    const small = nodes.filter(({ memoryBytes }) => (memoryBytes ?? 0) < (least + most) / 2);
    const shares = [...new Set(small.map(({ memoryBytes }) => formatPercent(1 - (memoryBytes ?? 0) / most)))];
    const virtual = topology.machine.hypervisor !== null;
    return [
      {
        severity: 'medium',
        confidence: virtual ? 0.7 : 0.9,
        sentence: `${capital(nodeWords(idsOf(small)))} ${small.length === 1 ? 'has' : 'have'} ${shares.length > 1 ? 'up to ' : ''}${formatPercent(1 - least / most)} less memory than the largest node.`,
        evidence: nodes.map(
          ({ id, memoryBytes }) =>
            `node ${id}: ${formatBytes(memoryBytes ?? 0)} (MemTotal of /sys/devices/system/node/node${id}/meminfo)`,
        ),
        cause: virtual
          ? 'The virtual machine was given different amounts of memory on its nodes.'
          : 'DIMMs differ in number or size between sockets, one is missing, or one has failed and was switched off.',
        advice: virtual
          ? 'Give each node of the virtual machine the same amount of memory.'
          : 'Populate the channels of each socket alike: a node with fewer DIMMs is also slower, and fills up first.',
        remedy: virtual
          ? []
          : ['sudo dmidecode -t memory | grep -E "Locator|Size"', 'sudo journalctl -k --grep "EDAC|DIMM"'],
        where: { nodes: idsOf(small) },
      },
    ];
  },
};
