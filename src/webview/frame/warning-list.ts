/** Owns the list of warnings about the machine that is shown. Loaded after the first frame (`later.ts`). */

import { groupWarnings, warningCount } from '../../model/topology/warnings.ts';
import type { WarningGroup } from '../../model/topology/warnings.ts';
import { el, modal, say, slot } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { Part } from '../state/part.ts';
import type { Store } from '../state/store.ts';
import { warningsOf } from './warnings.ts';

function item({ words, alike }: WarningGroup, key: number): Child {
  if (alike.length === 0) return el('li', {}, words);
  return el(
    'li',
    {},
    words,
    el(
      'details',
      { 'data-key': `warning-${key}` },
      el('summary', {}, `and ${alike.length} more like it`),
      el(
        'ul',
        {},
        alike.map((more) => el('li', {}, more)),
      ),
    ),
  );
}

export function createWarningList(store: Store, chip: HTMLElement): Part {
  const close = (): void => store.set({ warnings: false });
  const title = el('div.verdict', { id: 'warnings-title' });
  const list = el('ul.warnings', { tabindex: '0', 'aria-labelledby': 'warnings-title' });
  const content = slot(list);
  const element = el(
    'dialog',
    { 'aria-labelledby': 'warnings-title' },
    title,
    el(
      'div.hint',
      {},
      'What this machine reports about itself that cannot be right or is missing, and how it was handled.',
    ),
    list,
    el('div.acts', {}, button('warnings-close', 'primary', close, 'Close')),
  );
  const show = modal(element, () => {
    close();
    chip.focus();
  });
  // A press beside the list closes it: a finger has no Escape.
  element.addEventListener('click', (event) => {
    if (event.target === element) close();
  });
  return {
    element,
    update(state) {
      const warnings = warningsOf(state);
      say(title, warningCount(warnings));
      content.update([warnings], () => groupWarnings(warnings).map(item));
      const wanted = state.warnings && warnings.length > 0;
      if (show(wanted) && !wanted) chip.focus();
    },
  };
}
