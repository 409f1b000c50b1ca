/** What is said of one load on so many nodes: whether the one order, or the one first touch, pays against the others, or costs. */

import type { PoolCase, StealOrder, Touch } from '../../cases/pool.ts';
import { formatBound, formatChange, formatInterval, listed } from '../../text/format.ts';
import type { Aspect, PoolEvidence, PoolFound } from './evidence.ts';
import { LOAD_WORDS, touchWords } from './labels.ts';

export interface Told {
  readonly load: string;
  readonly nodes: number;
  readonly evidence: readonly PoolEvidence[];
}

const MEMORY: Readonly<Record<Touch, (node: number | undefined) => string>> = {
  worker: () => 'memory that each worker touches first',
  main: () => 'memory that one thread touches first',
  interleave: () => 'interleaved memory',
  bind: (node) => `memory bound to node ${String(node)}`,
  replicate: () => 'memory with a copy on each node',
};

export const orderName = (order: StealOrder): string =>
  order === 'hierarchical' ? 'the nearest first' : `${order} order`;

/** What is held against the others: a run may have been asked for neither the nearest first nor the first touch by worker. */
export function baseWords(aspect: Aspect, { order, touch, node }: PoolCase): string {
  if (aspect === 'touch') return MEMORY[touch](node);
  return `stealing ${order === 'hierarchical' ? 'from' : 'in'} ${orderName(order)}`;
}

const otherWords = ({ aspect, against: { one } }: PoolEvidence): string =>
  aspect === 'order' ? `${one.order} order` : touchWords(one.touch, one.node);

/** "+12 % over flat order (+6 to +18 %)"; of noisy figures the interval alone. */
function amount(one: PoolEvidence): string {
  const { comparison, noisy } = one;
  if (!comparison) return '';
  const over = `${comparison.change > 0 ? 'over' : 'against'} ${otherWords(one)}`;
  const [low, high] = comparison.interval;
  return noisy
    ? `between ${formatBound(low)} and ${formatBound(high)} ${over}`
    : `${formatChange(comparison.change)} ${over} (${formatInterval(comparison.interval)})`;
}

export const inStanding = (told: Told, standing: PoolEvidence['standing']): PoolEvidence[] =>
  told.evidence.filter((one) => one.standing === standing);

/** It pays where something was shown to be better and nothing to be worse; what of it was not shown is said. */
export function paying(told: Told): string | null {
  const better = inStanding(told, 'better');
  if (better.length === 0 || inStanding(told, 'worse').length > 0) return null;
  const open = told.evidence.filter(({ standing }) => standing === 'open' || standing === 'negligible');
  const but = open.length === 0 ? '' : ` (no difference to ${listed(open.map(otherWords))} could be shown)`;
  return `${told.load}, ${listed(better.map(amount))}${but}`;
}

export const costing = (told: Told): string | null => {
  const worse = inStanding(told, 'worse');
  const better = inStanding(told, 'better');
  const but = better.length === 0 ? '' : `, but ${listed(better.map(amount))}`;
  return worse.length === 0 ? null : `${told.load}, ${listed(worse.map(amount))}${but}`;
};

export function toldOf({ all }: PoolFound, aspect: Aspect): Told[] {
  const groups = new Map<string, PoolEvidence[]>();
  for (const one of all) {
    if (one.aspect !== aspect) continue;
    const key = `${String(one.of.nodes)} ${one.of.one.load}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((evidence) => {
    const [first] = evidence;
    return first ? [{ load: LOAD_WORDS[first.of.one.load], nodes: first.of.nodes, evidence }] : [];
  });
}
