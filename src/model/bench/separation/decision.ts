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
import { LAYOUT_WORDS, SCENARIO_WORDS } from './labels.ts';

export type Advice = 'skip' | 'investigate' | 'separate';

export interface DecisionRow {
  readonly sign: string;
  readonly title: string;
  readonly value: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  /** Below the first nothing is to be done, above the second there is reason to separate; of efficiency the other way round. */
  readonly thresholds: readonly [low: number, high: number];
  /** Null where there is no value, and `why` says the reason. */
  readonly says: Advice | null;
  readonly why: string | null;
}

export interface Decision {
  readonly rows: readonly DecisionRow[];
  readonly verdict: Advice | 'not-shown';
  readonly sentence: string;
}

interface Sign {
  readonly sign: string;
  readonly title: string;
  readonly benchmark: Benchmark;
  readonly thresholds: readonly [low: number, high: number];
  /** Little of it is what is bad. */
  readonly fewer?: true;
  /** It hints, and alone is no reason to separate. */
  readonly hint?: true;
}

const SIGNS: readonly Sign[] = [
  { sign: 'stealRate', title: 'Jobs stolen', benchmark: 'separation-steal-rate', thresholds: [0.05, 0.15] },
  { sign: 'slowPollRatio', title: 'Jobs longer than 1 ms', benchmark: 'separation-slow-polls', thresholds: [0.2, 0.4] },
  {
    sign: 'crossNodeShare',
    title: 'Jobs run on another node',
    benchmark: 'separation-cross-node',
    thresholds: [0.1, 0.25],
  },
  {
    ...{ sign: 'stealEfficiency', title: 'Attempts to steal that got a job', benchmark: 'separation-steal-efficiency' },
    ...{ thresholds: [0.3, 0.3], fewer: true, hint: true },
  },
  {
    ...{ sign: 'correlation', title: 'Correlation of stolen and slow', benchmark: 'separation-correlation' },
    ...{ thresholds: [0.02, 0.05], hint: true },
  },
  {
    ...{ sign: 'imbalance', title: 'Imbalance of nodes', benchmark: 'separation-imbalance' },
    ...{ thresholds: [0.3, 0.3], hint: true },
  },
];
/** Times as long as at 60 %. */
const DEGRADATION = 3;

interface Taken {
  readonly index: number;
  readonly result: Result;
  readonly one: SeparationCase;
}

const takenFrom = (results: readonly Result[]): Taken[] =>
  results.flatMap((result, index) =>
    result.placement.kind === 'separation' ? [{ index, result, one: result.placement }] : [],
  );

const find = (taken: readonly Taken[], benchmark: Benchmark, layout: Layout, scenario: Scenario): Taken | null =>
  taken.find(
    ({ result, one }) => result.benchmark === benchmark && one.layout === layout && one.scenario === scenario,
  ) ?? null;

/** By the whole interval where there is one: what reaches over a threshold is to be looked into. */
function saidBy(
  [low, high]: readonly [number, number],
  { thresholds: [least, most], fewer, hint }: Pick<Sign, 'thresholds' | 'fewer' | 'hint'>,
): Advice {
  const [quiet, loud] = fewer ? [low >= most, high < least] : [high < least, low > most];
  return quiet ? 'skip' : loud && !hint ? 'separate' : 'investigate';
}

function signRow(taken: readonly Taken[], sign: Sign): DecisionRow {
  const { sign: name, title, thresholds } = sign;
  const found = find(taken, sign.benchmark, 'mixed', '100%')?.result;
  // Shares are in percent there.
  const unit = found?.metric === '%' ? 100 : 1;
  const value = found?.median == null ? null : found.median / unit;
  const interval = found?.interval ? ([found.interval[0] / unit, found.interval[1] / unit] as const) : null;
  const none = { sign: name, title, value: null, interval: null, thresholds, says: null };
  if (!found) return { ...none, why: 'the mixed layout was not measured at 100 % load' };
  if (value === null) return { ...none, why: found.why ?? 'there was nothing to count' };
  return {
    ...{ sign: name, title, value, interval, thresholds, why: null },
    says: saidBy(interval ?? [value, value], sign),
  };
}

