/** Blocks that have no place yet. */

import type { Found, PlanCheck } from '../../problem.ts';

export const notPlaced: PlanCheck = {
  id: 'not-placed',
  title: 'A block has no place yet',
  look({ placement: { machine, blocks } }) {
    const several = machine.topology.nodes.filter(({ cpus }) => cpus !== '').length > 1;
    return blocks.flatMap(({ block, index }): Found[] =>
      block.cpus !== null || block.nodes !== null || !several
        ? []
        : [
            {
              severity: 'note',
              blocks: [block.name],
              nodes: [],
              path: ['blocks', index],
              sentence: `${block.name} has no place yet.`,
              reason:
                'It names neither CPUs nor a node: the kernel puts it anywhere, and what depends on its place is not checked.',
              remedy: 'Give it a node, or let one be found: numa-pinboard plan propose.',
            },
          ],
    );
  },
};
