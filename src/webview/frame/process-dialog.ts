/** Owns the choice of a process to watch: a list that typing narrows, by keys as by mouse. */

import { busyWords, matching, memoryWords } from '../../model/live/processes.ts';
import type { ProcessList, ProcessRow } from '../../model/live/processes.ts';
import { ofProcess, parseSelection, selectionWords } from '../../model/live/selection.ts';
import { problemWords } from '../../model/problem.ts';
import type { Selection } from '../../model/live/selection.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { Actions } from '../state/actions.ts';
import { el, modal, say, slot } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { typedInput } from '../ui/typed-field.ts';
import type { Part } from '../state/part.ts';
import type { Store } from '../state/store.ts';

/** Rows drawn; typing finds the others. */
const SHOWN = 100;
const PAGE = 8;
const ROW_ID = 'process-';
const KIND = /^(?:pid|name|cgroup|unit|container|pod):./;

function option(row: ProcessRow, chosen: boolean, choose: () => void): HTMLElement {
  const made = el(
    'div.process',
    { id: `${ROW_ID}${row.pid}`, role: 'option', 'aria-selected': String(chosen), 'data-pid': row.pid },
    el('span.who', {}, el('b', {}, row.name), el('span.num.dim', {}, String(row.pid))),
    el('span.sm', {}, busyWords(row)),
    el('span.sm', { title: isUnavailable(row.onNodes) ? row.onNodes.unavailable : null }, memoryWords(row)),
    row.command !== '' && row.command !== row.name && el('span.sm.dim.line', { title: row.command }, row.command),
  );
  made.addEventListener('click', choose);
  return made;
}

const heading = (words: string): HTMLElement => el('div.process-head', { role: 'presentation' }, words);

/** "12 of 55 processes". */
function countWords({ count, processes }: ProcessList, found: number): string {
  const known = processes.length < count ? `; the list has ${processes.length} of ${count}` : '';
  return found === 0
    ? `None fits${known}. A process ID can be typed above the board.`
    : `${found} of ${processes.length} processes${known}`;
}

export function createProcessDialog(actions: Actions, store: Store): Part {
  const input = typedInput('process-filter', {
    placeholder: 'name, command, process ID, or unit:nginx.service',
    role: 'combobox',
    'aria-label': 'Process to watch',
    'aria-controls': 'processes',
    'aria-expanded': 'true',
    'aria-autocomplete': 'list',
  });
  const list = el('div.processes', { id: 'processes', role: 'listbox', 'aria-label': 'Processes' });
  const rows = slot(list);
  const status = el('div.hint', { role: 'status' });
  const again = button('processes-again', 'secondary', () => actions.pickProcess(), 'Read again');
  const close = (): void => store.set({ picking: null });
  const element = el(
    'dialog.pick',
    { 'aria-labelledby': 'pick-title' },
    el('div.verdict', { id: 'pick-title' }, 'Which process?'),
    input,
    list,
    status,
    el('div.acts', {}, again, button('processes-close', 'secondary', close, 'Cancel')),
  );
  const show = modal(element, close);
  let shown: readonly ProcessRow[] = [];
  let at = 0;

  const choose = (row: ProcessRow | undefined): void => {
    if (!row) return;
    close();
    actions.follow(ofProcess(row.pid));
    actions.announce(`${row.name}, process ${row.pid}: ${memoryWords(row)}`);
  };
  /** Typed with its kind, it needs no list. */
  const explicit = (): Selection | null => (KIND.test(input.value.trim()) ? parseSelection(input.value) : null);
  const followTyped = (): void => {
    const selection = explicit();
    if (!selection) return;
    close();
    actions.follow(selection);
    actions.announce(`Following ${selectionWords(selection)}`);
  };
  const go = (to: number): void => {
    at = Math.max(0, Math.min(shown.length - 1, to));
    store.set({});
  };
  const KEYS: Readonly<Record<string, () => void>> = {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    PageDown: () => go(at + PAGE),
    PageUp: () => go(at - PAGE),
    Enter: () => (explicit() ? followTyped() : choose(shown[at])),
  };
  input.addEventListener('keydown', (event) => {
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  input.addEventListener('input', () => go(0));

  const content = (): Child => {
    const mixed = shown.some(({ own }) => own) && shown.some(({ own }) => !own);
    return shown.map((row, i) => [
      mixed && i === 0 && row.own && heading('Yours'),
      mixed && !row.own && (i === 0 || shown[i - 1]?.own === true) && heading('Of others'),
      option(row, i === at, () => choose(row)),
    ]);
  };
  return {
    element,
    update({ picking }) {
      const wanted = picking !== null;
      const changed = show(wanted);
      if (!picking) return;
      if (changed) {
        input.value = picking.words;
        at = 0;
        input.focus();
      }
      const { found, problem } = picking;
      const fits = found ? matching(found, input.value) : [];
      shown = fits.slice(0, SHOWN);
      rows.update([found, input.value, at], () => content());
      const typed = explicit();
      const told = problem
        ? problemWords(problem)
        : found
          ? typed
            ? `Enter follows ${selectionWords(typed)}.`
            : countWords(found, fits.length)
          : 'Reading the processes of the host';
      say(status, told);
      const row = shown[at];
      if (row) input.setAttribute('aria-activedescendant', `${ROW_ID}${row.pid}`);
      else input.removeAttribute('aria-activedescendant');
      list.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
    },
  };
}
