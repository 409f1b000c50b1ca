/** Owns the keys of a plan: on the chosen block, wherever the focus is. They keep out of fields and dialogs, and the board's own rest meanwhile. */

import type { KeyHelp } from '../frame/help.ts';
import { ARROWS } from '../ui/key-list.ts';
import type { Desk } from './desk.ts';
import type { Hand } from './hand.ts';

/** What is heard here, and in the machine of a carried block. */
export const PLAN_KEYS: KeyHelp = {
  keys: [
    [['\u2191', '\u2193', 'Home', 'End'], 'in the list of blocks: the next, the first, the last'],
    [['Enter'], 'on a block in the list: pick it up; while carrying: drop it'],
    [['P'], 'pick up the chosen block, wherever the focus is'],
    [ARROWS, 'move the carried block or the focus: within the core, core to core, on to the next node'],
    [['Shift', ...ARROWS], 'to the same place in the node in that direction'],
    [['Home', 'End', 'PgUp', 'PgDn'], 'first, last in the node; the same place in the previous, next node'],
    [['0', '\u2026', '9'], 'while carrying: jump to that CPU or node'],
    [['+', '\u2212'], 'while carrying: onto the whole core, L3, node or socket, and back'],
    [['Esc'], 'let the carried block be where it was'],
    [['+', '\u2212'], 'the chosen block: a core more, a core less'],
    [['[', ']'], 'the chosen block, if it names its CPUs: a core more, a core less at its first core'],
    [['N'], 'the chosen block to the next node; with Shift to the one before'],
    [['Del'], 'the chosen block back into the tray'],
    [['C'], 'compare the plan with what runs on its host; again: no longer'],
    [['Ctrl', 'Z'], 'undo; with Shift, or Ctrl Y: redo'],
    [['0'], 'the whole machine'],
    [['Z'], 'zoom to the focused node and back'],
    [['L'], 'number CPUs as lstopo does (L#), or as the kernel does (P#)'],
    [['!'], 'warnings about this machine'],
    [['?'], 'these keys'],
  ],
  hint: 'Whatever is dragged can be typed as well: Place takes node 1, nodes 0-1 or cpus 18-25,54-61.',
};

const taken = (event: KeyboardEvent): boolean =>
  document.querySelector('dialog[open]') !== null ||
  event
    .composedPath()
    .some((at) => at instanceof Element && at.matches('input, textarea, select, vscode-single-select'));

/** What the board would make something of; the rest (F1, Ctrl+P) is for the editor that the page is in, or means the same for both. */
const isOfBoard = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  !ctrlKey && !metaKey && !/^(F\d+|Tab|[?!lL])$/.test(key);

export interface PlanKeyHost {
  /** Whether the plan is what the page shows. */
  readonly shown: boolean;
  /** The editor that the page is in takes back by itself what is done to its text. */
  readonly inEditor: boolean;
  /** Holds the plan against its host, or no longer. */
  compare(): void;
}

export function listenToPlanKeys(root: HTMLElement, desk: Desk, hand: Hand, host: PlanKeyHost): void {
  const onBlock = (event: KeyboardEvent): boolean => {
    const name = desk.chosen;
    const inMachine = event.target instanceof Element && hand.element.contains(event.target);
    if (hand.carrying) return false;
    if (event.key === '0') hand.machine.fit();
    else if (event.key === 'z') hand.machine.zoomToNode();
    else if (event.key === 'c') host.compare();
    else if (name === null) return false;
    else if (event.key === '+' || event.key === '=') desk.stretch(name, 1);
    else if (event.key === '-') desk.stretch(name, -1);
    else if (event.key === '[') desk.stretch(name, 1, 'first');
    else if (event.key === ']') desk.stretch(name, -1, 'first');
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
