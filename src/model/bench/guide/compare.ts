/** What a guided run measured, pair by pair. */

import { figuresOf } from '../../run/run.ts';
import type { Placed } from '../../run/jointly.ts';
import type { Result } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { DEFAULT_WORKLOAD } from '../spsc/workload.ts';
import type { SpscCase } from '../../cases/spsc.ts';
import { homeOf, namePairKinds, OTHER_PADDING } from './pair-kinds.ts';
import type { PairKind } from './pair-kinds.ts';

export interface Taken extends Placed {
  readonly spsc: SpscCase;
}

type Kind = 'plain' | 'away' | 'padding';

/** A pair of CPUs with what was measured of it; null where a case was not. */
export interface MeasuredPair {
  readonly crossing: PairKind;
  readonly take: (kind: Kind, latency: boolean) => Taken | null;
}

const isLatency = (result: Result): boolean => result.benchmark === 'spsc-latency';

/**
 * A case that was given up for want of time, after less than half of the rounds, is no ground for a sentence, and no comparison that
 * the others have to make room for.
 */
function takenFrom(results: readonly Result[]): Taken[] {
  const most = Math.max(0, ...results.map((result) => figuresOf(result).length));
  return results.flatMap((result, index): Taken[] => {
    const { placement, median } = result;
    if (placement.kind !== 'spsc' || median === null || figuresOf(result).length * 2 < most) return [];
    return [{ index, result, spsc: placement }];
  });
}

/** Everything of a run that a guided run's cases are told by, nearest pair first. */
export function measuredPairs(topology: Topology, results: readonly Result[]): MeasuredPair[] {
  const taken = takenFrom(results);
  const pinned = taken.filter(({ spsc }) => spsc.pin);
  const pairs = new Map(
    pinned.map(({ spsc }) => [`${spsc.producer} ${spsc.consumer}`, [spsc.producer, spsc.consumer] as const]),
  );
  return namePairKinds(topology, [...pairs.values()]).map((crossing) => {
    const home = homeOf(topology, crossing.producer) ?? 'producer';
    const own = pinned.filter(({ spsc }) => spsc.producer === crossing.producer && spsc.consumer === crossing.consumer);
    const is: Readonly<Record<Kind, (spsc: SpscCase) => boolean>> = {
      plain: ({ memory, padding }) => memory === home && padding === DEFAULT_WORKLOAD.padding,
      away: ({ memory, padding }) => memory !== home && padding === DEFAULT_WORKLOAD.padding,
      padding: ({ memory, padding }) => memory === home && padding === OTHER_PADDING,
    };
    return {
      crossing,
      take: (kind, latency) => own.find(({ spsc, result }) => is[kind](spsc) && isLatency(result) === latency) ?? null,
    };
  });
}

/** What was measured with the scheduler free to move the threads. */
export function notPinned(results: readonly Result[], latency: boolean): Taken | null {
  return takenFrom(results).find(({ result, spsc }) => !spsc.pin && isLatency(result) === latency) ?? null;
}
