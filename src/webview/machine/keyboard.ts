/** Owns the keys on the board: where a press leads, and jumping by number. One tab stop; the focus roves within. */

import type { Step } from '../../model/layout/step.ts';

const STEP_KEYS: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
  PageUp: 'previous',
  PageDown: 'next',
};

/** With Shift: node to node. */
const NODE_STEP_KEYS: Readonly<Record<string, Step>> = {
  ArrowLeft: 'node-left',
  ArrowRight: 'node-right',
  ArrowUp: 'node-up',
  ArrowDown: 'node-down',
};

/** `=` is `+` without Shift. */
const WIDEN_KEYS: Readonly<Record<string, 1 | -1>> = { '+': 1, '=': 1, '-': -1 };

/** Digits further apart than this begin another number (ms). */
const NUMBER_MS = 900;

export interface KeyHost {
  readonly carrying: boolean;
  step(step: Step): void;
  /** What is carried may lie on many CPUs: `+` and `-` say on how many. */
  readonly widens: boolean;
  widen(by: 1 | -1): void;
  /** Drops what is carried (with Alt: takes it away from there), or takes the token that lies there. */
  act(takes: boolean): void;
  /** Puts the carried token, or the one that lies there, back into the tray. */
  remove(): void;
  cancel(): void;
  /** To the CPU or node of that number. */
  jump(id: number): void;
}

/** Handles a key pressed on the board; false leaves it to the page. */
export function createKeys(host: KeyHost): (event: KeyboardEvent) => boolean {
  let typed = '';
  let last = 0;
  return (event) => {
    const acts = event.key === 'Enter' || event.key === ' ';
    if ((event.altKey && !acts) || event.ctrlKey || event.metaKey) return false;
    const digit = /^\d$/.test(event.key);
    // A number ends with any other key: "1, Enter, C, 0" goes to CPU 0, not to CPU 10.
    if (!digit) typed = '';
    const step = (event.shiftKey ? NODE_STEP_KEYS[event.key] : null) ?? STEP_KEYS[event.key];
    if (step) host.step(step);
    else if (acts) host.act(event.altKey);
    else if (host.widens && WIDEN_KEYS[event.key]) host.widen(WIDEN_KEYS[event.key] ?? 1);
    else if (event.key === 'Delete' || event.key === 'Backspace') host.remove();
    else if (event.key === 'Escape' && host.carrying) host.cancel();
    else if (digit && host.carrying) {
      typed = event.timeStamp - last < NUMBER_MS ? (typed + event.key).slice(-5) : event.key;
      last = event.timeStamp;
      host.jump(Number(typed));
    } else return false;
    return true;
  };
}
