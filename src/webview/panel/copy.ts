/** Owns the button that copies words: where the clipboard is out of reach they are selected instead. */

import { el } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { VscodeButton } from '../ui/elements.ts';

export function copyButton(action: string, label: string, words: string, shown: HTMLElement): VscodeButton {
  const copy = button(
    action,
    'link',
    () => {
      const told = (done: string): void => copy.replaceChildren(el('span.face', {}, done));
      navigator.clipboard.writeText(words).then(
        () => told('Copied'),
        () => {
          getSelection()?.selectAllChildren(shown);
          told('Selected');
        },
      );
    },
    'Copy',
    { 'aria-label': label },
  );
  return copy;
}
