/** Owns what follows from the state: which run is shown, where its tokens stood, whether anything can be measured. */

import { pair } from '../../model/run/compare.ts';
import type { CostTable } from '../../model/bench/matrix/costs.ts';
import { benchOf, offerKindOf, offerOf } from '../../model/bench/index.ts';
import type { Workload } from '../../model/bench/index.ts';
import type { Plan, TokenSetting } from '../../model/bench/offer.ts';
import type { LATER_PLANS } from '../../model/bench/plans/index.ts';
import type { Result, RunSummary } from '../../model/run/run.ts';
import { nodeCosts } from '../../model/bench/nodes/costs.ts';
import type { NodeCost } from '../../model/bench/nodes/costs.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { questions } from '../../model/board/questions.ts';
import type { BoardQuestion } from '../../model/board/questions.ts';
import type { Case } from '../../model/cases/case.ts';
import { move } from '../../model/placement/placement.ts';
import { EMPTY_PLACEMENT, idsIn } from '../../model/placement/slots.ts';
import type { Placement, Slot } from '../../model/placement/slots.ts';
import { formatDuration } from '../../model/text/format.ts';
import type { Ends } from '../machine/cost.ts';
import { liveGroup } from './followed.ts';
import type { State } from './store.ts';

export { pair };

export function shownRun(state: State): RunSummary | null {
  if (state.view.shown === null || state.board?.running) return null;
  return state.board?.runs.find((run) => run.id === state.view.shown) ?? null;
}

/** Runs that are compared, as far as the board has them; fewer than two are no comparison. */
export function comparedRuns({ board, view }: State): RunSummary[] {
  return view.picked.flatMap((id) => board?.runs.find((run) => run.id === id) ?? []);
}

/** The board shows a machine out of a file: it has no life to sample, and nothing can run on it. */
export const isRecorded = ({ board }: State): boolean => board?.host?.transport === 'recorded';

/** As `isRecorded`, and nothing is known of how the machine lived. */
export const isStill = (state: State): boolean => isRecorded(state) && state.frames.length === 0;

/** The questions to offer: none to a recording, and none that is known to fail. */
export function askable({ board }: State, topology: Topology): BoardQuestion[] {
  if (!board || board.host?.transport === 'recorded') return [];
  return questions(topology, board.workload).map((question) =>
    board.measuring && question.placement !== 'process' ? { ...question, placement: null } : question,
  );
}

/** What a result measured, where its tokens can stand on the board; null where it placed none. */
export function placedCase(result: Result | null): Case | null {
  return result && benchOf(result.placement).slots.length > 0 ? result.placement : null;
}

/** The shown run, where its tokens stand on the board: it is of the benchmark that is chosen, and that places some. */
export function ranRun(state: State): RunSummary | null {
  const run = shownRun(state);
  const { topology, workload } = state.board ?? {};
  if (!run || !topology || slotsOf(state).length === 0) return null;
  return offerKindOf(topology, run) === workload?.kind ? run : null;
}

/** Whether what is placed can be held against that run. */
export function canBeBaseline({ board }: State, run: RunSummary): boolean {
  return board !== null && offerOf(board.workload).baseline && placedCase(pair(run).of)?.kind === board.workload.kind;
}

const NO_SLOTS: readonly Slot[] = [];

/** What the chosen benchmark lets be placed. */
export function slotsOf(state: State): readonly Slot[] {
  return state.board ? offerOf(state.board.workload).bench.slots : NO_SLOTS;
}

/** Where the tokens stand on the board now: where the shown run had them, else where they were placed. */
export const shownPlacement = (state: State): Placement =>
  ranPlacement(state) ?? state.board?.placement ?? EMPTY_PLACEMENT;

/** Where the shown run had its tokens; null where none is shown that had any. */
export function ranPlacement(state: State): Placement | null {
  const run = ranRun(state);
  const ran = run && placedCase(pair(run).of);
  if (!ran) return null;
  const { slots, placement } = benchOf(ran);
  const others = run.results.flatMap((result) => (result.placement.kind === ran.kind ? [result.placement] : []));
  // A token of many stood wherever any of its cases had it.
  return others.reduce(
    (all, one) => slots.filter(({ many }) => many).reduce((at, slot) => joined(at, slot, placement(one)), all),
    placement(ran),
  );
}

const joined = (at: Placement, slot: Slot, with_: Placement): Placement =>
  move(at, slot, { drop: idsIn(with_, slot.name) });

/** The server or the host is known to be gone. */
export const isLost = ({ line, board }: State): boolean => line === 'lost' || board?.connection.state === 'lost';

