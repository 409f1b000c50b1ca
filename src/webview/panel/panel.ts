/** Owns the panel: which state it is in, in the order that the visual language gives. */

import { measureOf } from '../measures/known.ts';
import { idsIn } from '../../model/placement/slots.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Actions } from '../state/actions.ts';
import { keepContrast } from '../machine/contrast.ts';
import { el, slot, watchWidth } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { Part } from '../state/part.ts';
import { comparedRuns, isRecorded, isStill, planned, shownPlacement, shownRun, slotsOf } from '../state/select.ts';
import type { State, Store } from '../state/store.ts';
import { askDoctor, shownCheckup } from './ask-doctor.ts';
import { askVictims } from './ask-victims.ts';
import { failure, lost, switching, tellAge } from './failure.ts';
import { asks, idle, recorded } from './idle.ts';
import type * as Faces from './faces.ts';
import { live, liveBelow } from './live.ts';
import { note, section } from './elements.ts';
import { noRuns } from './no-runs.ts';

/** The strip is drawn as wide as its column lets it: the insets are 12 px, a scroll bar takes a little. */
const INSETS = 25;
/** As in narrow.css: between these the panel lies below the board in two columns. */
const IN_TWO = matchMedia('(max-width: 820px) and (min-width: 481px)');

type Mode =
  | 'doctor'
  | 'running'
  | 'carrying'
  | 'victims'
  | 'comparing'
  | 'result'
  | 'recorded'
  | 'program'
  | 'following'
  | 'placed'
  | 'idle'
  | 'live';

function modeOf(state: State): Mode {
  const { board, carried, view } = state;
  if (board?.running) return 'running';
  if (carried) return 'carrying';
  if (state.thief !== null) return 'victims';
  if (shownCheckup(state)) return 'doctor';
  if (comparedRuns(state).length > 1) return 'comparing';
  if (shownRun(state)) return 'result';
  if (isStill(state)) return 'recorded';
  if (board?.program) return 'program';
  if (board?.following && measureOf(view.measure).about === 'process') return 'following';
  const [slots, placement] = [slotsOf(state), shownPlacement(state)];
  // What needs nothing placed is ready to be measured.
  if (board && (slots.length === 0 || (!isRecorded(state) && 'cases' in planned(state)))) return 'placed';
  if (slots.some(({ name, on }) => on === 'cpus' && idsIn(placement, name).length > 0)) return 'placed';
  if (isRecorded(state)) return 'live';
  return board?.runs.length === 0 && view.measure === 'busy' ? 'idle' : 'live';
}

/** What stands there before anything was asked for needs no more than this. */
const AT_FIRST: readonly Mode[] = ['carrying', 'recorded', 'idle', 'live'];

/** Whether the panel is in a state that is drawn by `faces.ts`. */
export const needsFaces = (state: State): boolean =>
  Boolean(state.board?.topology) &&
  (!AT_FIRST.includes(modeOf(state)) ||
    (state.board?.runs.length ?? 0) > 0 ||
    state.board?.reserved != null ||
    (state.ends.a !== null && state.ends.b !== null));

/** Question, verdict, figures. @param faces null where they could not be loaded, which is told elsewhere. */
function head(
  mode: Mode,
  state: State,
  topology: Topology,
  actions: Actions,
  width: number,
  faces: typeof Faces | null,
): Child {
  const { board, carried } = state;
  const run = shownRun(state);
  if (mode === 'running' && board?.running) return faces?.running(board.running, board.workload, width);
  const checkup = mode === 'doctor' ? shownCheckup(state) : null;
  if (checkup) return faces?.doctor(state, checkup, actions);
  if (mode === 'carrying' && carried) return faces?.carrying(state, topology, carried.slot, carried.over);
  if (mode === 'victims') return faces?.victims(state, actions);
  if (mode === 'comparing') return faces?.comparing(state, actions, width);
  if (mode === 'result' && run) return faces?.result(state, run, actions, width);
  if (mode === 'recorded') return recorded(state, topology);
  if (mode === 'program' && board?.program) return faces?.programNow(board.program, width, topology.machine.emulated);
  if (mode === 'following') return faces?.following(state, topology);
  if (mode === 'placed') return faces?.placed(state, topology, actions);
  if (mode === 'idle') return idle(state, topology, actions);
  return live(state, topology);
}

/** Under a folded tray the reason below Run is out of sight: it stands here in any case, and for a recording only here. */
function cannot(state: State, actions: Actions): Child {
  const { board } = state;
  if (!board?.measuring) return null;
  const { message, hint } = board.measuring;
  // The hint is for whoever typed a command line: here another host is a click away.
  const elsewhere = isRecorded(state) && board.hosts.length > 0;
  const choose = button('measure-elsewhere', 'secondary', () => actions.otherHost(), 'Choose a host to measure on');
  const act = elsewhere ? el('div.acts', {}, choose) : hint !== null && el('div.dim.sm', {}, hint);
  const back =
    state.apart &&
    el(
      'div.acts',
      {},
      button('to-board', 'secondary', () => actions.toBoard(), 'Back to the board'),
    );
  return section('Measuring', note('no', message, act), back && el('div.in', {}, back));
}

