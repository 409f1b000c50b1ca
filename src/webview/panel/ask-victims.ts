/** Owns the place among the questions of the board of who steals from whom. */

import type { Topology } from '../../model/topology/topology.ts';
import type { Actions } from '../state/actions.ts';
import { thiefAt } from '../state/stealing.ts';
import { el, kbd } from '../ui/dom.ts';

/** Null where there are no two to steal from each other. */
export function askVictims(topology: Topology, actions: Actions): HTMLElement | null {
  const thief = thiefAt(topology, null);
  if (thief === null) return null;
  const made = el(
    'button.ask',
    { type: 'button', 'data-action': 'ask-victims' },
    el(
      'span',
      {},
      el('b', {}, 'Who should steal from whom?'),
      el('span.dim.sm', {}, 'Numbers a worker\u2019s victims on the machine, the nearest first'),
    ),
    kbd('N'),
  );
  made.addEventListener('click', () => actions.victims.of(thief));
  return made;
}
