/** Owns the chip that a token carries in the tray: a setting of what it places, as its field in "Measure" shows it. */

import type { Slot } from '../../model/placement/slots.ts';
import type { Actions } from '../state/actions.ts';
import type { Part } from '../state/part.ts';
import { carriedSetting } from '../state/select.ts';
import { el, say } from '../ui/dom.ts';

/** A press is the next choice, arrows step both ways. */
export function createChip(slot: Slot, actions: Actions): Part {
  const words = el('span');
  const step = (by: 1 | -1): void => actions.stepSetting(by);
  const on = {
    click: (event: MouseEvent) => step(event.shiftKey ? -1 : 1),
    keydown: (event: KeyboardEvent) => {
      const by = ({ ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 } as const)[event.key];
      if (by === undefined) return;
      event.preventDefault();
      step(by);
    },
  };
  const element = el('button.setting', { type: 'button', 'data-action': `setting-${slot.name}`, on }, words);
  return {
    element,
    update(state) {
      const carries = carriedSetting(state);
      if (carries?.slot !== slot.name) return;
      const label = `${carries.short}: ${carries.words}, key S for the next`;
      say(words, carries.short);
      if (element.title !== label) element.title = label;
      element.setAttribute('aria-label', label);
      element.disabled = Boolean(state.board?.running);
    },
  };
}
