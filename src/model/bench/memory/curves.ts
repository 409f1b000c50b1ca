/** Results that are points of one curve: latency by the size of the buffer, or by the load of others. */

import { memoryCase } from '../../cases/memory.ts';
import type { MemoryCase } from '../../cases/memory.ts';
import type { Result } from '../../run/run.ts';

export interface Point {
  readonly one: MemoryCase;
  readonly result: Result;
}

/** In the order of the curve. */
export type Curve = readonly [Point, ...Point[]];

/** Fewer sizes are a comparison, no curve. */
const FEWEST_SIZES = 4;

function grouped(results: readonly Result[], keyOf: (one: MemoryCase) => string | null): Point[][] {
  const groups = new Map<string, Point[]>();
  for (const result of results) {
    const { placement } = result;
    const key = placement.kind === 'memory' ? keyOf(placement) : null;
    if (placement.kind !== 'memory' || key === null) continue;
    groups.set(key, [...(groups.get(key) ?? []), { one: placement, result }]);
  }
  return [...groups.values()];
}

const isCurve = (points: Point[]): points is [Point, ...Point[]] => points.length > 0;

/** Latency of one place by size, smallest first. */
export function sizeCurves(results: readonly Result[]): Curve[] {
  const groups = grouped(results, (one) =>
    one.what === 'latency' ? JSON.stringify(memoryCase({ ...one, sizeBytes: 0 })) : null,
  );
  return groups
    .filter((points) => points.length >= FEWEST_SIZES)
    .map((points) => points.sort((a, b) => a.one.sizeBytes - b.one.sizeBytes))
    .filter(isCurve);
}

/** What the others move at a point of a load curve; 0 where they do not run, null where it could not be told. */
export const loadOf = ({ one, result }: Point): number | null =>
  one.what === 'latency' ? 0 : (result.loadBytesPerSecond ?? null);

/** Latency of one CPU by the load of the others, the one without a load first, the largest pauses before full load. */
export function loadCurves(results: readonly Result[]): Curve[] {
  const place = (one: MemoryCase): string =>
    JSON.stringify([one.cpus[0], one.policy, one.nodes, one.pages, one.sizeBytes]);
  const loaded = grouped(results, (one) =>
    one.what === 'loaded-latency' ? JSON.stringify([place(one), one.cpus, one.kernel]) : null,
  );
  const pause = ({ one }: Point): number => one.pauseNs ?? Infinity;
  return loaded
    .map((points) => {
      const idle = grouped(results, (one) =>
        one.what === 'latency' && points.some((point) => place(point.one) === place(one)) ? 'idle' : null,
      );
      return [...idle.flat(), ...points].sort((a, b) => pause(b) - pause(a));
    })
    .filter(isCurve);
}
