/** A run for the terminal: the sentence, a table of figures, what held. */

import { pair } from '../run/compare.ts';
import {
  formatBytes,
  formatFigure,
  formatMetric,
  formatNs,
  formatPair,
  formatPercent,
  plural,
} from '../text/format.ts';
import { guideLines } from '../bench/guide/findings/findings.ts';
import { classWords, measuredWords } from '../bench/matrix/result.ts';
import { caseLabel, caseLabels } from '../bench/spsc/plan.ts';
import { clean, cleanLines } from '../text/clean.ts';
import { figuresOf } from '../run/run.ts';
import type { Result, Snapshot } from '../run/run.ts';
import { histogramPercentile, PERCENTILES } from '../run/statistics.ts';
import { held } from './conditions.ts';
import type { SpscCase } from '../cases/spsc.ts';

/** What a result measured, short enough for a column. */
export function resultLabel(result: Result): string {
  const { placement } = result;
  if (result.benchmark === 'spsc-alternate' && placement.kind === 'spsc')
    return `one thread on P#${placement.producer}`;
  if (placement.kind === 'spsc')
    return placement.pin ? caseLabel(placement) : `${formatPair(placement.producer, placement.consumer)}, not pinned`;
  if (placement.kind === 'memory') {
    return `${placement.what} cpu ${placement.cpu} to node ${placement.node}, ${placement.pages}, ${formatBytes(placement.sizeBytes)}`;
  }
  if (placement.kind === 'matrix') return `${placement.matrix} between CPUs ${placement.cpus}`.slice(0, 60);
  const command = placement.command.join(' ');
  return (placement.name === undefined ? command : `${placement.name}: ${command}`).slice(0, 60);
}

/** What tells a result from others of the same pair, where it is not as usual. */
function aside({ placement, benchmark }: Result, others: readonly Result[]): string[] {
  if (placement.kind !== 'spsc') return [];
  const differs = (key: keyof SpscCase): boolean =>
    others.some((other) => other.placement.kind === 'spsc' && other.placement[key] !== placement[key]);
  const named = (['memory', 'padding', 'capacity', 'batch', 'pages'] as const).filter(differs);
  return [
    ...named.map((key) => (key === 'memory' ? `memory ${placement.memory}` : `${key} ${placement[key]}`)),
    ...(benchmark === 'spsc-latency' && others.some((other) => other.benchmark !== benchmark) ? ['round trip'] : []),
  ];
}

/** Of all results of a run, told apart where the same pair was measured more than once. */
export function resultLabels(results: readonly Result[]): string[] {
  const labels = results.map(resultLabel);
  const cases = results.map((result) => result.placement).filter((one) => one.kind === 'spsc');
  const [one, two] = results;
  const alike =
    cases.length === 2 && results.length === 2 && labels[0] === labels[1] && one?.benchmark === two?.benchmark;
  if (alike) return caseLabels(cases);
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

function percentiles(result: Result): string | null {
  const { histogram } = result;
  if (!histogram) return null;
  const at = PERCENTILES.map(([name, share]) => {
    const value = histogramPercentile(histogram, share);
    return `${name} ${value === null ? 'unavailable' : formatNs(value)}`;
  });
  return `    round trips: ${at.join(', ')}`;
}

/** The classes of a matrix, a line each: name, median, interval, pairs measured. */
function classLines(result: Result): string[] {
  const rows = classWords(result);
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  const { placement } = result;
  const simulated =
    placement.kind === 'matrix' && placement.simulated !== null ? `, simulated from ${placement.simulated}` : '';
  return [
    `  ${measuredWords(result)}${simulated}`,
    ...rows.map(
      ({ name, median, interval, pairs }) =>
        `  ${name.padEnd(width)}  ${median.padStart(14)}  95 % ${interval}, ${pairs} pairs measured`,
    ),
  ];
}

/** Where a program's pages lay over time: first, in the middle, last. */
function residentLines({ resident = [], placement }: Result): string[] {
  const looks = [...new Set([resident[0], resident[Math.floor(resident.length / 2)], resident.at(-1)])];
  const whose = placement.kind === 'program' && placement.name !== undefined ? ` of ${placement.name}` : '';
  return looks.flatMap((look) => {
    const nodes = Object.entries(look?.nodes ?? {}).map(([node, held]) => `${formatBytes(held)} on node ${node}`);
    return look ? [`  pages${whose} after ${formatFigure(look.seconds)} s: ${nodes.join(', ')}`] : [];
  });
}

/** @param more what follows from it, a block each, behind the figures. */
export function runText(snapshot: Snapshot, more: readonly string[] = []): string {
  const labels = resultLabels(snapshot.results);
  const width = Math.max(0, ...labels.map((label) => label.length));
  const lines = [`${snapshot.host.name}, ${snapshot.time}`];
  if (snapshot.verdict) lines.push(snapshot.verdict.question, `  ${snapshot.verdict.sentence}`);
  if (snapshot.guide) lines.push(...guideLines(snapshot), 'Figures');
  for (const [index, result] of snapshot.results.entries()) {
    if (result.classes) lines.push(...classLines(result));
    else lines.push(resultLine(result, labels[index] ?? '', width));
    const spread = percentiles(result);
    if (spread !== null) lines.push(spread);
  }
  const { of } = pair(snapshot);
  const kept = of ? held(of, snapshot.environment) : [];
  lines.push(...snapshot.results.flatMap(residentLines));
  for (const note of snapshot.notes ?? []) lines.push(`  ! ${note}`);
  for (const { kind, text } of kept) lines.push(`  ${kind === 'ok' ? '✓' : '!'} ${text}`);
  // A file's text may hold what a terminal would obey. Indentation is ours and stays.
  const safe = lines.map((line) => (/^ */.exec(line)?.[0] ?? '') + clean(line, 2000));
  return [...safe, `To repeat it: ${cleanLines(snapshot.repeat, 100_000)}`, ...more].join('\n');
}
