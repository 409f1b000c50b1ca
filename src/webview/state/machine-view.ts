/** Owns what the drawn machine is told: the board's facts and view state as its one view. */

import { benchOf } from '../../model/bench/index.ts';
import type { Case } from '../../model/cases/case.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { lineCpus } from '../../model/placement/slots.ts';
import type { Ends } from '../../model/svg/ends.ts';
import type { LineEnds } from '../../model/svg/run-marks.ts';
import type { MachineView } from '../machine/view.ts';
import {
  dropCosts,
  isRecorded,
  measuredNodes,
  pair,
  placedCase,
  planned,
  ranRun,
  shownPlacement,
  shownSetting,
  slotsOf,
  stale,
} from './select.ts';
import type { State } from './store.ts';

/** Between which CPUs it was measured; null where nothing was pinned, or the benchmark draws no line. */
function pinnedLine(one: Case): readonly [from: number, to: number] | null {
  const bench = benchOf(one);
  return bench.asked(one).pinned ? lineCpus(bench.slots, bench.placement(one)) : null;
}

/** The second line on the board; the same pair measured otherwise (not pinned, other padding) has none of its own. */
export function baselineEnds(state: State): LineEnds | null {
  const run = ranRun(state);
  const next = planned(state);
  const cases = run ? [placedCase(pair(run).of), placedCase(pair(run).against)] : 'cases' in next ? next.cases : [];
  const [of, against] = cases.map((one) => one && pinnedLine(one));
  if (!of || !against) return null;
  const [from, to] = against;
  return of[0] === from && of[1] === to ? null : { from, to };
}

function endsOf({ board, pointed, view }: State): Ends | null {
  const at = board?.running?.at ?? null;
  if (at !== null && at !== 'placed') {
    return { from: { kind: 'cpu', id: at[0] }, to: { kind: 'cpu', id: at[1] }, kind: 'live' };
  }
  return pointed?.by === 'matrix' && view.matrix && !view.table
    ? { from: pointed.from, to: pointed.to, kind: 'lit' }
    : null;
}

export function machineView(state: State, topology: Topology): MachineView {
  // A run of the whole machine has no tokens: what is placed stays a plan.
  const run = ranRun(state);
  const [slots, placement] = [slotsOf(state), shownPlacement(state)];
  const now = state.board?.running ?? null;
  const running = now?.at === 'placed' ? now : null;
  return {
    topology,
    recorded: isRecorded(state),
    slots,
    placement,
    setting: shownSetting(state),
    sample: state.sample,
    measure: state.view.measure,
    numbers: state.view.numbers,
    devices: state.view.devices,
    carried: state.carried,
    running,
    program: state.board?.program ?? null,
    result: run,
    baseline: baselineEnds(state),
    ends: endsOf(state),
    planned: !run && !running && lineCpus(slots, placement) !== null,
    costs: dropCosts(state),
    links: measuredNodes(state, topology),
    stale: stale(state, Date.now()),
  };
}
