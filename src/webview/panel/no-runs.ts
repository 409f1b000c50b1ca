/** Owns the place of the list of runs while there is none, and what stands below the list. */

import type { Actions } from '../state/actions.ts';
import { el, kbd } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { State } from '../state/store.ts';
import { section } from './elements.ts';

/** Files of runs that were kept elsewhere, or by another program. */
export function moreRuns(state: State, actions: Actions): HTMLElement | null {
  if (state.board?.kept === null) return null;
  return el(
    'div.in.more-runs',
    {},
    button('open-run', 'link', () => actions.kept.choose(), ['Open\u2026', kbd('O')]),
    button('all-runs', 'link', () => actions.kept.shelf(), 'All runs\u2026'),
  );
}

export function noRuns(state: State, actions: Actions): HTMLElement {
  const words = 'None yet. A run stores its topology, placement, raw figures and verdict in one file.';
  return section('Runs', el('div.in.dim', {}, words), moreRuns(state, actions));
}
