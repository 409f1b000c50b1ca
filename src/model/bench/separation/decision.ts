/**
 * Two pools: separate by node, or not? What the layouts were measured to do decides; the signs that are read off the mixed layout say where
 * to look. Nothing is claimed beyond what the intervals carry together.
 */

import type { Benchmark } from '../../cases/case.ts';
import type { Layout, Scenario, SeparationCase } from '../../cases/separation.ts';
import { compareJointly, roundsNeeded } from '../../run/jointly.ts';
import type { Comparison, Result } from '../../run/run.ts';
import { pairedRatio } from '../../run/statistics.ts';
import { capital, formatBound, formatChange, formatInterval, listed, plural } from '../../text/format.ts';
import { isNegligible } from '../negligible.ts';
import { counterRows } from './counter.ts';
import type { CounterRow } from './counter.ts';
import { LAYOUT_WORDS, SCENARIO_WORDS } from './labels.ts';
import { signRow, unknownSign } from './signs.ts';
import type { SignName } from './sign-names.ts';
import type { Advice, DecisionRow, SignFigure } from './signs.ts';
import { crossNodeRows } from './reading-across.ts';
import { figureOf, find, slipWords, takenFrom, TOO_FEW, unjudged } from './taken.ts';
import type { Taken } from './taken.ts';
import { limitsOf } from './thresholds.ts';

export interface Decision {
  readonly rows: readonly DecisionRow[];
  readonly verdict: Advice | 'not-shown';
  /** What is said against separating, each held against the figures; empty where nothing was separated. */
  readonly counter: readonly CounterRow[];
  readonly sentence: string;
  /** Where separating pays: the layout that gained most. */
  readonly layout?: Layout;
}

/** Where each sign is read off: the measure of the mixed layout at 100 % load. */
const MEASURED: readonly (readonly [sign: SignName, title: string, benchmark: Benchmark])[] = [
  ['stealRate', 'Jobs stolen', 'separation-steal-rate'],
  ['slowPollRatio', 'Jobs longer than 1 ms', 'separation-slow-polls'],
  ['crossNodeShare', 'Jobs run on another node', 'separation-cross-node'],
  ['stealEfficiency', 'Searches that ended with a stolen job', 'separation-steal-efficiency'],
  ['correlation', 'Correlation of stolen and slow', 'separation-correlation'],
  ['imbalance', 'Imbalance of nodes', 'separation-imbalance'],
];

function degradationOf(taken: readonly Taken[]): SignFigure {
  const title = 'p99 at 200 % ÷ at 60 %';
  const [light, heavy] = (['60%', '200%'] as const).map((scenario) => find(taken, 'separation-p99', 'mixed', scenario));
  const ratio = light && heavy ? pairedRatio(heavy.result.repetitions, light.result.repetitions) : null;
  if (!ratio) return unknownSign(title, 'the mixed layout was not measured at both loads');
  const interval = ratio.interval && ([1 + ratio.interval[0], 1 + ratio.interval[1]] as const);
  const bad = [light, heavy].find((one) => one?.result.valid === false);
  const why = bad ? unjudged(bad.result) : interval === null ? TOO_FEW : null;
  return { title, value: 1 + ratio.change, interval, why };
}

/** By how much more the pool that steals more does, of loads that are not even. */
function poolStealsOf(taken: readonly Taken[]): SignFigure {
  const found = (['traversal', 'distance'] as const).flatMap((scenario): (SignFigure & { value: number })[] => {
    const result = find(taken, 'separation-pool-steals', 'mixed', scenario)?.result;
    if (result?.median == null) return [];
    const [more, less] = result.median < 1 ? ['distances', 'walks'] : ['walks', 'distances'];
    const folded = (ratio: number): number => (more === 'walks' ? ratio : 1 / ratio);
    const ends = result.interval?.map(folded).sort((a, b) => a - b);
    const [low, high] = ends ?? [];
    return [
      {
        title: `Jobs stolen, ${more} ÷ ${less}, ${SCENARIO_WORDS[scenario]}`,
        value: folded(result.median),
        interval: low === undefined || high === undefined ? null : [low, high],
        why: unjudged(result),
      },
    ];
  });
  const [most] = found.sort((a, b) => Number(a.why !== null) - Number(b.why !== null) || b.value - a.value);
  if (most) return most;
  const measured = (['traversal', 'distance'] as const).some((load) => find(taken, 'separation', 'mixed', load));
  return unknownSign(
    'Jobs stolen, one pool ÷ the other',
    measured ? 'neither pool stole' : 'the mixed layout was not measured mostly walking or taking distances',
  );
}

interface Evidence {
  readonly taken: Taken;
  readonly comparison: Comparison;
  readonly noisy: boolean;
}

const APART: readonly Layout[] = ['separated', 'huge-pages', 'reversed', 'custom'];

/**
 * "requests +12 % separated, at 100 % load (+8 to +15 %)"; of noisy figures the interval alone. Below what can be served requests come by
 * the clock: there latency tells.
 */
function amount({ taken: { one }, comparison: { change, interval }, noisy }: Evidence): string {
  const what = one.scenario === '60%' ? 'p99' : 'requests';
  const where = `${LAYOUT_WORDS[one.layout]}, at ${SCENARIO_WORDS[one.scenario]}`;
  return noisy
    ? `${what} between ${interval.map(formatBound).join(' and ')} ${where}`
    : `${what} ${formatChange(change)} ${where} (${formatInterval(interval)})`;
}

