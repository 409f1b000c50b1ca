/** Owns the live region: what is said to assistive technology, and the notices that everybody sees. */

import { el, say, slot } from '../ui/dom.ts';
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

export function createNotices(): Part {
  const element = el('div.notices', { role: 'status' });
  const content = slot(element);
  return {
    element,
    update({ notices }) {
      content.update([notices], () => notices.map(({ level, message }) => el(`div.notice.${level}`, {}, message)));
    },
  };
}
