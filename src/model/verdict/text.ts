/** A run for the terminal: the sentence, a table of figures, what held. */

import { capital, formatMetric, formatNs, formatPercent, plural } from '../text/format.ts';
import { guideLines } from '../bench/guide/findings/findings.ts';
import { answersOf, observedOf } from '../bench/answers/index.ts';
import { benchOf, figureOf } from '../bench/index.ts';
import { raceLines } from '../bench/race/lines.ts';
import { serviceLines } from '../metrics/lines.ts';
import { clean, pasteLines } from '../text/clean.ts';
import { figuresOf } from '../run/run.ts';
import type { Result, Run } from '../run/run.ts';
import { histogramPercentile, PERCENTILES } from '../run/statistics.ts';
import { runConditions } from './conditions.ts';

/** What a result measured, short enough for a column. */
export function resultLabel({ placement, benchmark }: Result): string {
  return benchOf(placement).label(placement, benchmark);
}

/** What tells a result from others of the same label. */
function aside({ placement, benchmark }: Result, others: readonly Result[]): string[] {
  const bench = benchOf(placement);
  const alike = others
    .filter((other) => other.placement.kind === bench.kind)
    .map((other) => bench.settings(other.placement));
  const differing = Object.entries(bench.settings(placement)).filter(([key, value]) =>
    alike.some((settings) => settings[key] !== value),
  );
  const figure = figureOf(benchmark)?.aside ?? null;
  return [
    ...differing.map(([key, value]) => `${key} ${value}`),
    ...(figure !== null && others.some((other) => other.benchmark !== benchmark) ? [figure] : []),
  ];
}

/** Of all results of a run, told apart where the same pair was measured more than once. */
export function resultLabels(results: readonly Result[]): string[] {
  const labels = results.map(resultLabel);
  const [one, two] = results;
  if (one && two && results.length === 2 && labels[0] === labels[1] && one.benchmark === two.benchmark) {
    const told = benchOf(one.placement).labels?.([one.placement, two.placement]);
    if (told) return told;
  }
  return results.map((result, index) => {
    const others = results.filter((other, at) => other !== result && labels[at] === labels[index]);
    return [labels[index] ?? '', ...aside(result, others)].join(', ');
  });
}

/** Why there is no figure at all. */
const noFigure = ({ repetitions, why }: Result): string =>
  repetitions.length === 0 || why === null ? 'not measured' : `not measured: ${why}`;

function resultLine(result: Result, name: string, width: number): string {
  const label = name.padEnd(width);
  if (result.median === null) return `  ${label}  ${noFigure(result)}`;
  const interval = result.interval
    ? `95 % ${formatMetric(result.interval[0], result.metric)} … ${formatMetric(result.interval[1], result.metric)}`
    : 'too few repetitions for an interval';
  const marks = [
    result.emulated ? 'emulated' : null,
    result.noisy && result.interval ? `noisy, spread ${formatPercent(result.spread ?? 0)}` : null,
    result.valid ? null : `INVALID: ${result.why ?? 'the placement slipped'}`,
  ].filter((mark) => mark !== null);
  const tail = marks.length > 0 ? `  [${marks.join('; ')}]` : '';
  return `  ${label}  ${formatMetric(result.median, result.metric).padStart(18)}  ${interval}, ${plural(figuresOf(result).length, 'repetition')}${tail}`;
}

/** What a histogram holds the times of: "round trips", "times of a job". */
function timesOf({ placement }: Result): string {
  const of = answersOf(placement).times?.(placement);
  return of === undefined ? 'round trips' : `times of ${of}`;
}

/** As a heading of those that have one. */
export const timesHeading = (results: readonly Result[]): string =>
  capital([...new Set(results.flatMap((result) => (result.histogram ? [timesOf(result)] : [])))].join(', '));

function percentiles(result: Result): string | null {
  const { histogram } = result;
  if (!histogram) return null;
  const at = PERCENTILES.map(([name, share]) => {
    const value = histogramPercentile(histogram, share);
    return `${name} ${value === null ? 'unavailable' : formatNs(value)}`;
  });
  return `    ${timesOf(result)}: ${at.join(', ')}`;
}

/** @param more what follows from it, a block each, behind the figures. */
export function runText(run: Run, more: readonly string[] = []): string {
  const labels = resultLabels(run.results);
  const width = Math.max(0, ...labels.map((label) => label.length));
  const lines = [`${run.host.name}, ${run.time}`];
  if (run.verdict) lines.push(run.verdict.question, `  ${run.verdict.sentence}`);
  if (run.guide) lines.push(...guideLines(run), 'Figures');
  if (run.race) lines.push(...raceLines(run), 'Figures');
  const [first] = run.results;
  const together = first
    ? (answersOf(first.placement).together?.(run.topology, run.results, run.thresholds) ?? null)
    : null;
  lines.push(...(together?.lines ?? []));
  for (const [index, result] of together?.lines ? [] : run.results.entries()) {
    const own = answersOf(result.placement).figureLines?.(result) ?? null;
    lines.push(...(own ?? [resultLine(result, labels[index] ?? '', width)]));
    const spread = percentiles(result);
    if (spread !== null) lines.push(spread);
    for (const seen of observedOf(result)) lines.push(`    ${seen}`);
  }
  lines.push(...run.results.flatMap((result) => answersOf(result.placement).moreLines?.(result) ?? []));
  if (run.service) lines.push(...serviceLines(run.service, run.topology, run.thresholds));
  for (const note of run.notes ?? []) lines.push(`  ! ${note}`);
  for (const { kind, text } of runConditions(run, resultLabels)) lines.push(`  ${kind === 'ok' ? '✓' : '!'} ${text}`);
  // A file's text may hold what a terminal would obey. Indentation is ours and stays.
  const safe = lines.map((line) => (/^ */.exec(line)?.[0] ?? '') + clean(line, 2000));
  return [...safe, `To repeat it: ${pasteLines(run.repeat).join('\n')}`, ...more].join('\n');
}