const FEW = 3;
const some = (evidence: readonly Evidence[]): string => {
  const sorted = [...evidence].sort((a, b) => Math.abs(b.comparison.change) - Math.abs(a.comparison.change));
  const more = sorted.length > FEW ? [`${String(sorted.length - FEW)} more alike`] : [];
  return listed([...sorted.slice(0, FEW).map(amount), ...more]);
};

/** What of a load is compared: above what can be served requests, below it latency, for requests come by the clock there. */
const comparedAt = (scenario: Scenario): Benchmark => (scenario === '60%' ? 'separation-p99' : 'separation');

/** What each layout is held against: mixed pools, or on one node both on it. */
const againstOf = (taken: readonly Taken[], benchmark: Benchmark, { layout, scenario }: SeparationCase): Taken | null =>
  find(taken, benchmark, 'mixed', scenario) ??
  (layout === 'custom' ? find(taken, benchmark, 'single', scenario) : null);

/** Of comparisons of which some do not count: what is said of the others is not all that was asked. */
const missing = (slipped: Taken | undefined): string =>
  slipped ? ` Part of the answer is missing: ${slipWords(slipped.result)}.` : '';

function verdictOf(
  taken: readonly Taken[],
  rows: readonly DecisionRow[],
): Pick<Decision, 'verdict' | 'sentence' | 'layout'> {
  const pairs = taken.flatMap((of) => {
    const against = againstOf(taken, of.result.benchmark, of.one);
    const asked = of.result.benchmark === comparedAt(of.one.scenario) && APART.includes(of.one.layout);
    return asked && against ? [{ of, against }] : [];
  });
  if (pairs.length === 0)
    return { verdict: 'not-shown', sentence: 'No answer: nothing separated was measured beside a mixed layout.' };
  const slipped = pairs.flatMap(({ of, against }) => [of, against]).find(({ result }) => !result.valid);
  const valid = pairs.filter(({ of, against }) => of.result.valid && against.result.valid);
  const evidence = valid.flatMap(({ of, against }): Evidence[] => {
    const comparison = compareJointly(of, against, pairs.length);
    return comparison ? [{ taken: of, comparison, noisy: of.result.noisy || against.result.noisy }] : [];
  });
  if (evidence.length === 0) {
    const rounds = Math.max(...pairs.map(({ of }) => of.result.repetitions.length));
    const why = slipped
      ? slipWords(slipped.result)
      : `${plural(pairs.length, 'comparison')} at once need ${plural(roundsNeeded(pairs.length), 'round')}, and there were ${String(rounds)}`;
    return { verdict: 'not-shown', sentence: `No answer: ${why}.` };
  }
  const better = ({ taken: { one }, comparison: { change } }: Evidence): boolean =>
    comparedAt(one.scenario) === 'separation' ? change > 0 : change < 0;
  const all = evidence.filter(({ comparison }) => comparison.shown);
  // Nobody moves pools for what stays within 2 % either way.
  const shown = all.filter(({ comparison: { interval } }) => !isNegligible(interval));
  const part = missing(slipped);
  const gains = shown.filter(better);
  const losses = shown.filter((one) => !better(one));
  const held = pairs.some(({ against }) => against.one.layout === 'mixed') ? 'mixed pools' : 'both pools on one node';
  const subject = shown.every(({ taken: { one } }) => one.layout === 'custom') ? 'The custom layout' : 'Separating';
  if (gains.length > 0 && losses.length > 0)
    return {
      verdict: 'investigate',
      sentence: `It depends on the load and the layout: against ${held}, ${some(gains)}, but ${some(losses)}.${part}`,
    };
  const [best] = [...gains].sort((a, b) => Math.abs(b.comparison.change) - Math.abs(a.comparison.change));
  if (best)
    return {
      verdict: 'separate',
      layout: best.taken.one.layout,
      sentence: `${subject} pays: against ${held}, ${some(gains)}.${part}`,
    };
  if (losses.length > 0)
    return { verdict: 'skip', sentence: `${subject} costs: against ${held}, ${some(losses)}.${part}` };
  const signs = rows.filter(({ says }) => says === 'separate').map(({ title }) => title.toLowerCase());
  const none = `No difference${all.length > 0 ? ' of 2 % or more' : ''} could be shown between ${held === 'mixed pools' ? 'mixed and separated pools' : `${held} and the custom layout`}`;
  return signs.length === 0
    ? { verdict: 'not-shown', sentence: `${none}.${part}` }
    : { verdict: 'investigate', sentence: `${none}; yet signs speak for looking further: ${listed(signs)}.${part}` };
}

/** @param thresholds that a person set, by name. */
export function decide(results: readonly Result[], thresholds: Readonly<Record<string, number>> = {}): Decision {
  const limits = limitsOf(thresholds);
  const taken = takenFrom(results);
  const rows = [
    ...MEASURED.map(([sign, title, benchmark]) => signRow(sign, figureOf(taken, title, benchmark), limits)),
    ...crossNodeRows(taken, limits),
    signRow('degradation', degradationOf(taken), limits),
    signRow('poolSteals', poolStealsOf(taken), limits),
  ];
  if (taken.length > 0 && taken.every(({ one }) => one.layout === 'single'))
    return {
      ...{ rows, counter: [], verdict: 'skip' },
      sentence: 'Both pools are on one node: there is nothing to separate by node.',
    };
  const { sentence, ...rest } = verdictOf(taken, rows);
  return { rows, counter: counterRows(taken), ...rest, sentence: capital(sentence) };
}
