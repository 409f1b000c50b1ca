/** What pool cases are called: all of one, or of several what they differ in. */

import { storesNothing } from '../../cases/pool.ts';
import type { PoolCase, PoolLoad, Touch } from '../../cases/pool.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { capital, formatBytes, formatCpus } from '../../text/format.ts';

export const LOAD_WORDS: Readonly<Record<PoolLoad, string>> = {
  traversal: 'walks over a graph',
  distance: 'batches of distances',
  sparse: 'sparse matrix',
  tree: 'fork and join',
  tiny: 'tiny jobs',
  dispatch: 'walk, distances, result',
};

export function touchWords(touch: Touch, node?: number): string {
  switch (touch) {
    case 'worker':
      return 'first touch by worker';
    case 'main':
      return 'first touch by one thread';
    case 'interleave':
      return 'interleaved';
    case 'bind':
      return `bound to node ${String(node)}`;
    case 'replicate':
      return 'a copy on each node';
  }
}

/** Everything in which two cases can differ, in the order of a label. */
const PARTS: readonly ((one: PoolCase) => string)[] = [
  ({ load }) => LOAD_WORDS[load],
  ({ order }) => `${order} order`,
  ({ touch, node }) => touchWords(touch, node),
  ({ cpus }) => formatCpus(formatCpuList(cpus), 'cpu '),
  ({ pages }) => `${pages} pages`,
  ({ load, sizeBytes }) => (storesNothing(load) ? '' : formatBytes(sizeBytes)),
];

const joined = (words: readonly string[]): string => words.filter((word) => word !== '').join(', ');

export const poolLabel = (one: PoolCase): string => joined(PARTS.map((part) => part(one)));

/** Load, order and touch, and what else differs. */
export function poolLabels(cases: readonly PoolCase[]): string[] {
  const differing = PARTS.filter((part) => new Set(cases.map(part)).size > 1);
  const parts = differing.length === 0 ? PARTS.slice(0, 3) : differing;
  return cases.map((one) => capital(joined(parts.map((part) => part(one)))));
}

export function poolQuestion(cases: readonly PoolCase[]): string {
  const several = (part: (one: PoolCase) => unknown): boolean => new Set(cases.map(part)).size > 1;
  const [orders, touches] = [several(({ order }) => order), several(({ touch }) => touch)];
  if (orders && touches) return 'Does it pay to steal from the nearest first, and to touch memory where it is used?';
  if (orders) return 'Does it pay to steal from the nearest first?';
  if (touches) return 'Whose first touch should memory be?';
  return 'What do these pools get done?';
}
