/** Owns what the drawn machine is told: the board's facts and view state as its one view. */

import type { RunSummary } from '../../model/run/run.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { lineCpus } from '../../model/placement/slots.ts';
import type { LineEnds } from '../../model/svg/run-marks.ts';
import type { MachineView } from '../machine/view.ts';
import { dropCosts, nodeCosts, pair, planned, shownPlacement, shownRun, SLOTS, spscCase, stale } from './select.ts';
import type { State } from './store.ts';

/** The second line on the board; the same pair measured otherwise (not pinned, other padding) has none of its own. */
function baselineEnds(state: State, run: RunSummary | null): LineEnds | null {
  const next = planned(state);
  const [of, against] = run ? [spscCase(pair(run).of), spscCase(pair(run).against)] : 'cases' in next ? next.cases : [];
  if (!of || !against?.pin) return null;
  const { producer: from, consumer: to } = against;
  return of.producer === from && of.consumer === to ? null : { from, to };
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
    slots: SLOTS,
    placement,
    sample: state.sample,
    measure: state.view.measure,
    numbers: state.view.numbers,
    devices: state.view.devices,
    carried: state.carried,
    running,
    program: state.board?.program ?? null,
    result: run,
    baseline: baselineEnds(state, run),
    planned: !run && !running && lineCpus(SLOTS, placement) !== null,
    costs: dropCosts(state),
    links: nodeCosts(topology, state.board?.runs ?? []),
    stale: stale(state, Date.now()),
  };
}
