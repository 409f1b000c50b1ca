/** Owns the tray: place, measure, against, run. Run says below itself why it cannot, or how long it will take. */

import { offerOf, planMs } from '../../model/bench/index.ts';
import { formatDuration } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import { el, kbd, say, slot } from '../ui/dom.ts';
import { button, disable, lock, select, setChoices, setValue } from '../ui/elements.ts';
import { unfold } from '../ui/unfold.ts';
import { runLabel } from '../state/labels.ts';
import type { Part } from '../state/part.ts';
import { canBeBaseline, isRecorded, planned, runBlocked, shownRun, slotsOf } from '../state/select.ts';
import type { State, Store } from '../state/store.ts';
import type { LATER_SETTINGS } from './later-fields.ts';
import { createMeasure } from './measure.ts';
import { createFollowedTray } from './followed.ts';
import { createProgram } from './program.ts';
import { createPlace } from './place.ts';
import type { TokenPicker } from './grab.ts';
import type { createProgramForm } from './program-form.ts';
import type { createRunning } from './running.ts';

const AUTOMATIC = 'auto';

function createAgainst(actions: Actions): Part {
  const control = select('baseline', 'Baseline', [], (value) => actions.baseline(value === AUTOMATIC ? null : value));
  control.classList.add('full');
  const words = el('div.hint');
  const element = el(
    'section.wide',
    { 'aria-label': 'Against' },
    el('h2', {}, 'Against'),
    el('div.in', {}, control, words),
  );
  return {
    element,
    update(state) {
      const { board } = state;
      if (!board) return;
      const { slots } = offerOf(board.workload).bench;
      const runs = board.runs.filter((run) => canBeBaseline(state, run));
      setChoices(control, [
        { value: AUTOMATIC, label: 'Near neighbour, chosen' },
        ...runs.map((run) => ({ value: run.id, label: runLabel(board.topology, run) })),
      ]);
      setValue(control, board.baseline ?? AUTOMATIC);
      lock(control, board.running !== null);
      const next = planned(state);
      say(
        words,
        'why' in next
          ? `Baseline: chosen once ${slots
              .filter(({ on }) => on === 'cpus')
              .map(({ letter }) => letter)
              .join(' and ')} are placed.`
          : [`Baseline: ${next.labels[1] ?? 'none, the same placement'}`, next.chosen].filter(Boolean).join('. '),
      );
    },
  };
}

/** Seconds that what is placed will take, its start included. */
export function runTime(state: State): string {
  const next = planned(state);
  const { workload } = state.board ?? {};
  return 'why' in next || !workload ? '' : `about ${formatDuration(planMs(next, workload))}`;
}

function runWords(state: State): string {
  const { running } = state.board ?? {};
  if (running) return running.rounds === 0 ? 'measuring' : `round ${running.round} of ${running.rounds}`;
  if (state.starting) return 'starting';
  const run = shownRun(state);
  return run ? `took ${formatDuration(run.seconds * 1000)}` : runTime(state);
}

/** An option stays whole at the end of a line: a word joiner on both sides of its hyphens. */
const unbroken = (words: string): string => words.replaceAll(/--(?=\w)/g, '-\u2060-\u2060');

function createRun(actions: Actions): Part {
  const run = button('run', 'primary', () => actions.run(), ['Run', kbd('R')]);
  const stop = button('stop', 'secondary', () => actions.stop(), ['Stop', kbd('Esc')]);
  const words = el('div.hint.wide', { id: 'run-words', 'aria-live': 'polite' });
  const hint = el('div.hint.wide');
  run.setAttribute('aria-describedby', words.id);
  return {
    element: el('div.in.go', {}, run, stop, words, hint),
    update(state) {
      const running = state.starting || Boolean(state.board?.running);
      const blocked = running ? null : runBlocked(state);
      run.hidden = running;
      stop.hidden = !running;
      disable(run, blocked !== null);
      say(words, unbroken(blocked?.why ?? runWords(state)));
      say(hint, unbroken(blocked?.hint ?? ''));
      hint.hidden = !blocked?.hint;
    },
  };
}

export interface Tray extends Part {
  /** What shows processes while they run, once it is loaded. */
  bring(create: typeof createRunning, createForm: typeof createProgramForm, settings: typeof LATER_SETTINGS): void;
}

/** @param map the small picture of the machine. */
export function createTray(actions: Actions, store: Store, picker: TokenPicker, map: HTMLElement): Tray {
  const [measure, against] = [createMeasure(actions), createAgainst(actions)];
  const [program, followed, run] = [createProgram(actions), createFollowedTray(actions), createRun(actions)];
  const parts = [createPlace(actions, store, picker), followed, program, measure, against, run];
  const letters = el('div');
  const widening = el('div', {}, kbd('+'), ' ', kbd('\u2212'), '  core, L3, node, socket');
  const lettersSlot = slot(letters);
  const foot = el(
    'div.in.hint.foot.wide',
    {},
    letters,
    el('div', {}, kbd('\u2190\u2191\u2192\u2193'), '  move, or digits'),
    widening,
    el('div', {}, kbd('Enter'), ' drop   ', kbd('Esc'), ' cancel'),
  );
  // Only a narrow window folds the tray (narrow.css); what is folded away must still be within reach.
  const more = unfold('unfold', 'settings', () => element);
  const element = el(
    'aside.tray',
    { 'aria-label': 'Tray: what to measure' },
    parts.map((part) => part.element),
    el('div.in.narrow', {}, more.button),
    el('div.grow.wide'),
    map,
    foot,
  );
  return {
    element,
    bring(create, createForm, settings) {
      measure.bring(settings);
      program.bring(create('program', actions, store, picker), createForm(actions));
      followed.bring(create('followed', actions, store, picker));
    },
    update(state) {
      // Unfolded, it lies over the CPUs that a carried token is meant for.
      if (state.carried) more.fold(false);
      for (const part of parts) part.update(state);
      const slots = slotsOf(state);
      lettersSlot.update(
        [slots],
        () => slots.length > 0 && [slots.map(({ letter }) => [kbd(letter), ' ']), ' pick up'],
      );
      widening.hidden = !slots.some(({ on, many }) => many && on === 'cpus');
      // Nothing can be measured meanwhile, and its threads need the room.
      const still = isRecorded(state);
      const busy = Boolean(state.board?.program) || still;
      // On a recording tokens only show what lies between places.
      program.element.hidden = run.element.hidden = more.button.hidden = still;
      measure.element.hidden = busy;
      against.element.hidden = busy || !(state.board && offerOf(state.board.workload).baseline);
    },
  };
}
