/** Owns the page's buttons and lists: the browser's own, in VS Code's look (controls.css), compact, labelled, and named by `data-action`. */

import { el } from './dom.ts';
import type { Attributes, Child } from './dom.ts';

export type Look = 'primary' | 'secondary' | 'bare' | 'link';

/** Where it is disabled, the reason stands beside it, never only in a tooltip. */
export function button(
  action: string,
  look: Look,
  click: () => void,
  label: Child,
  attributes: Attributes = {},
): HTMLButtonElement {
  const made = el(
    `button.btn.${look}`,
    { type: 'button', 'data-action': action, ...attributes },
    el('span.face', {}, label),
  );
  made.addEventListener('click', click);
  return made;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export function select(
  action: string,
  label: string,
  choices: readonly Choice[],
  change: (value: string) => void,
): HTMLSelectElement {
  const made = el('select.select', { 'data-action': action, 'aria-label': label });
  setChoices(made, choices);
  made.addEventListener('change', () => change(made.value));
  return made;
}

/** Replaces the options only when they differ: an open list must not close under the pointer. */
export function setChoices(control: HTMLSelectElement, choices: readonly Choice[]): void {
  const now = JSON.stringify(choices);
  if (control.dataset['choices'] === now) return;
  control.dataset['choices'] = now;
  control.replaceChildren(...choices.map(({ value, label }) => el('option', { value }, label)));
}

/** @param value as the board has it; what a person chose meanwhile stays until the board has another, or the person goes elsewhere. */
export function setValue(control: HTMLSelectElement, value: string): void {
  if (control.dataset['told'] === value && document.activeElement === control) return;
  control.dataset['told'] = value;
  if (control.value !== value) control.value = value;
}
