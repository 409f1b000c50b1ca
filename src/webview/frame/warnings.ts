/** Owns the chip in the title bar with the number of warnings about the machine that is shown; it opens their list (`warning-list.ts`). */

import { warningCount } from '../../model/topology/warnings.ts';
import { el, slot, textOf } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { Part } from '../state/part.ts';
import type { State, Store } from '../state/store.ts';

export const warningsOf = ({ board }: State): readonly string[] => board?.topology?.warnings ?? [];

/** Hidden where there is nothing to warn of. */
export function createWarningChip(store: Store): Part {
  const words = el('span');
  const element = button('warnings', 'bare', () => store.set({ warnings: true }), words, { 'aria-haspopup': 'dialog' });
  element.classList.add('warned');
  const content = slot(words);
  return {
    element,
    update(state) {
      const warnings = warningsOf(state);
      content.update([warnings], () => warningCount(warnings));
      element.hidden = textOf(words) === '';
    },
  };
}
