/** Owns the button that opens, in the page itself, what a narrow window folds away: nothing is covered by it. */

import { el, say } from './dom.ts';
import { button } from './elements.ts';
import type { VscodeButton } from './elements.ts';

export interface Unfold {
  readonly button: VscodeButton;
  /** Opens or folds; without a wish, the other of both. */
  fold(open?: boolean): void;
}

/** @param what "More settings" is what a screen reader hears. @param folded is `open` where it is not folded. */
export function unfold(action: string, what: string, folded: () => HTMLElement): Unfold {
  const words = el('span', {}, 'More');
  const made = button(action, 'bare', () => fold(), words, { 'aria-expanded': 'false', 'aria-label': `More ${what}` });
  const fold = (open = !folded().classList.contains('open')): void => {
    folded().classList.toggle('open', open);
    made.setAttribute('aria-expanded', String(open));
    const seen = open ? 'Less' : 'More';
    made.setAttribute('aria-label', `${seen} ${what}`);
    say(words, seen);
  };
  return { button: made, fold };
}