/** Why the last picture may no longer hold, with its age; null while the host answers. */
export function stale(state: State, now: number): string | null {
  const { board, sample } = state;
  const age = now - state.heard;
  const words = formatDuration(Math.ceil(age / 1000) * 1000);
  if (isLost(state)) return `last seen ${words} ago`;
  // From whom nothing has come for so many samples, and so long, may be gone without a word.
  const silent =
    board?.connection.state === 'connected' && sample && !isRecorded(state) && age > 10_000 + 5 * board.samplingMs;
  return silent ? `no sample for ${words}` : null;
}

/** What plans benchmarks of which a page seldom needs it, once it is loaded with the rest. */
let later: typeof LATER_PLANS = {};
export const bringPlans = (loaded: typeof LATER_PLANS): void => {
  later = loaded;
};

/** What Run would measure now, or why there is nothing to measure. */
export function planned(state: State): Plan | { readonly why: string } {
  const { board } = state;
  if (!board?.topology) return { why: 'No host yet.' };
  const baseline = board.runs.find((run) => run.id === board.baseline) ?? null;
  const { workload } = board;
  const planner = offerOf(workload).plan ? offerOf(workload) : later[workload.kind];
  const planned = planner?.plan?.(board.topology, shownPlacement(state), workload, baseline, board.busy);
  return planned ?? { why: 'Getting ready.' };
}

/** What a token carries of the settings. */
export interface Carries {
  readonly slot: string;
  readonly choice: string;
  readonly short: string;
  readonly words: string;
}

/** As it is set; null where no token of the benchmark carries a setting. */
export function carriedSetting({ board }: State): Carries | null {
  return board && carries(board.workload, (setting) => setting.of(board.workload));
}

/** As the shown run had it, else as it is set. */
export function shownSetting(state: State): Carries | null {
  const run = ranRun(state);
  const { workload } = state.board ?? {};
  if (!run || !workload) return carriedSetting(state);
  const ran = run.results.flatMap(({ placement }) => (placement.kind === workload.kind ? [placement] : []));
  return carries(workload, (setting) => setting.ofCases(ran));
}

function carries({ kind }: Workload, choose: (setting: TokenSetting<Case, Workload>) => string): Carries | null {
  const { setting } = offerOf({ kind });
  if (!setting) return null;
  const choice = choose(setting);
  return { slot: setting.slot, choice, short: setting.short(choice), words: setting.words(choice) };
}

interface Blocked {
  readonly why: string;
  readonly hint: string | null;
}

/** Why nothing at all can be measured now, in words, with what to do where something can be done; null when it can. */
export function hostBlocked(state: State): Blocked | null {
  const { board } = state;
  const because = (why: string): Blocked => ({ why, hint: null });
  if (state.line === 'lost') return because('The connection to the server was lost.');
  if (board?.connection.state === 'lost') return because('The host is disconnected.');
  if (state.carried) return because(`Drop the ${state.carried.slot.spoken} first.`);
  if (board?.program) return because('Your own program is running.');
  if (board?.measuring) return { why: board.measuring.message, hint: board.measuring.hint };
  return null;
}

/** As `hostBlocked`, and why what is placed cannot be. */
export function runBlocked(state: State): Blocked | null {
  const next = planned(state);
  return hostBlocked(state) ?? ('why' in next ? { why: next.why, hint: null } : null);
}

/** What dropping a token costs: the matrix that is shown, else the newest one. */
export function dropCosts(state: State): CostTable | null {
  const tables = (state.board?.costs ?? []).filter(({ metric }) => metric === 'ns');
  return tables.find(({ run }) => run === state.view.shown) ?? tables[0] ?? null;
}

/** The matrix that is looked at: of the run that is shown, else of the newest that has one. */
export function matrixTable({ board, view }: State): CostTable | null {
  const tables = board?.costs ?? [];
  return tables.find(({ run }) => run === view.shown) ?? tables[0] ?? null;
}

/** What dropping a token here is held against. */
export function dropEnds(state: State, topology: Topology): Ends {
  const group = liveGroup(state);
  return { topology, slots: slotsOf(state), placement: shownPlacement(state), group, costs: dropCosts(state) };
}

const costsOfRuns = new WeakMap<RunSummary, readonly NodeCost[]>();

function nodeCostsOf(topology: Topology, run: RunSummary): readonly NodeCost[] {
  const known = costsOfRuns.get(run) ?? nodeCosts(topology, run.results);
  costsOfRuns.set(run, known);
  return known;
}

/** What was measured between nodes: by the run that is shown, else by the newest that measured more than a node's own memory. */
export function measuredNodes(state: State, topology: Topology): readonly NodeCost[] {
  const runs = state.board?.runs ?? [];
  const shown = runs.find(({ id }) => id === state.view.shown);
  const all = (shown ? [shown, ...runs] : runs).map((run) => nodeCostsOf(topology, run));
  return all.find((costs) => costs.some(({ from, to }) => from !== to)) ?? [];
}
