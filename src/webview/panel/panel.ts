/** Owns the panel: which state it is in, in the order that the visual language gives. */

import type { Actions } from '../actions.ts';
import { el, slot } from '../dom.ts';
import { button } from '../elements.ts';
import type { Part } from '../part.ts';
import { shownPlacement, shownRun, stale } from '../select.ts';
import type { State } from '../store.ts';
import { carrying } from './carry.ts';
import { failure, lost } from './failure.ts';
import { asks, idle, placed } from './idle.ts';
import { live, liveBelow, liveEvidence } from './live.ts';
import { find, section } from './pieces.ts';
import { heldWhile, result } from './result.ts';
import { running } from './running.ts';
import { runs } from './runs.ts';

/** The strip is drawn as wide as its column lets it: the insets are 12 px, a scroll bar takes a little. */
const INSETS = 25;
/** As in page.css: from here down the panel lies below the board, in two columns. */
const BELOW = matchMedia('(max-width: 820px)');

/** What stands at the top: question, verdict, figures. */
function head(state: State, actions: Actions, width: number): readonly HTMLElement[] {
  const { board, carried, view } = state;
  const topology = board?.topology;
  if (!topology) return [];
  if (board.running) return running(state, board.running, actions, width);
  const placement = shownPlacement(state);
  if (carried) return carrying(topology, placement, carried.role, carried.over);
  const run = shownRun(state);
  if (run) return result(state, run, actions, width);
  if (placement.producer !== null || placement.consumer !== null) return placed(state, topology, actions);
  if (board.runs.length === 0 && view.measure === 'busy') return idle(topology, board.workload, actions);
  return live(state, topology);
}

/** What follows: the list of runs, then what held or what is counted. */
function tail(state: State, actions: Actions): readonly (HTMLElement | null)[] {
  const { board, carried, view } = state;
  const topology = board?.topology;
  if (!topology || board.running) return [];
  const list = runs(state, actions);
  // Under a folded tray the reason below Run is out of sight: it stands here in any case.
  const cannot =
    board.measuring &&
    section('Measuring', find('no', board.measuring.message, el('div.dim.sm', {}, board.measuring.hint)));
  const run = carried ? null : shownRun(state);
  if (run) return [list, heldWhile(run), cannot];
  const { producer, consumer } = shownPlacement(state);
  if (carried || producer !== null || consumer !== null) return [cannot, list];
  if (board.runs.length === 0 && view.measure === 'busy')
    return [cannot, list, liveBelow(state, topology), liveEvidence(state)];
  return [
    cannot,
    list,
    liveEvidence(state),
    el('section', { 'aria-label': 'Ask' }, el('h2', {}, 'Ask'), asks(topology, board.workload, actions)),
  ];
}

export function createPanel(actions: Actions): Part {
  const top = el('div');
  const middle = el('div');
  const bottom = el('div');
  const element = el('aside.panel', { 'aria-label': 'Answer' }, top, middle, bottom);
  const [topSlot, middleSlot, bottomSlot] = [slot(top), slot(middle), slot(bottom)];
  return {
    element,
    update(state) {
      const { board, failure: failed, carried, view, line, sample } = state;
      const width = Math.max(200, element.clientWidth / (BELOW.matches ? 2 : 1) - INSETS);
      topSlot.update([failed, stale(state, Date.now()), line, board?.connection], () => [
        lost(state, actions),
        failed &&
          failure(
            failed.title,
            failed.problem,
            button('dismiss', 'secondary', () => actions.dismiss(), 'Close'),
          ),
      ]);
      // A shown run does not change with a sample; everything else may.
      const settled = shownRun(state) !== null || Boolean(board?.running);
      const deps = [
        board?.topology,
        board?.running,
        board?.runs,
        board?.placement,
        board?.workload,
        board?.baseline,
        board?.measuring,
      ];
      const own = [board?.connection.state, line, carried, view.shown, view.measure, settled ? null : sample];
      middleSlot.update([...deps, ...own, state.exported, width], () => head(state, actions, width));
      bottomSlot.update([...deps, ...own], () => tail(state, actions));
    },
  };
}
