/** Owns the live region: what is said to assistive technology, and the notices that everybody sees. */

import { el, say, slot } from '../ui/dom.ts';
import type { Actions } from '../state/actions.ts';
import { button } from '../ui/elements.ts';
import type { Part } from '../state/part.ts';

export interface Announcer {
  readonly element: HTMLElement;
  say(words: string): void;
}

export function createAnnouncer(): Announcer {
  const element = el('div.unseen', { role: 'status', 'aria-live': 'polite' });
  return {
    element,
    say(words) {
      // The same words twice are heard twice only if the region was empty in between.
      say(element, '');
      requestAnimationFrame(() => {
        say(element, words);
      });
    },
  };
}

export function createNotices(actions: Pick<Actions, 'dismissNotice'>): Part {
  const element = el('div.notices', { role: 'status' });
  const content = slot(element);
  return {
    element,
    update({ notices }) {
      content.update([notices], () =>
        notices.map(({ id, level, message, action }) => {
          const close = (): void => actions.dismissNotice(id);
          const done = (): void => {
            close();
            action?.act();
          };
          return el(
            `div.notice.${level}`,
            {},
            message,
            action && [
              button('notice-act', 'link', done, action.label, { 'data-key': `act-${id}` }),
              button('notice-close', 'link', close, 'Close', { 'data-key': `close-${id}` }),
            ],
          );
        }),
      );
    },
  };
}
