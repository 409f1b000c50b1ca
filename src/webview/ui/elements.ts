/**
 * Owns which of VS Code's controls the page uses, and makes them: compact, labelled, and named by `data-action`. They stand there from
 * the first frame on, in the same look (controls.css), and are defined after it (`defined.ts`): until then a button is pressed by its own
 * listeners, and what a list is told by keys or clicks waits.
 */

import type { VscodeButton } from '@vscode-elements/elements/dist/vscode-button/vscode-button.js';
import type { VscodeSingleSelect } from '@vscode-elements/elements/dist/vscode-single-select/vscode-single-select.js';
import { el, say } from './dom.ts';
import type { Child } from './dom.ts';

export type { VscodeButton, VscodeSingleSelect };

/** Rows are 22 px here; the component has 26 and offers no part to style, so its own sheet list gets one more. */
const COMPACT_SELECT = new CSSStyleSheet();
COMPACT_SELECT.replaceSync(`
  .select-face { padding: 1px 4px; border-radius: 2px; }
  .select-face .text { padding-right: 16px; text-align: right; }
  .select-face .icon { top: 3px; right: 2px; }
  :host(:disabled) .select-face { background: none; border-style: dashed; color: var(--vscode-descriptionForeground); }
  .dropdown { border-radius: 2px; min-width: max-content; }
`);

export type Look = 'primary' | 'secondary' | 'bare' | 'link';

const isDefined = (control: Element): boolean => control.matches(':defined');

/** The attribute: a property set before the element is defined would not be one of it. */
const lockBy = (control: Element, locked: boolean): void => {
  if (control.hasAttribute('disabled') !== locked) control.toggleAttribute('disabled', locked);
};

export function button(
  action: string,
  look: Look,
  click: () => void,
  label: Child,
  attributes: Readonly<Record<string, string>> = {},
): VscodeButton {
  const made = document.createElement('vscode-button');
  // The component reflects these a little later; who focuses it at once must find it focusable.
  made.setAttribute('tabindex', '0');
  made.setAttribute('role', 'button');
  made.classList.add('btn', look);
  made.toggleAttribute('secondary', look !== 'primary');
  made.dataset['action'] = action;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(el('span.face', {}, label));
  made.addEventListener('click', () => {
    if (!made.hasAttribute('disabled')) click();
  });
  made.addEventListener('keydown', ({ key }) => {
    if (!isDefined(made) && (key === 'Enter' || key === ' ')) made.click();
  });
  return made;
}

/** A disabled button says so to everybody; the reason stands below it, never only in a tooltip. */
export function disable(control: VscodeButton, disabled: boolean): void {
  lockBy(control, disabled);
  control.setAttribute('aria-disabled', String(disabled));
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

const LIST_KEYS = [' ', 'Enter', 'ArrowUp', 'ArrowDown'];

export function select(
  action: string,
  label: string,
  choices: readonly Choice[],
  change: (value: string) => void,
): VscodeSingleSelect {
  const made = document.createElement('vscode-single-select');
  made.classList.add('select');
  made.setAttribute('tabindex', '0');
  made.dataset['action'] = action;
  made.setAttribute('label', label);
  setChoices(made, choices);
  made.addEventListener('change', () => {
    change(made.value);
  });
  void complete(made);
  return made;
}

/** Once it is a list: compact, and told what it was asked before. */
async function complete(made: VscodeSingleSelect): Promise<void> {
  const asked: string[] = [];
  const early = new AbortController();
  const { signal } = early;
  const hear = (key: string): void => {
    if (!made.hasAttribute('disabled')) asked.push(key);
  };
  made.addEventListener('click', () => hear(' '), { signal });
  made.addEventListener(
    'keydown',
    (event) => {
      if (!LIST_KEYS.includes(event.key)) return;
      event.preventDefault();
      hear(event.key);
    },
    { signal },
  );
  await customElements.whenDefined(made.localName);
  early.abort();
  customElements.upgrade(made);
  await made.updateComplete;
  if (made.shadowRoot) made.shadowRoot.adoptedStyleSheets = [...made.shadowRoot.adoptedStyleSheets, COMPACT_SELECT];
  for (const key of asked) made.dispatchEvent(new KeyboardEvent('keydown', { key }));
}

/** Replaces the options only when they differ: an open list must not close under the pointer. */
export function setChoices(control: VscodeSingleSelect, choices: readonly Choice[]): void {
  const now = JSON.stringify(choices);
  if (control.dataset['choices'] === now) return;
  control.dataset['choices'] = now;
  control.replaceChildren(
    ...choices.map(({ value, label }) => {
      const option = document.createElement('vscode-option');
      option.setAttribute('value', value);
      say(option, label);
      return option;
    }),
  );
  showChosen(control);
}

/** Set anew, even to what it was, `disabled` has the list built anew, and the page laid out for its place. */
export const lock = (control: VscodeSingleSelect, locked: boolean): void => lockBy(control, locked);

/** @param value as the board has it; what a person chose meanwhile stays until the board has another, or the person goes elsewhere. */
export function setValue(control: VscodeSingleSelect, value: string): void {
  if (control.dataset['told'] === value && document.activeElement === control) return;
  control.dataset['told'] = value;
  // Lit takes over a value that was there before the element was defined.
  if (control.value !== value && !control.open) control.value = value;
  showChosen(control);
}

/** The one option that is seen of a list that is none yet. */
function showChosen(control: VscodeSingleSelect): void {
  if (isDefined(control)) return;
  for (const option of control.children)
    option.classList.toggle('chosen', option.getAttribute('value') === control.value);
}
