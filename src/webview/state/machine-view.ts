/** Owns what the drawn machine is told: the board's facts and view state as its one view. */

import { benchOf } from '../../model/bench/index.ts';
import type { Case } from '../../model/cases/case.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { idsIn, lineCpus } from '../../model/placement/slots.ts';
import type { Ends } from '../../model/svg/ends.ts';
import type { Slot } from '../../model/placement/slots.ts';
import type { LineEnds } from '../../model/svg/run-face.ts';
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
import { comparisonOf } from './comparison.ts';
import { liveGroup } from './followed.ts';
import { victimsNow } from './stealing.ts';
import type { State } from './store.ts';

/** Between which CPUs it was measured; null where nothing was pinned, or the benchmark draws no line. */
function pinnedLine(one: Case): readonly [from: number, to: number] | null {
  const bench = benchOf(one);
  return bench.asked(one).pinned ? lineCpus(bench.slots, bench.placement(one)) : null;
}

/** The second line on the board; the same pair measured otherwise (not pinned, other padding) has none of its own. */
export function baselineEnds(state: State): LineEnds | null {
  const run = ranRun(state);
  const compared = run && besides(state, slotsOf(state));
  if (compared) return compared.baseline;
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

/** Of two runs that are compared the second one's tokens and line; the same places have none of their own. */
function besides(state: State, slots: readonly Slot[]): Pick<MachineView, 'baseline' | 'beside'> | null {
  const found = comparisonOf(state);
  const [a, b] = found ? [placedCase(found.of), placedCase(found.against)] : [];
  if (!a || !b || a.kind !== b.kind || benchOf(b).slots !== slots) return null;
  const [of, against] = [pinnedLine(a), pinnedLine(b)];
  const same = of?.[0] === against?.[0] && of?.[1] === against?.[1];
  return {
    baseline: against && !same ? { from: against[0], to: against[1] } : null,
    beside: benchOf(b).asked(b).pinned ? benchOf(b).placement(b) : null,
  };
}

/** Whether something is drawn that is loaded with the rest of the page: tokens on CPUs and what they bring, threads. */
export const needsMarks = (state: State): boolean => {
  const placement = shownPlacement(state);
  return (
    liveGroup(state) !== null ||
    slotsOf(state).some(({ name, on }) => on === 'cpus' && idsIn(placement, name).length > 0)
  );
};

export function machineView(state: State, topology: Topology): MachineView {
  // A run of the whole machine has no tokens: what is placed stays a plan.
  const run = ranRun(state);
  const [slots, placement] = [slotsOf(state), shownPlacement(state)];
  const now = state.board?.running ?? null;
  const running = now?.at === 'placed' ? now : null;
  const compared = run && besides(state, slots);
  const victims = victimsNow(state);
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
    group: liveGroup(state),
    result: (compared && comparisonOf(state)?.run) ?? run,
    baseline: baselineEnds(state),
    ends: victims ? { from: { kind: 'cpu', id: victims.thief }, to: null, kind: 'lit' } : endsOf(state),
    beside: compared?.beside ?? null,
    planned: !run && !running && lineCpus(slots, placement) !== null,
    costs: dropCosts(state),
    links: measuredNodes(state, topology),
    victims,
    stale: stale(state, Date.now()),
  };
}
