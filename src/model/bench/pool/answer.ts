/** Whether it pays to steal from the nearest first, and to touch memory where it is used: as far as the intervals carry it, and no further. */

import { capital, listed, plural } from '../../text/format.ts';
import type { Result } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { acrossSentences } from './across.ts';
import { poolEvidence } from './evidence.ts';
import type { Aspect, PoolFound, PoolResult } from './evidence.ts';
import { LOAD_WORDS } from './labels.ts';
import { baseWords, costing, inStanding, paying, toldOf } from './told.ts';
import type { Told } from './told.ts';

const BETWEEN: Readonly<Record<Aspect, string>> = { order: 'between steal orders', touch: 'between first touches' };

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
  const base = told[0]?.evidence[0]?.of.one;
  if (!base) return null;
  const [words, what] = [baseWords(aspect, base), BETWEEN[aspect]];
  const [won, lost] = [shown(told.map(paying)), shown(told.map(costing))];
  const parts = [
    ...(won.length === 0 ? [] : [`${words} pays for ${won.join('; for ')}`]),
    ...(lost.length === 0 ? [] : [`${words} costs with ${lost.join('; with ')}`]),
    ...same(told, what),
  ];
  return parts.length === 0 ? null : `${capital(parts.join('; '))}.`;
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
    ...acrossSentences(orders),
    aspectSentence(
      'touch',
      touches.filter(({ nodes }) => nodes === most),
    ),
  ];
  return [...sentences.filter((words) => words !== null), ...untold(found), ...one].join(' ');
}
