/** Owns the tray's "Place": a token to pick up and a field to type into, for each slot. */

import { formatCpuList } from '../../model/text/cpulist.ts';
import { refusal } from '../../model/placement/placement.ts';
import { idsIn } from '../../model/placement/slots.ts';
import type { Slot } from '../../model/placement/slots.ts';
import type { Actions } from '../state/actions.ts';
import { el, say } from '../ui/dom.ts';
import { idsWords, parseTarget } from '../ui/parse.ts';
import type { Part } from '../state/part.ts';
import { shownPlacement, SLOTS } from '../state/select.ts';
import type { State, Store } from '../state/store.ts';
import { grip, tokenShape } from '../ui/token.ts';

/** What the tray needs of the machine: the same two ways to take a token that the board itself offers. */
export interface TokenPicker {
  pickUp(slot: Slot): void;
  startDrag(slot: Slot, event: PointerEvent): void;
}

function createRow(slot: Slot, actions: Actions, store: Store, picker: TokenPicker): Part {
  const hint = slot.on === 'nodes' ? 'node' : 'cpu';
  const wrong = el('div.wrong', { id: `wrong-${slot.name}`, role: 'alert' });
  const grab = el(
    'button.grab',
    {
      type: 'button',
      'data-token': slot.name,
      'aria-label': `Pick up the ${slot.spoken}, key ${slot.letter}`,
      on: {
        pointerdown: (event: PointerEvent) => {
          if (event.button === 0) picker.startDrag(slot, event);
        },
        // A click without a pointer comes from Enter or Space: then it is carried by keys.
        click: (event: MouseEvent) => {
          if (event.detail === 0) picker.pickUp(slot);
        },
      },
    },
    grip(),
    tokenShape(slot),
  );
  const input = el('input.typed', {
    placeholder: hint,
    'aria-label': `${slot.label} on`,
    'aria-describedby': wrong.id,
    'data-action': `place-${slot.name}`,
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const fail = (words: string): void => {
    say(wrong, words);
    input.setAttribute('aria-invalid', String(words !== ''));
  };
  const shown = (state: State): string => {
    const ids = idsIn(shownPlacement(state), slot.name);
    return ids.length === 0 ? '' : idsWords(slot, ids);
  };
  const commit = (): void => {
    const { topology } = store.get().board ?? {};
    if (!topology) return;
    const typed = parseTarget(slot, input.value, topology);
    if ('wrong' in typed) {
      fail(typed.wrong);
      return;
    }
    const no = refusal(topology, slot, typed.ids);
    fail(no ? no.message : '');
    if (no) return;
    // Said in the field's own words, also when nothing moves: "18" becomes "cpu 18".
    if (formatCpuList(typed.ids) === formatCpuList(idsIn(shownPlacement(store.get()), slot.name)))
      input.value = shown(store.get());
    else actions.place(slot, { put: typed.ids });
  };
  input.addEventListener('change', commit);
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    input.value = shown(store.get());
    fail('');
    input.blur();
  });
  const row = el('div.row', {}, grab, el('span.name', {}, slot.label), input);
  let last = '';
  return {
    element: el('div', {}, row, wrong),
    update(state) {
      row.classList.toggle('held', state.carried?.slot.name === slot.name);
      const locked = Boolean(state.board?.running);
      grab.disabled = locked;
      input.disabled = locked;
      const value = shown(state);
      if (value === last) return;
      last = value;
      input.value = value;
      input.classList.toggle('long', value.length > 7);
      fail('');
    },
  };
}

export function createPlace(actions: Actions, store: Store, picker: TokenPicker): Part {
  const rows = SLOTS.map((slot) => createRow(slot, actions, store, picker));
  return {
    element: el(
      'section',
      { 'aria-label': 'Place' },
      el('h2', {}, 'Place'),
      rows.map((row) => row.element),
      el('div.later.hint.wide', {}, el('span', {}, 'Workers come later.')),
    ),
    update: (state) => rows.forEach((row) => row.update(state)),
  };
}
