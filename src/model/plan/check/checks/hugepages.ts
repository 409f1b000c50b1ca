/** Huge pages: what blocks want against the pools of their nodes, and against their own memory. */

import { formatBytes, formatCount, listed } from '../../../text/format.ts';
import type { Placed } from '../../place.ts';
import type { Found, PlanCheck } from '../../problem.ts';

interface Wish {
  readonly placed: Placed;
  readonly pages: number;
}

/** Whole pages that a block wants of a node: its share as of its memory. */
function wishOn(placed: Placed, node: number, sizeBytes: number): Wish[] {
  const { hugepages, memoryBytes } = placed.block;
  if (!hugepages || hugepages.sizeBytes !== sizeBytes || hugepages.memoryBytes === 0) return [];
  const share = memoryBytes
    ? (placed.memory.get(node) ?? 0) / memoryBytes
    : placed.nodes.includes(node)
      ? 1 / placed.nodes.length
      : 0;
  const pages = Math.ceil((hugepages.memoryBytes * share) / sizeBytes);
  return pages > 0 ? [{ placed, pages }] : [];
}

export const overcommitsHugePages: PlanCheck = {
  id: 'overcommits-hugepages',
  title: 'More huge pages are planned than there are',
  look({ placement: { machine, blocks } }) {
    const wishing = blocks.filter(({ block }) => block.hugepages !== null);
    const sizes = new Set(wishing.map(({ block }) => block.hugepages?.sizeBytes ?? 0));
    const own = wishing.flatMap(({ block, index }): Found[] => {
      const [pages, memory] = [block.hugepages?.memoryBytes ?? 0, block.memoryBytes];
      if (memory === null || pages <= memory) return [];
      return [
        {
          severity: 'error',
          blocks: [block.name],
          nodes: [],
          path: ['blocks', index, 'hugepages', 'memory'],
          sentence: `${block.name} wants ${formatBytes(pages)} in huge pages, and has ${formatBytes(memory)}.`,
          reason: 'Huge pages are a part of its memory.',
          remedy: `Give it memory: ${formatBytes(pages)}, or fewer huge pages.`,
        },
      ];
    });
    const pools = machine.topology.nodes.flatMap(({ id, memoryBytes, hugepages }) =>
      [...sizes].flatMap((size): Found[] => {
        const wishes = wishing.flatMap((placed) => wishOn(placed, id, size));
        const want = wishes.reduce((all, { pages }) => all + pages, 0);
        if (want === 0) return [];
        const pool = hugepages.find(({ sizeBytes }) => sizeBytes === size);
        const most = memoryBytes === null ? null : Math.floor(memoryBytes / size);
        const word = `${formatBytes(size)} pages`;
        const common = {
          blocks: wishes.map(({ placed }) => placed.block.name),
          nodes: [id],
          path: ['blocks', wishes.at(-1)?.placed.index ?? 0, 'hugepages'],
        };
        const parts = listed(wishes.map(({ placed, pages }) => `${placed.block.name} ${formatCount(pages)}`));
        if (most !== null && want > most) {
          return [
            {
              ...common,
              severity: 'error',
              sentence: `Node ${id} is to give ${formatCount(want)} ${word}; its whole memory holds ${formatCount(most)}.`,
              reason: parts,
              remedy: 'Give them fewer, or move one to another node.',
            },
          ];
        }
        // A machine on paper has no pools to hold it against.
        if (hugepages.length === 0 || want <= (pool?.total ?? 0)) return [];
        return [
          {
            ...common,
            severity: 'error',
            sentence: `Node ${id} is to give ${formatCount(want)} ${word} and has ${formatCount(pool?.total ?? 0)}.`,
            reason: `${parts}. A guest whose pages are not there does not start.`,
            remedy: `Reserve them: numa-pinboard hugepages reserve --node ${id} --pages ${formatBytes(size).replace(' ', '').replace('B', '').toLowerCase()} --count ${want}`,
          },
        ];
      }),
    );
    return [...own, ...pools];
  },
};
