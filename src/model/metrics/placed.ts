/** Where the work and the memory of a service were in a stretch of time, out of our own samples of its processes. */

import type { Sample } from '../live/sample.ts';
import { isUnavailable } from '../run/run.ts';
import { nodeOf } from '../topology/relation.ts';
import type { Topology } from '../topology/topology.ts';

export interface Placed {
  /** By the host's clock of all lines (ms). */
  readonly fromMs: number;
  readonly toMs: number;
  /** CPU time of its threads by the node they were seen on (s). */
  readonly busy: Readonly<Record<string, number>>;
  /** Of that time, with pages elsewhere: each second times the share of its pages that are on another node. Null: no page was seen. */
  readonly farSeconds: number | null;
}

export interface Work {
  readonly cpu: number;
  readonly seconds: number;
}

export function placedOf(
  topology: Topology,
  [fromMs, toMs]: readonly [number, number],
  work: readonly Work[],
  bytes: Readonly<Record<string, number>> | null,
): Placed {
  const busy: Record<string, number> = {};
  for (const { cpu, seconds } of work) {
    const node = nodeOf(topology, cpu);
    if (node && seconds > 0) busy[String(node.id)] = (busy[String(node.id)] ?? 0) + seconds;
  }
  const all = Object.values(bytes ?? {}).reduce((sum, one) => sum + one, 0);
  const far = Object.entries(busy).reduce((sum, [node, own]) => sum + own * (1 - (bytes?.[node] ?? 0) / all), 0);
  return { fromMs, toMs, busy, farSeconds: all > 0 ? far : null };
}

/** Of all processes that a sample follows; null: it follows none. */
export function placedInSample(topology: Topology, sample: Sample, toMs: number): Placed | null {
  const { processes, groups = [], intervalMs } = sample;
  if (processes.length === 0) return null;
  const work = processes.flatMap(({ threads }) =>
    threads.map(({ cpu, busy = 0 }): Work => ({ cpu, seconds: (busy * intervalMs) / 1000 })),
  );
  const bytes: Record<string, number> = {};
  const told = [
    ...groups.flatMap(({ pages }) => (isUnavailable(pages) ? [] : [pages.nodes])),
    ...(groups.length > 0
      ? []
      : processes.flatMap(({ residentBytes }) => (isUnavailable(residentBytes) ? [] : [residentBytes]))),
  ];
  for (const nodes of told) for (const [node, own] of Object.entries(nodes)) bytes[node] = (bytes[node] ?? 0) + own;
  return placedOf(topology, [toMs - intervalMs, toMs], work, told.length > 0 ? bytes : null);
}
