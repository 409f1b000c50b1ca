/** A run for the terminal: the sentence, a table of figures, what held. */

import { formatBytes, formatMetric, formatPair, formatPercent, plural } from './format.ts';
import { caseLabel, isSpscCase } from './plan.ts';
import type { Result, Snapshot } from './run.ts';
import { histogramPercentile } from './statistics.ts';
import { held } from './held.ts';

/** What a result measured, short enough for a column. */
export function resultLabel(result: Result): string {
  const { placement } = result;
  if (isSpscCase(placement))
    return placement.pin ? caseLabel(placement) : `${formatPair(placement.producer, placement.consumer)}, not pinned`;
  if ('what' in placement) {
    return `${placement.what} cpu ${placement.cpu} to node ${placement.node}, ${placement.pages}, ${formatBytes(placement.sizeBytes)}`;
  }
  return placement.command.join(' ').slice(0, 60);
}

function resultLine(result: Result, width: number): string {
  const label = resultLabel(result).padEnd(width);
  if (result.median === null) return `  ${label}  not measured`;
  const interval = result.interval
    ? `95 % ${formatMetric(result.interval[0], result.metric)} … ${formatMetric(result.interval[1], result.metric)}`
    : 'too few repetitions for an interval';
  const marks = [
    result.emulated ? 'emulated' : null,
    result.noisy && result.interval ? `noisy, spread ${formatPercent(result.spread ?? 0)}` : null,
    result.valid ? null : `INVALID: ${result.why ?? 'the placement slipped'}`,
  ].filter((mark) => mark !== null);
  const tail = marks.length > 0 ? `  [${marks.join('; ')}]` : '';
  return `  ${label}  ${formatMetric(result.median, result.metric).padStart(18)}  ${interval}, ${plural(result.repetitions.length, 'repetition')}${tail}`;
}

function percentiles(result: Result): string | null {
  if (!result.histogram) return null;
  const at = (
    [
      ['p50', 0.5],
      ['p90', 0.9],
      ['p99', 0.99],
      ['p99.9', 0.999],
      ['max', 1],
    ] as const
  ).map(([name, share]) => {
    const value = histogramPercentile(result.histogram ?? [], share);
    return `${name} ${value === null ? '–' : formatMetric(value, 'ns')}`;
  });
  return `    round trips: ${at.join(', ')}`;
}

export function runText(snapshot: Snapshot): string {
  const width = Math.max(0, ...snapshot.results.map((result) => resultLabel(result).length));
  const lines = [`${snapshot.host.name}, ${snapshot.time}`];
  if (snapshot.verdict) lines.push(snapshot.verdict.question, `  ${snapshot.verdict.sentence}`);
  for (const result of snapshot.results) {
    lines.push(resultLine(result, width));
    const spread = percentiles(result);
    if (spread !== null) lines.push(spread);
  }
  const [first] = snapshot.results;
  if (first)
    for (const line of held(first, snapshot.environment))
      lines.push(`  ${line.kind === 'ok' ? '✓' : '!'} ${line.text}`);
  lines.push(`To repeat it: ${snapshot.repeat}`);
  return lines.join('\n');
}
