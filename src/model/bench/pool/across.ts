/** From how many nodes on it pays to steal from the nearest first, and what that costs on one. */

import { capital, formatPercent, listed, plural } from '../../text/format.ts';
import { costing, orderName, paying } from './told.ts';
import type { Told } from './told.ts';

const baseOf = (told: readonly Told[]): string =>
  told.flatMap(({ evidence }) => evidence.map(({ of }) => orderName(of.one.order)))[0] ?? '';

/** 1, 2, 4 … up to all. */
export const countsUpTo = (most: number): number[] => {
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
};

/** "The nearest first pays from 2 nodes on for fork and join"; of one number of nodes on which it pays, how to learn that. */
function fromSentence(told: readonly Told[]): string | null {
  const counts = [...new Set(told.map(({ nodes }) => nodes))].sort((a, b) => a - b);
  if (counts.length < 2) {
    const [most = 1] = counts;
    const asks = most > 1 && told.some((one) => paying(one) !== null);
    return asks
      ? `From how many nodes on was not measured; bench pool --across ${countsUpTo(most).join()} does.`
      : null;
  }
  const from = new Map<number, string[]>();
  for (const load of new Set(told.map((one) => one.load))) {
    const pays = counts.map((nodes) => {
      const own = told.find((one) => one.load === load && one.nodes === nodes);
      return own !== undefined && paying(own) !== null;
    });
    const last = pays.lastIndexOf(false);
    const first = counts[last + 1];
    if (first !== undefined) from.set(first, [...(from.get(first) ?? []), load]);
  }
  const measured = `of ${listed(counts.map(String))} nodes`;
  if (from.size === 0) return `On none ${measured} was it shown to pay.`;
  const parts = [...from]
    .sort(([a], [b]) => a - b)
    .map(([nodes, loads]) => `from ${plural(nodes, 'node')} on for ${listed(loads)}`);
  return `${capital(baseOf(told))} pays ${parts.join(', ')} (${measured} measured).`;
}

/** What it costs where all workers are on one node; where no loss was shown, what it may cost at most: no loss is an answer, too. */
function oneNodeSentence(told: readonly Told[]): string | null {
  const own = told.filter(({ nodes }) => nodes === 1);
  const losses = own.flatMap((one) => costing(one) ?? []);
  if (losses.length > 0 && own.length < told.length)
    return `On one node ${baseOf(told)} costs with ${losses.join('; with ')}.`;
  const evidence = own.flatMap((one) => one.evidence);
  const lows = evidence.flatMap(({ comparison }) => (comparison ? [comparison.interval[0]] : []));
  const unanswered = lows.length < evidence.length || evidence.some(({ standing }) => standing === 'invalid');
  if (losses.length > 0 || unanswered || evidence.every(({ standing }) => standing === 'negligible')) return null;
  const least = Math.min(...lows);
  const costs = least >= 0 ? 'nothing' : `${formatPercent(-least)} at most, and no loss was shown`;
  return `On one node ${baseOf(told)} costs ${costs}.`;
}

/** Of steal orders, by number of nodes. */
export const acrossSentences = (told: readonly Told[]): string[] =>
  [fromSentence(told), oneNodeSentence(told)].filter((words) => words !== null);
