/** What the memory of a node is used for: page cache, memory of programs, the kernel's own structures. */

import { formatBytes } from '../../text/format.ts';
import type { NodeSample } from '../sample.ts';
import { most, ofNode, PERCENT, rounded } from './measure.ts';
import type { Measure } from './measure.ts';

type Part = 'fileBytes' | 'anonBytes' | 'slabBytes';

/** @param words what the memory does, between the node's name and the figure. */
function held(key: string, part: Part, name: string, meaning: string, words: string): Measure {
  const share = (node: NodeSample): number | null => {
    const [bytes, all] = [node[part] ?? null, (node.usedBytes ?? 0) + (node.freeBytes ?? 0)];
    return bytes === null || all === 0 ? null : (bytes / all) * 100;
  };
  const measure: Measure = {
    key,
    name,
    group: 'Memory',
    unit: '%',
    limits: PERCENT,
    paints: 'node',
    about: 'machine',
    meaning,
    permission: null,
    missing: 'This host does not say what its memory is used for.',
    value: ofNode(share),
    words: (value) => rounded(value, '%'),
    sentence: (_, { nodes }) => {
      const top = most({ nodes }, share);
      const node = nodes.find(({ id }) => id === top?.id);
      if (!top || !node) return measure.missing;
      const where = nodes.length === 1 ? 'this machine\u2019s memory' : `node ${top.id}\u2019s memory`;
      const least = nodes.length === 1 ? '' : '; no node has a larger share';
      return `${rounded(top.value, '%')} of ${where} ${words}, ${formatBytes(node[part] ?? 0)}${least}.`;
    },
  };
  return measure;
}

export const file = held(
  'file',
  'fileBytes',
  'File pages',
  'Share of the node\u2019s memory that holds file contents: page cache, tmpfs and shared memory (meminfo FilePages). Most of it can be given up.',
  'holds file contents',
);
export const anon = held(
  'anon',
  'anonBytes',
  'Program memory',
  'Share of the node\u2019s memory that programs have as heap and stack (meminfo AnonPages), whichever node they run on. Huge pages of pools are not in it.',
  'is heap and stack of programs',
);
export const slab = held(
  'slab',
  'slabBytes',
  'Kernel memory',
  'Share of the node\u2019s memory in the kernel\u2019s own structures (meminfo Slab), part of which can be given up.',
  'is in the kernel\u2019s own structures',
);
