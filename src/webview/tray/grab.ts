/** Owns the button by which a token in the tray is picked up. */

import type { Slot } from '../../model/placement/slots.ts';
import { el } from '../ui/dom.ts';
import type { Attributes } from '../ui/dom.ts';
import { grip, tokenShape } from '../ui/token.ts';

/** What the tray needs of the machine: the same two ways to take a token that the board itself offers. */
export interface TokenPicker {
  pickUp(slot: Slot): void;
  startDrag(slot: Slot, event: PointerEvent): void;
}

export function grabButton(
  slot: Slot,
  picker: TokenPicker,
  label: string,
  attributes: Attributes = {},
): HTMLButtonElement {
  const on = {
    pointerdown: (event: PointerEvent) => {
      if (event.button === 0) picker.startDrag(slot, event);
    },
    // A click without a pointer comes from Enter or Space: then it is carried by keys.
    click: (event: MouseEvent) => {
      if (event.detail === 0) picker.pickUp(slot);
    },
  };
  return el(
    'button.grab',
    { type: 'button', 'data-token': slot.name, 'aria-label': label, on, ...attributes },
    grip(),
    tokenShape(slot),
  );
}
