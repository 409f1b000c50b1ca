/** Owns the field that asks for a CPU or node by number: above the board, where it covers none. */

import { say } from '../ui/dom.ts';

export interface Finder {
  /** To be put into the bar above the board. */
  readonly element: HTMLElement;
  open(): void;
}

/** @param find goes there; words that say why not, else null. @param left back to where the focus was before. */
export function createFinder(find: (typed: string) => string | null, left: () => void): Finder {
  const form = document.createElement('form');
  const field = document.createElement('input');
  const wrong = document.createElement('div');
  form.className = 'finder';
  form.hidden = true;
  field.className = 'typed';
  field.placeholder = 'cpu 18, L#5, node 1';
  field.setAttribute('aria-label', 'Find a CPU or node');
  field.dataset['action'] = 'find-field';
  field.autocomplete = 'off';
  wrong.className = 'wrong';
  wrong.setAttribute('role', 'alert');
  form.append(field, wrong);
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
