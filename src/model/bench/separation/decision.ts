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
import { signRow, unknownSign } from './signs.ts';
import type { Advice, DecisionRow, SignFigure, SignName } from './signs.ts';

export interface Decision {
  readonly rows: readonly DecisionRow[];
  readonly verdict: Advice | 'not-shown';
  readonly sentence: string;
  /** Where separating pays: the layout that gained most. */
  readonly layout?: Layout;
}

/** Where each sign is read off: the measure of the mixed layout at 100 % load. */
const MEASURED: readonly (readonly [sign: SignName, title: string, benchmark: Benchmark])[] = [
  ['stealRate', 'Jobs stolen', 'separation-steal-rate'],
  ['slowPollRatio', 'Jobs longer than 1 ms', 'separation-slow-polls'],
  ['crossNodeShare', 'Jobs run on another node', 'separation-cross-node'],
  ['stealEfficiency', 'Attempts to steal that got a job', 'separation-steal-efficiency'],
  ['correlation', 'Correlation of stolen and slow', 'separation-correlation'],
  ['imbalance', 'Imbalance of nodes', 'separation-imbalance'],
];

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

function figureOf(taken: readonly Taken[], title: string, benchmark: Benchmark): SignFigure {
  const found = find(taken, benchmark, 'mixed', '100%')?.result;
  if (!found) return unknownSign(title, 'the mixed layout was not measured at 100 % load');
  if (found.median === null) return unknownSign(title, found.why ?? 'there was nothing to count');
  // Shares are in percent there.
  const unit = found.metric === '%' ? 100 : 1;
  const interval = found.interval && ([found.interval[0] / unit, found.interval[1] / unit] as const);
  return { title, value: found.median / unit, interval, why: null };
}

function degradationOf(taken: readonly Taken[]): SignFigure {
  const title = 'p99 at 200 % ÷ at 60 %';
  const [light, heavy] = (['60%', '200%'] as const).map((scenario) => find(taken, 'separation-p99', 'mixed', scenario));
  const ratio = light && heavy ? pairedRatio(heavy.result.repetitions, light.result.repetitions) : null;
  if (!ratio) return unknownSign(title, 'the mixed layout was not measured at both loads');
  const interval = ratio.interval && ([1 + ratio.interval[0], 1 + ratio.interval[1]] as const);
  return { title, value: 1 + ratio.change, interval, why: null };
}

interface Evidence {
  readonly taken: Taken;
  readonly comparison: Comparison;
  readonly noisy: boolean;
}

const APART: readonly Layout[] = ['separated', 'huge-pages', 'reversed', 'custom'];

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
    return {
      verdict: 'not-shown',
      sentence: 'No answer: nothing separated was measured beside a mixed layout.',
    };
  const slipped = pairs.flatMap(({ of, against }) => [of, against]).find(({ result }) => !result.valid);
  const valid = pairs.filter(({ of, against }) => of.result.valid && against.result.valid);
  const evidence = valid.flatMap(({ of, against }): Evidence[] => {
    const comparison = compareJointly(of, against, pairs.length);
    return comparison
      ? [
          {
            taken: of,
            comparison,
            noisy: of.result.noisy || against.result.noisy,
          },
        ]
      : [];
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
  const [best] = [...gains].sort((a, b) => b.comparison.change - a.comparison.change);
  if (best)
    return {
      verdict: 'separate',
      layout: best.taken.one.layout,
      sentence: `Separating pays: against mixed pools, requests change by ${some(gains)}.`,
    };
  if (losses.length > 0)
    return {
      verdict: 'skip',
      sentence: `Separating costs: against mixed pools, requests change by ${some(losses)}.`,
    };
  const signs = rows.filter(({ says }) => says === 'separate').map(({ title }) => title.toLowerCase());
  const none = 'No difference could be shown between mixed and separated pools';
  return signs.length === 0
    ? { verdict: 'not-shown', sentence: `${none}.` }
    : {
        verdict: 'investigate',
        sentence: `${none}; yet ${listed(signs)} speak for looking further.`,
      };
}

export function decide(results: readonly Result[]): Decision {
  const taken = takenFrom(results);
  const rows = [
    ...MEASURED.map(([sign, title, benchmark]) => signRow(sign, figureOf(taken, title, benchmark))),
    signRow('degradation', degradationOf(taken)),
  ];
  if (taken.length > 0 && taken.every(({ one }) => one.layout === 'single'))
    return {
      rows,
      verdict: 'skip',
      sentence: 'Both pools are on one node: there is nothing to separate by node.',
    };
  const { sentence, ...rest } = verdictOf(taken, rows);
  return { rows, ...rest, sentence: capital(sentence) };
}
