/** Runs of one machine side by side: what was set otherwise, and the figure of each held against that of the first. */

import { formatCpuList } from '../text/cpulist.ts';
import { capital, formatBytes, formatDuration, formatFigure, formatPercent, listed, plural } from '../text/format.ts';
import { benchOf, figureOf } from '../bench/index.ts';
import { compareAcross, pair, weightOf } from '../run/compare.ts';
import type { Weight } from '../run/compare.ts';
import type { Result, Run, RunSummary, Verdict } from '../run/run.ts';
import { betterOf } from '../run/better.ts';
import { verdict } from '../verdict/verdict.ts';
import { conditionsOf, differing, isTold } from './between.ts';
import type { Between, Difference } from './between.ts';

/** Times as much as the first; of what no one figure may be told the bounds alone. */
export interface Factor {
  readonly weight: Weight;
  /** "0.42 ×", or why there is no such figure. */
  readonly words: string;
  /** "0.40 to 0.44"; null where not even bounds mean anything. */
  readonly bounds: string | null;
}

export interface Beside<R> {
  readonly run: R;
  /** The figure that stands for it; null: it has many, and none does. */
  readonly result: Result | null;
  /** Against the first; null of the first itself. */
  readonly factor: Factor | { readonly why: string } | null;
}

export interface SideBySide<R> {
  /** Told first: who compares runs changed something. */
  readonly settings: readonly Difference[];
  /** What else was another: a difference may come from there. */
  readonly conditions: readonly Difference[];
  readonly runs: readonly Beside<R>[];
}

/** The result that stands for a run: of many that are not compared none does. */
export function headlineOf(run: Pick<Run, 'results' | 'comparison' | 'guide'>): Result | null {
  const { of } = pair(run);
  const many = run.comparison === null && (run.results.length > 1 || run.guide !== undefined);
  return many && of?.placement.kind !== 'program' ? null : of;
}

/** `R` is a run as a board lists it. */
export function sideBySide<R extends RunSummary>(runs: readonly R[]): SideBySide<R> {
  const [first] = runs;
  return {
    settings: differing(runs.map(settingsOf), 'none'),
    conditions: differing(runs.map(conditionsOf), 'not recorded'),
    runs: runs.map((run) => ({
      run,
      result: headlineOf(run),
      factor: run === first || !first ? null : factorOf(headlineOf(run), headlineOf(first)),
    })),
  };
}

/**
 * The answer of `A` held against `B`, of results as `compareAcross` gives them: what they differ in may be several settings, so no cause is
 * named.
 */
export function answerAcross(held: Pick<Run, 'topology' | 'results' | 'comparison' | 'environment'>): Verdict {
  const { comparison, results } = held;
  const [of] = results;
  if (!comparison || !of || weightOf(held) !== 'shown') return verdict(held, '', comparison);
  const { change } = comparison;
  const better = betterOf(of.metric);
  const more = change > 0;
  const much = `${formatPercent(Math.abs(change))} ${more ? 'more' : 'less'}`;
  const where = of.emulated ? ', on an emulated host' : '';
  const sentence =
    better === null
      ? `A has ${much} than B`
      : better === 'less'
        ? `A takes ${much} time than B`
        : `A gives ${much} than B`;
  const tone = better === null ? 'neutral' : more === (better === 'more') ? 'gain' : 'loss';
  return { question: '', sentence: `${sentence}${where}.`, tone };
}

/** Of runs of which no one result stands for all: how many of the cases that both measured differ, as far as their figures carry it. */
export function casesSentence({ cases }: Pick<Between, 'cases'>): string {
  if (cases.length === 0) return 'They have no case in common.';
  const told = cases.filter(isTold);
  const count = (verdict: string): number => told.filter((one) => one.verdict === verdict).length;
  const words = (['better', 'worse', 'different'] as const).flatMap((verdict) =>
    count(verdict) === 0 ? [] : `${count(verdict)} ${verdict}`,
  );
  const of = `of ${plural(cases.length, 'case')} of both`;
  return told.length === 0 ? `No difference could be shown in any ${of}.` : `A against B, ${of}: ${listed(words)}.`;
}

const times = (share: number): string => formatFigure(1 + share);

function factorOf(of: Result | null, against: Result | null): Factor | { readonly why: string } {
  const held = compareAcross(of, against);
  if ('why' in held) return held;
  const weight = weightOf(held);
  if (weight === null || !held.comparison) return { why: 'Nothing to compare.' };
  const { change, interval } = held.comparison;
  const bounds = `${times(interval[0])} to ${times(interval[1])}`;
  const words: Readonly<Record<Weight, string>> = {
    shown: `${times(change)} \u00d7`,
    'no-difference': 'not shown',
    noisy: 'too noisy',
    invalid: 'not valid',
  };
  return { weight, words: words[weight], bounds: weight === 'invalid' ? null : bounds };
}

/** What was asked for, by name; of several cases every value that one of them had. */
function settingsOf(run: RunSummary): Map<string, string> {
  const headline = headlineOf(run);
  const results = headline ? [headline] : run.results;
  const all = new Map<string, Set<string>>();
  for (const result of results)
    for (const [name, value] of settingsOfResult(result)) all.set(name, (all.get(name) ?? new Set()).add(value));
  return new Map([...all].map(([name, values]) => [name, [...values].join('; ')]));
}

function settingsOfResult({ benchmark, metric, placement, repetitions }: Result): [name: string, value: string][] {
  const asked = Object.entries(placement).filter(([key]) => key !== 'kind');
  const labels = new Map<string, string>(benchOf(placement).slots.map(({ name, label }) => [name, label]));
  const settings = asked.flatMap(([key, value]): [string, string][] => {
    const words = wordsOf(key, value);
    return words === '' ? [] : [[labels.get(key) ?? named(key), words]];
  });
  const figure = figureOf(benchmark)?.title ?? benchmark;
  return [['Measured', `${figure}, ${metric}`], ...settings, ['Rounds', String(repetitions.length)]];
}

/** `sizeBytes` is a size, `pauseNs` a pause: the unit is in the value. */
const named = (key: string): string =>
  capital(key.replace(/(?:Bytes|Ms|Ns)$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));

function wordsOf(key: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number' && key.endsWith('Bytes')) return formatBytes(value);
  if (typeof value === 'number' && key.endsWith('Ms')) return formatDuration(value);
  if (Array.isArray(value)) return listOf(value);
  if (typeof value === 'object') return listOf(Object.values(value));
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Ids as the kernel writes them, words with a blank between them. */
function listOf(values: readonly unknown[]): string {
  const ids = values.filter((one): one is number => typeof one === 'number');
  if (values.length > 0 && ids.length === values.length) return formatCpuList(ids);
  return values.flatMap((one) => wordsOf('', one) || []).join(' ');
}
