/**
 * Owns the rows of a running program's threads: to pick them up, to release them, to take their last move back. A row is kept while
 * its threads are there, and stays where it is while it is used, so that a click ends where it began.
 */

import { threadSlot } from '../../model/bench/program/threads.ts';
import type { LiveThread, ThreadToken } from '../../model/bench/program/threads.ts';
import type { Actions } from '../state/actions.ts';
import { el, say } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { VscodeButton } from '../ui/elements.ts';
import { grabButton } from './grab.ts';
import type { TokenPicker } from './grab.ts';

export interface ThreadRow {
  readonly token: ThreadToken;
  readonly name: string;
  /** "cpu 0, 85 %, pinned to 0". */
  readonly where: string;
  readonly threads: readonly LiveThread[];
}

interface Made {
  readonly element: HTMLElement;
  update(row: ThreadRow): void;
}

export interface ThreadRows {
  readonly element: HTMLElement;
  update(rows: readonly ThreadRow[]): void;
}

function createRow(token: ThreadToken, actions: Actions, picker: TokenPicker): Made {
  const grab = grabButton(threadSlot(token), picker, '', { 'data-key': token });
  const [name, where, acts] = [el('span'), el('span.where'), el('span.row-acts')];
  const element = el('div.row.thread', {}, grab, el('span.name', {}, name, where, acts));
  /** Made when it is first needed: most of two hundred threads were never touched. */
  const shown = (wanted: boolean, action: string, label: string, words: string, act: () => void): void => {
    let made = acts.querySelector<VscodeButton>(`[data-action=${action}]`);
    if (!made && wanted) acts.append((made = button(action, 'link', act, label)));
    if (!made) return;
    // Whoever used it by keys stays with the threads that it was about.
    if (!wanted && made === document.activeElement) grab.focus();
    made.hidden = !wanted;
    made.setAttribute('aria-label', words);
  };
  return {
    element,
    update({ name: called, where: at, threads }) {
      say(name, called);
      say(where, at);
      name.title = called;
      where.title = at;
      grab.setAttribute('aria-label', `Pick up ${called}, ${at}`);
      const [moved, pinned] = [threads.some((one) => one.moved), threads.some((one) => one.pinned)];
      shown(moved, 'thread-undo', 'Undo move', `Undo the last move of ${called}`, () => actions.undoPin(token));
      shown(pinned, 'thread-release', 'Release', `Release ${called}: to run on any CPU`, () => actions.release(token));
      acts.hidden = !moved && !pinned;
    },
  };
}

export function createThreadRows(actions: Actions, picker: TokenPicker): ThreadRows {
  const element = el('div.threads');
  const made = new Map<ThreadToken, Made>();
  const used = (): boolean => element.matches(':hover') || element.contains(document.activeElement);
  return {
    element,
    update(rows) {
      const wanted = new Set(rows.map(({ token }) => token));
      for (const [token, row] of made) {
        if (wanted.has(token)) continue;
        row.element.remove();
        made.delete(token);
      }
      for (const row of rows) {
        const known = made.get(row.token) ?? createRow(row.token, actions, picker);
        made.set(row.token, known);
        known.update(row);
        if (!known.element.isConnected) element.append(known.element);
      }
      const order = rows.flatMap(({ token }) => made.get(token)?.element ?? []);
      if (!used() && order.some((row, at) => element.children[at] !== row)) element.append(...order);
    },
  };
}
