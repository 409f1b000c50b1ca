/** What is asked of two pools under each load. */

import type { Scenario, SeparationCase } from '../../cases/separation.ts';

interface Load {
  /** Percent of what the base serves, that come by the clock; absent: there is always a next request. */
  readonly offered?: number;
  /** Requests that may wait at each worker that walks, beside as many as are under way; absent: as many as the agent lets. */
  readonly queue?: number;
  /** What a request is made of. */
  readonly walks: number;
  readonly batches: number;
}

/** Requests under way for each worker that takes distances: one that it has in hand, and the next. */
export const UNDER_WAY = 2;

export const LOADS: Readonly<Record<Scenario, Load>> = {
  '60%': { offered: 60, walks: 1, batches: 1 },
  '100%': { walks: 1, batches: 1 },
  // As many wait as are under way: a longer queue says how long it is, not what the layout does.
  '200%': { offered: 200, queue: 1, walks: 1, batches: 1 },
  traversal: { walks: 4, batches: 1 },
  distance: { walks: 1, batches: 4 },
};

/** What loads are a part of: the mixed layout with always a next request, else the first of those measured. */
export function baseOf(cases: readonly SeparationCase[]): SeparationCase | null {
  if (!cases.some(({ scenario }) => LOADS[scenario].offered !== undefined)) return null;
  const base = cases.find(({ layout }) => layout === 'mixed') ?? cases[0];
  return base ? { ...base, scenario: '100%' } : null;
}
