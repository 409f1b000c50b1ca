/** Owns what the drawn machine is told: the board's facts and view state as its one view. */

import type { Running, RunRecord } from '../model/board.ts';
import type { HeatKey } from '../model/heat.ts';
import type { Sample } from '../model/sample.ts';
import type { Topology } from '../model/topology.ts';
import type { Placement, Role, SpscCase } from '../model/workload.ts';
import { pair, planned, shownPlacement, shownRun, spscCase, stale } from './select.ts';
import type { State } from './store.ts';

export interface View {
  readonly topology: Topology;
  readonly placement: Placement;
  readonly sample: Sample | null;
  readonly measure: HeatKey;
  readonly carried: { readonly role: Role; readonly over: number | null } | null;
  readonly running: Running | null;
  readonly result: RunRecord | null;
  readonly baselineCase: { readonly producer: number; readonly consumer: number } | null;
  readonly planned: boolean;
  /** Measured cost by class of distance: comes with the core-to-core benchmark. */
  readonly classes: null;
  readonly stale: string | null;
}

/** The second line on the board; the same pair measured otherwise (not pinned, other padding) has none of its own. */
function baselineCase(state: State, run: RunRecord | null): SpscCase | null {
  const next = planned(state);
  const [of, against] = run ? [spscCase(pair(run).of), spscCase(pair(run).against)] : 'cases' in next ? next.cases : [];
  if (!of || !against?.pin) return null;
  return of.producer === against.producer && of.consumer === against.consumer ? null : against;
}

export function machineView(state: State, topology: Topology): View {
  const run = shownRun(state);
  const placement = shownPlacement(state);
  const running = state.board?.running ?? null;
  return {
    topology,
    placement,
    sample: state.sample,
    measure: state.view.measure,
    carried: state.carried,
    running,
    result: run,
    baselineCase: baselineCase(state, run),
    planned: !run && !running && placement.producer !== null && placement.consumer !== null,
    classes: null,
    stale: stale(state, Date.now()),
  };
}
