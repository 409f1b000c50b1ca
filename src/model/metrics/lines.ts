/** A service's own figures in words: what was read, the signs, and what is remarkable about the reading. */

import { signLines } from '../bench/separation/sign-lines.ts';
import type { ServiceRecord } from '../cases/service.ts';
import { formatBytes, plural } from '../text/format.ts';
import type { Topology } from '../topology/topology.ts';
import { decideService } from './decide.ts';

/** How well it could be read; empty: without a flaw. */
export function readingNotes({ malformed, skippedBytes, resets, why, reports }: ServiceRecord): string[] {
  return [
    ...(malformed > 0 ? [`${plural(malformed, 'line')} could not be read`] : []),
    ...(skippedBytes > 0 ? [`${formatBytes(skippedBytes)} came faster than they are read, and were left out`] : []),
    ...(resets > 0 ? [`counters fell ${plural(resets, 'time')}, and were taken to have begun anew`] : []),
    ...(why !== null && reports > 0 ? [`at the end it could not be read: ${why}`] : []),
  ];
}

/** "12 reports of http://127.0.0.1:9090/metrics in 11.8 s, 4 workers". */
export function readingWords({ source, reports, windows, workers }: ServiceRecord): string {
  const seconds = (windows.at(-1)?.to ?? 0) - (windows[0]?.from ?? 0);
  const from = source === '-' ? 'its own output' : source;
  return `${plural(reports, 'report')} of ${from} in ${seconds.toFixed(1)} s${workers.length > 0 ? `, ${plural(workers.length, 'worker')}` : ''}`;
}

export function serviceLines(
  record: ServiceRecord,
  topology: Topology,
  thresholds?: Readonly<Record<string, number>>,
): string[] {
  const { rows, sentence } = decideService(record, topology, thresholds);
  return [
    'Its own metrics: separate by node, or not?',
    `  ${sentence}`,
    `  Signs, of ${readingWords(record)}`,
    ...signLines(rows),
    ...readingNotes(record).map((note) => `  ! ${note}`),
  ];
}
