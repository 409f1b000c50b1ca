/** Long work of the model, done so that an interrupt is heard meanwhile. */

import { setImmediate } from 'node:timers/promises';
import type { Slices } from '../model/plan/slices.ts';

/** How long nothing else is heard. */
const SLICE_MS = 50;

/** @param budgetMs after which it is told to end with what it has; so it is by an interrupt. */
export async function inSlices<T>(work: Slices<T>, budgetMs: number, signal: AbortSignal): Promise<T> {
  const until = Date.now() + budgetMs;
  let slice = work.next(false);
  for (let heard = Date.now(); slice.done !== true;) {
    if (Date.now() - heard > SLICE_MS) {
      await setImmediate();
      heard = Date.now();
    }
    slice = work.next(signal.aborted || Date.now() > until);
  }
  return slice.value;
}
