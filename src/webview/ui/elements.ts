/** Owns which of VS Code's controls the page uses, and makes them: compact, labelled, and named by `data-action`. */

import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
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

async function adopt(host: VscodeSingleSelect, sheet: CSSStyleSheet): Promise<void> {
  await host.updateComplete;
  if (host.shadowRoot) host.shadowRoot.adoptedStyleSheets = [...host.shadowRoot.adoptedStyleSheets, sheet];
}

export type Look = 'primary' | 'secondary' | 'bare' | 'link';

export function button(
  action: string,
  look: Look,
  click: () => void,
  label: Child,
  attributes: Readonly<Record<string, string>> = {},
): VscodeButton {
  const made = document.createElement('vscode-button');
  // The component reflects this a little later; who focuses it at once must find it focusable.
  made.setAttribute('tabindex', '0');
  made.classList.add('btn', look);
  made.secondary = look !== 'primary';
  made.dataset['action'] = action;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(el('span.face', {}, label));
  made.addEventListener('click', () => {
    if (!made.disabled) click();
  });
  return made;
}

/** A disabled button says so to everybody; the reason stands below it, never only in a tooltip. */
export function disable(control: VscodeButton, disabled: boolean): void {
  if (control.disabled !== disabled) control.disabled = disabled;
  control.setAttribute('aria-disabled', String(disabled));
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
): VscodeSingleSelect {
  const made = document.createElement('vscode-single-select');
  made.classList.add('select');
  made.dataset['action'] = action;
  made.label = label;
  setChoices(made, choices);
  made.addEventListener('change', () => {
    change(made.value);
  });
  void adopt(made, COMPACT_SELECT);
  return made;
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
}

/** Set anew, even to what it was, `disabled` has the list built anew, and the page laid out for its place. */
export function lock(control: VscodeSingleSelect, locked: boolean): void {
  if (control.disabled !== locked) control.disabled = locked;
}

export function setValue(control: VscodeSingleSelect, value: string): void {
  if (control.value !== value && !control.open) control.value = value;
}
