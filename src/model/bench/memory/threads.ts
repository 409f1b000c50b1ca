/** The threads of one measurement, told apart: how unlike they were. */

import type { Result } from '../../run/run.ts';
import { formatMetric } from '../../text/format.ts';

/** "slowest thread 4.1 GB/s on cpu 5, fastest 5.2 GB/s on cpu 0"; of loaded latency those that load. Empty for one thread. */
export function threadWords({ placement, threads = [], benchmark }: Result): string[] {
  if (placement.kind !== 'memory' || threads.length < 2) return [];
  const cpus = benchmark === 'memory-loaded-latency' ? placement.cpus.slice(1) : placement.cpus;
  const [slowest, fastest] = [Math.min(...threads), Math.max(...threads)];
  const words = (value: number): string =>
    `${formatMetric(value, 'B/s')} on cpu ${String(cpus[threads.indexOf(value)] ?? '?')}`;
  return [`slowest thread ${words(slowest)}, fastest ${words(fastest)}`];
}
