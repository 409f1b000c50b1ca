/** Owns the field that asks for a CPU or node by number: above the board, where it covers none. */

import { el, say } from '../ui/dom.ts';
import { typedInput } from '../ui/typed-field.ts';

export interface Finder {
  /** To be put into the bar above the board. */
  readonly element: HTMLElement;
  open(): void;
}

/** @param find goes there; words that say why not, else null. @param left back to where the focus was before. */
export function createFinder(find: (typed: string) => string | null, left: () => void): Finder {
  const field = typedInput('find-field', { placeholder: 'cpu 18, L#5, node 1', 'aria-label': 'Find a CPU or node' });
  const wrong = el('div.wrong', { role: 'alert' });
  const form = el('form.finder', { hidden: true }, field, wrong);
  const close = (): void => {
    form.hidden = true;
    say(wrong, '');
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const why = find(field.value);
    if (why === null) close();
    else say(wrong, why);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
    left();
  });
  form.addEventListener('focusout', (event) => {
    if (!(event.relatedTarget instanceof Node && form.contains(event.relatedTarget))) close();
  });
  return {
    element: form,
    open() {
      form.hidden = false;
      field.value = '';
      field.focus();
    },
  };
}
