/** Huge pages: what blocks want against the pools of their nodes and against their own memory, and what pools leave for others. */

import { formatBytes, formatCount, listed } from '../../../text/format.ts';
import type { Placed } from '../../place.ts';
import { ordinaryBytes, ordinaryOn, pagesOn } from '../../pages.ts';
import type { Found, PlanCheck, Subject } from '../../problem.ts';

interface Wish {
  readonly placed: Placed;
  readonly pages: number;
}

function wishOn(placed: Placed, node: number, sizeBytes: number): Wish[] {
  const pages = placed.block.hugepages?.sizeBytes === sizeBytes ? pagesOn(placed, node) : 0;
  return pages > 0 ? [{ placed, pages }] : [];
}

/** Pages of the pools are nobody's who asks for ordinary memory. */
function ordinary({ plan, placement: { machine, blocks } }: Subject): Found[] {
  return machine.topology.nodes.flatMap((node): Found[] => {
    const left = ordinaryBytes(node);
    const here = blocks
      .map((placed) => ({ placed, bytes: ordinaryOn(placed, node.id) }))
      .filter(({ bytes }) => bytes > 0);
    const kept = plan.reserve.find((one) => one.node === node.id)?.memoryBytes ?? 0;
    const want = here.reduce((sum, { bytes }) => sum + bytes, kept);
    const last = here.at(-1)?.placed;
    if (left === null || !last || want <= left) return [];
    const parts = here.map(({ placed, bytes }) => `${placed.block.name} ${formatBytes(bytes)}`);
    return [
      {
        severity: 'warning',
        blocks: here.map(({ placed }) => placed.block.name),
        nodes: [node.id],
        path: ['blocks', last.index, 'memory'],
        sentence: `Node ${node.id} has ${formatBytes(left)} outside its pools of huge pages, and is to give ${formatBytes(want)} in ordinary pages.`,
        reason: `${listed([...parts, ...(kept > 0 ? [`the host ${formatBytes(kept)}`] : [])])}. Reserved huge pages are free for no other use.`,
        remedy: `Put memory of ${listed(here.map(({ placed }) => placed.block.name))} in huge pages (hugepages), or release some: numa-pinboard hugepages list.`,
      },
    ];
  });
}

export const overcommitsHugePages: PlanCheck = {
  id: 'overcommits-hugepages',
  title: 'More huge pages are planned than there are',
  look(subject) {
    const { machine, blocks } = subject.placement;
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
    return [...own, ...pools, ...ordinary(subject)];
  },
};
