/** Owns how often figures change where they are read: samples may come ten times a second, and nobody reads that fast. */

import type { State } from './store.ts';

const READABLE_MS = 500;

/** Gives a state whose sample and past are as of at most half a second ago; `redraw` is asked for when newer ones are due. */
export function createThrottle(redraw: () => void): (state: State) => State {
  let kept: Pick<State, 'sample' | 'frames'> | null = null;
  let machine: unknown = null;
  let at = -Infinity;
  let due = 0;
  return (state) => {
    const { sample, frames } = state;
    const now = performance.now();
    const topology = state.board?.topology;
    // Another machine, a sample where there was none, or none any more: told at once.
    const other = topology !== machine || (kept?.sample === null) !== (sample === null);
    if (!kept || other || now - at >= READABLE_MS) {
      if (kept?.sample !== sample) at = now;
      [kept, machine] = [{ sample, frames }, topology];
    } else if (kept.sample !== sample && due === 0) {
      due = window.setTimeout(
        () => {
          due = 0;
          redraw();
        },
        READABLE_MS - (now - at),
      );
    }
    return { ...state, ...kept };
  };
}
