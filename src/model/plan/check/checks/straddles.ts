/** Blocks whose CPUs are of several nodes. */

import { formatCpuList } from '../../../text/cpulist.ts';
import { nodeWords } from '../../../text/format.ts';
import type { Found, PlanCheck } from '../../problem.ts';

export const straddlesNodes: PlanCheck = {
  id: 'straddles-nodes',
  title: 'A block runs on several NUMA nodes',
  look({ placement }) {
    return placement.blocks.flatMap(({ block, index, cpus, nodes }): Found[] => {
      if (cpus.length === 0 || nodes.length < 2) return [];
      const told = block.kind === 'vm' && (block.guest?.nodes ?? 1) === nodes.length;
      const meant = block.nodes !== null && block.nodes.length > 1;
      const guest = block.kind === 'vm';
      return [
        {
          severity: told || (meant && !guest) ? 'note' : meant ? 'warning' : 'error',
          blocks: [block.name],
          nodes,
          path: ['blocks', index, block.cpus === null ? 'nodes' : 'cpus'],
          sentence: `${block.name} straddles ${nodeWords(nodes)}.`,
          reason: told
            ? 'Its guest is told of as many nodes, so that its kernel can keep threads beside their memory.'
            : guest
              ? 'Its guest is told of one node: its kernel takes all memory for near, and part of every access crosses.'
              : 'Threads on one node read memory of the other unless the program itself keeps them apart.',
          remedy: told
            ? 'Nothing, if its programs know of nodes.'
            : guest
              ? `Keep it on one node, or tell the guest: guest: { …, nodes: ${nodes.length} }.`
              : meant
                ? 'Nothing, if its threads keep to their own memory; else keep it on one node, or make it two blocks.'
                : `Keep it on one node, make it two blocks, or say that it is meant: nodes: "${formatCpuList(nodes)}".`,
        },
      ];
    });
  },
};
