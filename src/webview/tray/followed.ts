/** Owns the tray's part of processes that are followed: their threads as tokens, and their pages. */

import { countWords, groupWords } from '../../model/live/live-group.ts';
import type { Actions } from '../state/actions.ts';
import { followed } from '../state/followed.ts';
import { el } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { RunningPart, ShowsRunning } from './running.ts';

export function createFollowedTray(actions: Actions): ShowsRunning {
  let shown: RunningPart | null = null;
  const leave = button('follow-none', 'secondary', () => actions.follow(null), 'Stop following');
  const inside = el('div.in', {}, el('div.acts', {}, leave));
  const folded = el(
    'details.program',
    {},
    el('summary', { 'data-action': 'followed' }, el('h2', {}, 'Followed processes')),
    inside,
  );
  const element = el('section.wide', { 'aria-label': 'Followed processes' }, folded);
  return {
    element,
    bring(made) {
      shown = made;
      inside.prepend(made.element);
    },
    update(state) {
      const group = state.board?.program ? null : followed(state);
      element.hidden = group === null;
      if (!group) return;
      shown?.update(state, group, `${groupWords(group)}: ${countWords(group)}`);
    },
  };
}
