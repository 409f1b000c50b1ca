/** Owns fields one types into. What was typed is taken on Enter or when the field is left; what is wrong with it stands beside it. */

import { el, say } from './dom.ts';
import type { Attributes } from './dom.ts';

/** What is typed here is no prose: nothing corrects or completes it. */
export const typedInput = (action: string, attributes: Attributes): HTMLInputElement =>
  el('input.typed', { 'data-action': action, spellcheck: 'false', autocomplete: 'off', ...attributes });

export interface TypedField {
  readonly input: HTMLInputElement;
  /** The line that says what is wrong. */
  readonly wrong: HTMLElement;
  /** Shows `value` where it is another than before, so that what is being typed stays. */
  show(value: string): void;
  /** Shows again what `show` was last told, instead of what was typed. */
  restore(): void;
}

/** @param take says what is wrong with what was typed, and empty words where nothing is. */
export function typedField(action: string, attributes: Attributes, take: (typed: string) => string): TypedField {
  const wrong = el('div.wrong', { id: `wrong-${action}`, role: 'alert' });
  const input = typedInput(action, { 'aria-describedby': wrong.id, ...attributes });
  let last = '';
  const fail = (words: string): void => {
    say(wrong, words);
    input.setAttribute('aria-invalid', String(words !== ''));
  };
  const restore = (): void => {
    input.value = last;
  };
  input.addEventListener('change', () => fail(take(input.value)));
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    restore();
    fail('');
    input.blur();
  });
  return {
    input,
    wrong,
    show(value) {
      if (value === last) return;
      last = value;
      restore();
      fail('');
    },
    restore,
  };
}
