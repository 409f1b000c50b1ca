/** Long work of the model on the page: in slices, so that keys and pointer are heard meanwhile. */

import type { Slices } from '../../model/plan/slices.ts';

const SLICE_MS = 12;

/** @param budgetMs after which it is told to end with what it has. */
export async function inSlices<T>(work: Slices<T>, budgetMs: number, signal: AbortSignal): Promise<T | null> {
  const until = performance.now() + budgetMs;
  for (;;) {
    const pause = performance.now() + SLICE_MS;
    while (performance.now() < pause) {
      const slice = work.next(performance.now() > until);
      if (slice.done === true) return slice.value;
    }
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) return null;
  }
}
