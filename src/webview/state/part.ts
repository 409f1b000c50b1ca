/** Owns the one shape of everything on the page around the machine: made once, then told the state. */

import type { State } from './store.ts';

export interface Part {
  readonly element: HTMLElement;
  update(state: State): void;
}
