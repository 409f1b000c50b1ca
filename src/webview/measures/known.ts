/** Owns which measures the page knows: those at hand, and all once they are loaded with the rest of it. */

import type * as Measures from '../../model/live/measures/measures.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import { QUICK } from '../../model/live/measures/quick.ts';

const quickOf = (key: string): Measure | undefined => QUICK.find((one) => one.key === key);

let find: typeof Measures.measureOf = (key) => quickOf(key) ?? QUICK[0];

/** The first where there is none of that key. */
export const measureOf = (key: string): Measure => find(key);

/** Whether it is none of those at hand. */
export const comesLater = (key: string): boolean => quickOf(key) === undefined;

interface Shown {
  view(): { readonly measure: string };
  change(to: { measure: string }): void;
}

/** @param all finds one among all. What an older or foreign page saved is one of them from here on. */
export function bringMeasures(all: typeof Measures.measureOf, { view, change }: Shown): void {
  find = all;
  const { measure } = view();
  const { key } = find(measure);
  if (key !== measure) change({ measure: key });
}
