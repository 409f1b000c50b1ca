/** Owns the keys of the whole page. They end in the same actions as the mouse, and keep out of fields. */

import { QUICK } from '../../model/live/measures/quick.ts';
import type { PlainAct } from '../../protocol/acts.ts';
import type { Slot } from '../../model/placement/slots.ts';
import type { Actions } from '../state/actions.ts';
import type { Acts } from './acts.ts';
import { isRecorded, runBlocked, slotsOf } from '../state/select.ts';
import type { Store } from '../state/store.ts';

export interface KeyTargets {
  pickUp(slot: Slot): void;
  /** Puts the focus on the chosen measure, and tells whether it is there already. */
  focusHeat(): void;
  heatFocused(): boolean;
}

/** Keys that do one act, whatever else is on the page. */
const ACTS: Readonly<Record<string, PlainAct>> = {
  ...{ t: 'table', x: 'matrix', i: 'devices', l: 'numbers', b: 'baseline', n: 'victims' },
  ...{ '+': 'zoomIn', '=': 'zoomIn', '-': 'zoomOut', '0': 'fit', z: 'zoomToNode', f: 'find', '/': 'find' },
  ...{ k: 'pause', ',': 'earlier', '.': 'later', '[': 'momentA', ']': 'momentB' },
};

/**
 * Typing goes to the field; an open list has its own keys. Of an open dialog are all keys, also while nothing in it has the
 * focus: an Escape that is to close it must not end a run behind it.
 */
function takenByOther(event: KeyboardEvent): boolean {
  return (
    document.querySelector('dialog[open]') !== null ||
    event
      .composedPath()
      .some((at) => at instanceof Element && at.matches('input, textarea, select, vscode-single-select'))
  );
}

export function listenToKeys(store: Store, actions: Actions, acts: Acts, targets: KeyTargets): void {
  const state = store.get;

  const digit = (key: string): void => {
    if (targets.heatFocused()) {
      const measure = QUICK[Number(key) - 1]?.key;
      if (measure !== undefined) {
        store.view({ measure });
        targets.focusHeat();
      }
      return;
    }
    acts.ask(key);
  };
  const escape = (): void => {
    const { board, starting, view, failure, ends, moment, thief } = state();
    const { checkup } = board ?? {};
    const shown = checkup && checkup.startedAt !== state().hiddenCheckup;
    if (failure) actions.dismiss();
    else if (shown && checkup.diagnosis === null) actions.check.stop();
    else if (board?.running || starting) actions.stop();
    else if (view.table) store.view({ table: false });
    else if (thief !== null) actions.victims.end();
    else if (moment && !isRecorded(state())) actions.moments.live();
    else if (ends.a ?? ends.b) actions.moments.forgetEnds();
    else if (view.picked.length > 0) actions.kept.unpick();
    else if (shown) actions.check.close();
    else if (view.matrix) store.view({ matrix: false });
    else if (view.shown !== null) actions.show(null);
  };
  const run = (): void => {
    const blocked = runBlocked(state());
    if (blocked) actions.announce(`Cannot run: ${blocked.why}`);
    else actions.run();
  };
  const byKey: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    r: run,
    s: ({ shiftKey }) => actions.stepSetting(shiftKey ? -1 : 1),
    g: () => acts.ask('g'),
    // Once to the measures, once more to all of them.
    h: () => (targets.heatFocused() ? store.set({ listing: true }) : targets.focusHeat()),
    d: () => actions.check.start(),
    e: () => actions.export(),
    o: () => {
      if (state().board?.kept !== null) actions.kept.choose();
    },
    Escape: escape,
  };

  const plainOf = (key: string): (() => void) | undefined => {
    const act = ACTS[key];
    return act && acts.plain[act];
  };

  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.altKey || takenByOther(event)) return;
    const { board, carried, choosing } = state();
    if (choosing) {
      if (event.key === 'Escape') store.set({ choosing: false });
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() === 'z' && !event.shiftKey && board?.topology) {
        event.preventDefault();
        acts.plain.undo();
      }
      return;
    }
    if (event.key === '?') {
      acts.plain.keys();
      return;
    }
    if (!board?.topology) return;
    if (event.key === '!') {
      acts.plain.warnings();
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const slot = slotsOf(state()).find(({ letter }) => letter.toLowerCase() === key);
    // While a token is carried the board owns digits, arrows, Enter and Escape.
    const act =
      slot && !board.running
        ? () => targets.pickUp(slot)
        : carried && /^(\d|Escape)$/.test(key)
          ? undefined
          : (byKey[key] ?? plainOf(key));
    if (act) act(event);
    else if (/^[1-9]$/.test(key) && !carried) digit(key);
    else return;
    event.preventDefault();
  });
}