function degradationRow(taken: readonly Taken[]): DecisionRow {
  const thresholds = [DEGRADATION, DEGRADATION] as const;
  const row = { sign: 'degradation', title: 'p99 at 200 % ÷ at 60 %', thresholds };
  const [light, heavy] = (['60%', '200%'] as const).map((scenario) => find(taken, 'separation-p99', 'mixed', scenario));
  const ratio = light && heavy ? pairedRatio(heavy.result.repetitions, light.result.repetitions) : null;
  if (!ratio)
    return { ...row, value: null, interval: null, says: null, why: 'the mixed layout was not measured at both loads' };
  const interval = ratio.interval && ([1 + ratio.interval[0], 1 + ratio.interval[1]] as const);
  const value = 1 + ratio.change;
  return { ...row, value, interval, says: saidBy(interval ?? [value, value], { thresholds, hint: true }), why: null };
}

interface Evidence {
  readonly taken: Taken;
  readonly comparison: Comparison;
  readonly noisy: boolean;
}

const APART: readonly Layout[] = ['separated', 'huge-pages', 'reversed'];

/** "+12 % separated, at 100 % load (+8 to +15 %)"; of noisy figures the interval alone. */
function amount({ taken: { one }, comparison: { change, interval }, noisy }: Evidence): string {
  const where = `${LAYOUT_WORDS[one.layout]}, at ${SCENARIO_WORDS[one.scenario]}`;
  return noisy
    ? `between ${interval.map(formatBound).join(' and ')} ${where}`
    : `${formatChange(change)} ${where} (${formatInterval(interval)})`;
}

const FEW = 3;
const some = (evidence: readonly Evidence[]): string => {
  const sorted = [...evidence].sort((a, b) => Math.abs(b.comparison.change) - Math.abs(a.comparison.change));
  const more = sorted.length > FEW ? [`${String(sorted.length - FEW)} more alike`] : [];
  return listed([...sorted.slice(0, FEW).map(amount), ...more]);
};

function verdictOf(taken: readonly Taken[], rows: readonly DecisionRow[]): Omit<Decision, 'rows'> {
  const throughput = taken.filter(({ result }) => result.benchmark === 'separation');
  const pairs = throughput.flatMap((of) => {
    const against = find(taken, 'separation', 'mixed', of.one.scenario);
    return against && APART.includes(of.one.layout) ? [{ of, against }] : [];
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
      ? (slipped.result.why ?? 'the placement slipped').replace(/\.$/, '')
      : `${plural(pairs.length, 'comparison')} at once need ${plural(roundsNeeded(pairs.length), 'round')}, and there were ${String(rounds)}`;
    return { verdict: 'not-shown', sentence: `No answer: ${why}.` };
  }
  const shown = evidence.filter(({ comparison }) => comparison.shown);
  const gains = shown.filter(({ comparison }) => comparison.change > 0);
  const losses = shown.filter(({ comparison }) => comparison.change < 0);
  if (gains.length > 0 && losses.length > 0)
    return {
      verdict: 'investigate',
      sentence: `It depends on the load and the layout: against mixed pools, requests change by ${some(gains)}, but by ${some(losses)}.`,
    };
  if (gains.length > 0)
    return {
      verdict: 'separate',
      sentence: `Separating pays: against mixed pools, requests change by ${some(gains)}.`,
    };
  if (losses.length > 0)
    return { verdict: 'skip', sentence: `Separating costs: against mixed pools, requests change by ${some(losses)}.` };
  const signs = rows.filter(({ says }) => says === 'separate').map(({ title }) => title.toLowerCase());
  const none = 'No difference could be shown between mixed and separated pools';
  return signs.length === 0
    ? { verdict: 'not-shown', sentence: `${none}.` }
    : { verdict: 'investigate', sentence: `${none}; yet ${listed(signs)} speak for looking further.` };
}

export function decide(results: readonly Result[]): Decision {
  const taken = takenFrom(results);
  const rows = [...SIGNS.map((sign) => signRow(taken, sign)), degradationRow(taken)];
  if (taken.length > 0 && taken.every(({ one }) => one.layout === 'single'))
    return { rows, verdict: 'skip', sentence: 'Both pools are on one node: there is nothing to separate by node.' };
  const { verdict, sentence } = verdictOf(taken, rows);
  return { rows, verdict, sentence: capital(sentence) };
}
