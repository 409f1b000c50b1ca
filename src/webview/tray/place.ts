/** Owns the tray's "Place": a token to pick up and a field to type into, for each slot. */

import { formatCpuList } from '../../model/text/cpulist.ts';
import { CPU_SET_WORDS } from '../../model/placement/cpu-set.ts';
import { idsIn } from '../../model/placement/slots.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { idsWords, parseTarget } from '../../model/placement/typed.ts';
import { OFFER_KINDS, offerOf } from '../../model/bench/index.ts';
import type { Actions } from '../state/actions.ts';
import { el, slot } from '../ui/dom.ts';
import type { Attributes } from '../ui/dom.ts';
import { lock, select, setValue } from '../ui/elements.ts';
import type { Part } from '../state/part.ts';
import { carriedSetting, shownPlacement, slotsOf } from '../state/select.ts';
import type { State, Store } from '../state/store.ts';
import { typedField } from '../ui/typed-field.ts';
import { createChip } from './chip.ts';
import { grabButton } from './grab.ts';
import type { TokenPicker } from './grab.ts';

function exampleFor({ on, many }: Slot): Attributes {
  if (on === 'nodes') return { placeholder: 'node' };
  return many ? { placeholder: 'node:0', title: CPU_SET_WORDS } : { placeholder: 'cpu' };
}

function createRow(slot: Slot, actions: Actions, store: Store, picker: TokenPicker): Part {
  const grab = grabButton(slot, picker, `Pick up the ${slot.spoken}, key ${slot.letter}`);
  const shown = (state: State): string => {
    const ids = idsIn(shownPlacement(state), slot.name);
    return ids.length === 0 ? '' : idsWords(slot, ids);
  };
  const take = (words: string): string => {
    const { topology } = store.get().board ?? {};
    if (!topology) return '';
    const typed = parseTarget(slot, words, topology);
    if ('wrong' in typed) return typed.wrong;
    // Said in the field's own words, also when nothing moves: "18" becomes "cpu 18".
    if (formatCpuList(typed.ids) === formatCpuList(idsIn(shownPlacement(store.get()), slot.name))) field.restore();
    else actions.place(slot, { put: typed.ids });
    return '';
  };
  const field = typedField(`place-${slot.name}`, { 'aria-label': `${slot.label} on`, ...exampleFor(slot) }, take);
  const { input, wrong } = field;
  const chip = carriedSetting(store.get())?.slot === slot.name ? createChip(slot, actions) : null;
  const name = el('span.name', {}, slot.label);
  const row = el(slot.many ? 'div.row.many' : 'div.row', {}, grab, chip?.element, name, input);
  return {
    element: el('div', {}, row, wrong),
    update(state) {
      row.classList.toggle('held', state.carried?.slot.name === slot.name);
      const locked = Boolean(state.board?.running);
      chip?.update(state);
      grab.disabled = locked;
      input.disabled = locked;
      const value = shown(state);
      input.classList.toggle('long', value.length > 7);
      field.show(value);
    },
  };
}

const CHOICES = OFFER_KINDS.map((kind) => ({ value: kind, label: offerOf({ kind }).title }));

export function createPlace(actions: Actions, store: Store, picker: TokenPicker): Part {
  const chosen = select('benchmark', 'Benchmark', CHOICES, (value) => {
    const kind = OFFER_KINDS.find((one) => one === value);
    if (kind) actions.choose(kind);
  });
  const list = el('div.rows');
  const place = slot(list);
  let rows: readonly Part[] = [];
  return {
    element: el(
      'section',
      { 'aria-label': 'Place' },
      el('h2', {}, 'Place'),
      el('div.field.benchmark.wide', {}, chosen),
      list,
    ),
    update(state) {
      if (!state.board) return;
      const slots = slotsOf(state);
      setValue(chosen, state.board.workload.kind);
      lock(chosen, state.board.running !== null || state.carried !== null);
      place.update([slots], () => {
        rows = slots.map((one) => createRow(one, actions, store, picker));
        return rows.length > 0
          ? rows.map((row) => row.element)
          : el('div.in.hint.wide', {}, 'Nothing to place: all CPUs of each node, on the memory of each.');
      });
      for (const row of rows) row.update(state);
    },
  };
}
