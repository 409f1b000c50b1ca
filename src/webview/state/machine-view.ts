/** Owns what the drawn machine is told: the board's facts and view state as its one view. */

import type { RunRecord } from '../../model/run/run.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { SpscCase } from '../../model/cases/spsc.ts';
import type { MachineView } from '../machine/view.ts';
import { dropCosts, nodeCosts, pair, planned, shownPlacement, shownRun, spscCase, stale } from './select.ts';
import type { State } from './store.ts';

/** The second line on the board; the same pair measured otherwise (not pinned, other padding) has none of its own. */
function baselineCase(state: State, run: RunRecord | null): SpscCase | null {
  const next = planned(state);
  const [of, against] = run ? [spscCase(pair(run).of), spscCase(pair(run).against)] : 'cases' in next ? next.cases : [];
  if (!of || !against?.pin) return null;
  return of.producer === against.producer && of.consumer === against.consumer ? null : against;
}

export function machineView(state: State, topology: Topology): MachineView {
  const shown = shownRun(state);
  // A run of the whole machine has no tokens: what is placed stays a plan.
  const run = shown && spscCase(pair(shown).of) ? shown : null;
  const placement = shownPlacement(state);
  const now = state.board?.running ?? null;
  const running = now && now.labels.length > 0 ? now : null;
  return {
    topology,
    placement,
    sample: state.sample,
    measure: state.view.measure,
    numbers: state.view.numbers,
    devices: state.view.devices,
    carried: state.carried,
    running,
    program: state.board?.program ?? null,
    result: run,
    baselineCase: baselineCase(state, run),
    planned: !run && !running && placement.producer !== null && placement.consumer !== null,
    costs: dropCosts(state),
    links: nodeCosts(topology, state.board?.runs ?? []),
    stale: stale(state, Date.now()),
  };
}
