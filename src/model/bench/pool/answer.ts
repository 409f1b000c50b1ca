/** Whether it pays to steal from the nearest first, and to touch memory where it is used: as far as the intervals carry it, and no further. */

import type { Topology } from '../../topology/topology.ts';
import { capital, formatBound, formatChange, formatInterval, listed, plural } from '../../text/format.ts';
import type { Result } from '../../run/run.ts';
import { LOAD_WORDS, touchWords } from './labels.ts';
import { poolEvidence } from './evidence.ts';
import type { Aspect, PoolEvidence, PoolFound, PoolResult } from './evidence.ts';

/** What is said of one load on so many nodes. */
interface Told {
  readonly load: string;
  readonly nodes: number;
  readonly evidence: readonly PoolEvidence[];
}

const HEADS: Readonly<Record<Aspect, { readonly pays: string; readonly costs: string; readonly what: string }>> = {
  order: {
    pays: 'Stealing from the nearest first pays for',
    costs: 'stealing from the nearest first costs with',
    what: 'between steal orders',
  },
  touch: {
    pays: 'Memory that each worker touches first pays for',
    costs: 'memory that each worker touches first costs with',
    what: 'between first touches',
  },
};

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

const inStanding = (told: Told, standing: PoolEvidence['standing']): PoolEvidence[] =>
  told.evidence.filter((one) => one.standing === standing);

/** It pays where something was shown to be better and nothing to be worse; what of it was not shown is said. */
function paying(told: Told): string | null {
  const better = inStanding(told, 'better');
  if (better.length === 0 || inStanding(told, 'worse').length > 0) return null;
  const open = told.evidence.filter(({ standing }) => standing === 'open' || standing === 'negligible');
  const but = open.length === 0 ? '' : ` (no difference to ${listed(open.map(otherWords))} could be shown)`;
  return `${told.load}, ${listed(better.map(amount))}${but}`;
}

const costing = (told: Told): string | null => {
  const worse = inStanding(told, 'worse');
  const better = inStanding(told, 'better');
  const but = better.length === 0 ? '' : `, but ${listed(better.map(amount))}`;
  return worse.length === 0 ? null : `${told.load}, ${listed(worse.map(amount))}${but}`;
};

const shown = (some: readonly (string | null)[]): string[] => some.filter((one) => one !== null);

/** Loads of which nothing was shown: those that stay within 2 % either way are told apart from those left open. */
function same(told: readonly Told[], what: string): string[] {
  const quiet = told.filter((one) => ['better', 'worse'].every((of) => inStanding(one, of as 'better').length === 0));
  const small = quiet.filter(({ evidence }) => evidence.every(({ standing }) => standing === 'negligible'));
  const open = quiet.filter((one) => !small.includes(one) && inStanding(one, 'open').length > 0);
  const words = (some: readonly Told[]): string => listed(some.map(({ load }) => load));
  return [
    ...(open.length === 0 ? [] : [`no difference ${what} could be shown for ${words(open)}`]),
    ...(small.length === 0 ? [] : [`${what} less than 2 % either way for ${words(small)}`]),
  ];
}

function aspectSentence(aspect: Aspect, told: readonly Told[]): string | null {
  const { pays, costs, what } = HEADS[aspect];
  const [won, lost] = [shown(told.map(paying)), shown(told.map(costing))];
  const parts = [
    ...(won.length === 0 ? [] : [`${pays} ${won.join('; for ')}`]),
    ...(lost.length === 0 ? [] : [`${costs} ${lost.join('; with ')}`]),
    ...same(told, what),
  ];
  return parts.length === 0 ? null : `${capital(parts.join('; '))}.`;
}

function toldOf({ all }: PoolFound, aspect: Aspect): Told[] {
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

/** "It pays from 2 nodes on for fork and join"; null where only one number of nodes was measured. */
function fromSentence(told: readonly Told[]): string | null {
  const counts = [...new Set(told.map(({ nodes }) => nodes))].sort((a, b) => a - b);
  if (counts.length < 2) return null;
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
  return `The nearest first pays ${parts.join(', ')} (${measured} measured).`;
}

/** Why a load has no answer, of the first of several reasons. */
const whyNot = ({ result }: PoolResult): string =>
  (result.why ?? 'the placement slipped').replace(/\.$/, '').split('; ')[0] ?? '';

function untold({ all, needed, rounds }: PoolFound): string[] {
  const slipped = new Map<string, string>();
  for (const { of, against } of all) {
    const bad = [of, against].find(({ result }) => !result.valid);
    if (bad) slipped.set(LOAD_WORDS[bad.one.load], slipped.get(LOAD_WORDS[bad.one.load]) ?? whyNot(bad));
  }
  const [why] = slipped.values();
  const few = all.some(({ standing }) => standing === 'too-few');
  return [
    ...(why === undefined ? [] : [`Part of the answer is missing for ${listed([...slipped.keys()])}: ${why}.`]),
    ...(few
      ? [
          `Too few rounds: ${plural(all.length, 'comparison')} at once need ${String(needed)}, and there were ${String(rounds)}.`,
        ]
      : []),
  ];
}

/** Null where nothing is held against anything. */
export function poolSentence(topology: Topology, results: readonly Result[]): string | null {
  const found = poolEvidence(topology, results);
  if (found.all.length === 0) return null;
  const [orders, touches] = [toldOf(found, 'order'), toldOf(found, 'touch')];
  const most = Math.max(...found.all.map(({ of }) => of.nodes));
  const one = most === 1 ? ['All workers are on one node: who is near is a matter of caches alone.'] : [];
  const sentences = [
    aspectSentence(
      'order',
      orders.filter(({ nodes }) => nodes === most),
    ),
    fromSentence(orders),
    aspectSentence(
      'touch',
      touches.filter(({ nodes }) => nodes === most),
    ),
  ];
  return [...sentences.filter((words) => words !== null), ...untold(found), ...one].join(' ');
}