/** A recording without runs will never have any. */
const hasRuns = ({ board }: State): boolean =>
  board?.kept !== null || board.host?.transport !== 'recorded' || board.runs.length > 0;

/** What held while measuring; without a run, what can be asked. The questions already stand at an idle board's top. */
function tail(mode: Mode, state: State, topology: Topology, actions: Actions, faces: typeof Faces | null): Child {
  const run = shownRun(state);
  if (mode === 'result' && run) return [faces?.heldWhile(run), faces?.toPaste(topology, run)];
  if (mode === 'recorded') return section('Ask', askVictims(topology, actions), askDoctor(actions));
  return mode === 'live'
    ? section('Ask', asks(state, topology, actions), askVictims(topology, actions), askDoctor(actions))
    : null;
}

export interface Panel extends Part {
  /** What draws the states that need it, once it is loaded. */
  bring(faces: typeof Faces): void;
}

/** @param redraw asked for when the panel has another width. */
export function createPanel(actions: Actions, store: Store, redraw: () => void): Panel {
  // Seven places, so that a sample rebuilds no control: a button replaced between press and release swallows the click.
  const places = Array.from({ length: 7 }, () => el('div'));
  const element = el('aside.panel', { 'aria-label': 'Answer', tabindex: 0 }, places);
  const widthOf = watchWidth(element, redraw);
  // Its tables of nodes are read as heat.
  keepContrast(element);
  const [trouble, two, main, ready, list, now, end] = places.map(slot);
  let last: Mode | null = null;
  let faces: typeof Faces | null = null;
  return {
    element,
    bring: (loaded) => (faces = loaded),
    update(state) {
      const { board, failure: failed, carried, view, line, sample, exported } = state;
      trouble?.update([failed, line, board?.connection], () => [
        lost(state, actions),
        switching(state, actions),
        failed &&
          failure(
            failed.title,
            failed.problem,
            button('dismiss', 'secondary', () => actions.dismiss(), 'Close'),
          ),
      ]);
      tellAge(element, state);
      const topology = board?.topology;
      if (!topology) return;
      const mode = modeOf(state);
      // The answer of a comparison stands at the top, and its second run was chosen far below.
      if ((mode === 'comparing' || mode === 'doctor') && last !== mode) element.scrollTop = 0;
      last = mode;
      const width = Math.max(200, widthOf() / (IN_TWO.matches ? 2 : 1) - INSETS);
      const { ends } = state;
      two?.update([topology, ends, view.measure, view.lanes, width, faces], () =>
        faces?.moments(state, topology, actions, width),
      );
      const { running: going, runs: all, costs, placement, workload, baseline, measuring, connection } = board;
      const facts = [
        mode,
        topology,
        all,
        costs,
        placement,
        workload,
        baseline,
        measuring,
        connection.state,
        line,
        carried,
        state.thief,
        view.shown,
        shownCheckup(state),
        view.matrix,
        view.picked,
        board.kept,
        board.reserved,
        faces,
      ];
      const lives =
        mode === 'live'
          ? [view.measure, sample]
          : mode === 'program'
            ? [board.program]
            : mode === 'following'
              ? [sample, board.following, board.held]
              : [];
      main?.update([...facts, state.moment, going, exported, width, ...lives], () =>
        head(mode, state, topology, actions, width, faces),
      );
      if (state.revealed !== null && faces) {
        faces.reveal(element, state.revealed);
        store.set({ revealed: null });
      }
      const { program } = board;
      const course = mode === 'program' ? program?.course : null;
      const acts = mode === 'following' ? faces?.fixesKey(state, topology) : sample;
      ready?.update([mode, topology, placement, acts, course, faces], () =>
        mode === 'placed'
          ? faces?.before(state, topology)
          : mode === 'program' && program
            ? faces?.programDone(program, topology.machine.emulated)
            : mode === 'following'
              ? faces?.fixes(state, topology, actions, store)
              : null,
      );
      list?.update(facts, () =>
        mode === 'running'
          ? faces?.stopping(actions)
          : [
              cannot(state, actions),
              board.reserved && faces?.reservedHere(state, actions),
              hasRuns(state) && (all.length === 0 ? noRuns(state, actions) : faces?.runList(state, actions)),
            ],
      );
      now?.update([mode, topology, sample, board.asked, state.moment, faces], () => [
        mode === 'following' && faces?.followingInDetail(state, topology),
        (mode === 'idle' || mode === 'program') && liveBelow(state, topology),
        (mode === 'idle' || mode === 'live') && sample && faces?.evidence(sample),
      ]);
      end?.update(facts, () => tail(mode, state, topology, actions, faces));
    },
  };
}
