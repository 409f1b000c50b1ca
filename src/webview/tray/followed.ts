/** Owns the tray's part of processes that are followed: their threads as tokens, and their pages. */

import { countWords, groupWords } from '../../model/live/live-group.ts';
import type { Actions } from '../state/actions.ts';
import { followed } from '../state/followed.ts';
import type { Part } from '../state/part.ts';
import type { Store } from '../state/store.ts';
import { el } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { TokenPicker } from './grab.ts';
import { createRunning } from './running.ts';

export function createFollowedTray(actions: Actions, store: Store, picker: TokenPicker): Part {
  const shown = createRunning('followed', actions, store, picker);
  const leave = button('follow-none', 'secondary', () => actions.follow(null), 'Stop following');
  const folded = el(
    'details.program',
    {},
    el('summary', { 'data-action': 'followed' }, el('h2', {}, 'Followed processes')),
    el('div.in', {}, shown.element, el('div.acts', {}, leave)),
  );
  const element = el('section.wide', { 'aria-label': 'Followed processes' }, folded);
  return {
    element,
    update(state) {
      const group = state.board?.program ? null : followed(state);
      element.hidden = group === null;
      if (!group) return;
      shown.update(state, group, `${groupWords(group)}: ${countWords(group)}`);
    },
  };
}
