/** Owns the keys of a plan: on the chosen block, wherever the focus is. They keep out of fields and dialogs, and the board's own rest meanwhile. */

import type { Desk } from './desk.ts';
import type { Hand } from './hand.ts';

const taken = (event: KeyboardEvent): boolean =>
  document.querySelector('dialog[open]') !== null ||
  event
    .composedPath()
    .some((at) => at instanceof Element && at.matches('input, textarea, select, vscode-single-select'));

/** What the board would make something of; the rest (F1, Ctrl+P) is for the editor that the page is in, and the list of keys for both. */
const isOfBoard = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  !ctrlKey && !metaKey && !/^(F\d+|Tab|\?)$/.test(key);

export interface PlanKeyHost {
  /** Whether the plan is what the page shows. */
  readonly shown: boolean;
  /** The editor that the page is in takes back by itself what is done to its text. */
  readonly inEditor: boolean;
}

export function listenToPlanKeys(root: HTMLElement, desk: Desk, hand: Hand, host: PlanKeyHost): void {
  const onBlock = (event: KeyboardEvent): boolean => {
    const name = desk.chosen;
    const inMachine = event.target instanceof Element && hand.element.contains(event.target);
    if (hand.carrying) return false;
    if (event.key === '0') hand.machine.fit();
    else if (event.key === 'z') hand.machine.zoomToNode();
    else if (name === null) return false;
    else if (event.key === '+' || event.key === '=') desk.stretch(name, 1);
    else if (event.key === '-') desk.stretch(name, -1);
    else if (event.key === '[') desk.stretch(name, event.shiftKey ? -1 : 1, 'first');
    else if (event.key === 'n') desk.nextNode(name, 1);
    else if (event.key === 'N') desk.nextNode(name, -1);
    else if (event.key === 'p') hand.pickUp(name);
    else if ((event.key === 'Delete' || event.key === 'Backspace') && !inMachine) desk.unplace(name);
    else return false;
    return true;
  };

  addEventListener(
    'keydown',
    (event) => {
      if (!host.shown || event.defaultPrevented || event.altKey || taken(event)) return;
      if (event.ctrlKey || event.metaKey) {
        const key = event.key.toLowerCase();
        if (key !== 'z' && key !== 'y') return;
        // Tokens of the board are not what is to be taken back.
        event.stopImmediatePropagation();
        if (host.inEditor) return;
        event.preventDefault();
        desk.step(key === 'y' || event.shiftKey ? 'redo' : 'undo');
        return;
      }
      if (onBlock(event)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      // Without a focus the board would hear it.
      if (event.target === document.body && isOfBoard(event)) event.stopImmediatePropagation();
    },
    { capture: true },
  );
  root.addEventListener('keydown', (event) => {
    if (isOfBoard(event)) event.stopPropagation();
  });
}
