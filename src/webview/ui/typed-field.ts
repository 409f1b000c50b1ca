/**
 * Owns fields one types into. What was typed is taken on Enter or when the field is left; what is wrong with it stands beside it.
 * Until then it is the person's: what the board tells meanwhile is shown afterwards.
 */

import { el, say, textOf } from './dom.ts';
import type { Attributes } from './dom.ts';

/** What is typed here is no prose: nothing corrects or completes it. */
export const typedInput = (action: string, attributes: Attributes): HTMLInputElement =>
  el('input.typed', { 'data-action': action, spellcheck: 'false', autocomplete: 'off', ...attributes });

export interface TypedField {
  readonly input: HTMLInputElement;
  /** The line that says what is wrong. */
  readonly wrong: HTMLElement;
  /** Shows `value` where it is another than before, but not over what is being typed. */
  show(value: string): void;
  /** Shows again what `show` was last told, instead of what was typed. */
  restore(): void;
}

/** @param take says what is wrong with what was typed, and empty words where nothing is. */
export function typedField(action: string, attributes: Attributes, take: (typed: string) => string): TypedField {
  const wrong = el('div.wrong', { id: `wrong-${action}`, role: 'alert' });
  const input = typedInput(action, { 'aria-describedby': wrong.id, ...attributes });
  let last = '';
  /** Something was typed that has not been taken yet. */
  let typing = false;
  const fail = (words: string): void => {
    say(wrong, words);
    input.setAttribute('aria-invalid', String(words !== ''));
  };
  const restore = (): void => {
    typing = false;
    input.value = last;
    fail('');
  };
  input.addEventListener('input', () => (typing = true));
  input.addEventListener('change', () => {
    const words = take(input.value);
    typing = words !== '';
    fail(words);
  });
  // What is wrong still stands there, with the reason; typed and taken back again it is nothing.
  input.addEventListener('blur', () => {
    if (typing && textOf(wrong) === '') restore();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    restore();
    input.blur();
  });
  return {
    input,
    wrong,
    show(value) {
      if (value === last) return;
      last = value;
      if (!typing || document.activeElement !== input) restore();
    },
    restore,
  };
}
