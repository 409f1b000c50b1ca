/** Owns the comparison of two listed runs as one run: the first's result held against the second's, so that machine and panel draw it as they draw any. */

import type * as SideBySide from '../../model/gate/side-by-side.ts';
import { compareAcross } from '../../model/run/compare.ts';
import type { Result, RunSummary } from '../../model/run/run.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { comparedRuns } from './select.ts';
import type { State } from './store.ts';

export interface Comparison {
  readonly a: RunSummary;
  readonly b: RunSummary;
  /** The two results as those of one run, `a`; null: one of them has many, and none stands for it, or they cannot be compared. */
  readonly run: RunSummary | null;
  /** Why there is no such run; null: there is. */
  readonly why: string | null;
  /** The results that stand for the two; null of one that has many. */
  readonly of: Result | null;
  readonly against: Result | null;
}

type Comparing = Pick<typeof SideBySide, 'headlineOf' | 'answerAcross'>;

/** How two are held against each other, once it is loaded with the rest of the page. */
let comparing: Comparing | null = null;
export const bringComparing = (loaded: Comparing): void => {
  comparing = loaded;
};

function compared(
  { headlineOf, answerAcross }: Comparing,
  topology: Topology,
  a: RunSummary,
  b: RunSummary,
): Comparison {
  const [of, against] = [headlineOf(a), headlineOf(b)];
  const held = compareAcross(of, against);
  if ('why' in held) return { a, b, run: null, why: held.why, of, against };
  const { results, comparison } = held;
  const { environment } = a;
  const answer = answerAcross({ topology, results, environment, comparison });
  const { guide: _guide, race: _race, notes: _notes, ...rest } = a;
  return { a, b, run: { ...rest, results, comparison, verdict: answer, partial: null }, why: null, of, against };
}

let last: { readonly topology: Topology; readonly found: Comparison } | null = null;

/** Null unless two are compared. Worked out once for the two: its interval takes thousands of draws. */
export function comparisonOf(state: State): Comparison | null {
  const topology = state.board?.topology;
  const [a, b, more] = comparedRuns(state);
  if (!comparing || !topology || !a || !b || more) return null;
  if (last?.topology !== topology || last.found.a !== a || last.found.b !== b)
    last = { topology, found: compared(comparing, topology, a, b) };
  return last.found;
}
