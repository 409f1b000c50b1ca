/** Owns blocks in the hand: carried by pointer or keys over the machine, drawn out by their handles, chosen by a press. */

import { coresTo, stretched } from '../../model/plan/edit/fill.ts';
import type { Edge } from '../../model/plan/edit/fill.ts';
import type { Part } from '../../model/placement/placement.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { placeOf } from '../machine/focus.ts';
import { createMachine } from '../machine/machine.ts';
import type { MachinePart } from '../machine/machine.ts';
import type { Store } from '../state/store.ts';
import { el } from '../ui/dom.ts';
import type { Desk } from './desk.ts';
import { PLAN_MARKS, planView, slotOf, tagOf } from './picture.ts';
import type { Reading } from './reading.ts';

/** px a pointer moves before a press becomes a drag. */
const THRESHOLD = 4;

export interface Hand {
  readonly element: HTMLElement;
  readonly machine: MachinePart;
  readonly carrying: boolean;
  pickUp(block: string): void;
  /** A pointer is down on a block: it is carried once it moves. */
  arm(block: string, event: PointerEvent): void;
  update(reading: Reading): void;
}

export function createHand(store: Store, desk: Desk, announce: (words: string) => void): Hand {
  let carried: { readonly slot: Slot; readonly over: Part | null } | null = null;
  /** What the block lay over last: dropping it lets go of it first. */
  let over: Part | null = null;
  const board = el('div.board', { 'aria-label': 'Machine of the plan' });
  const element = el('div.stand', {}, board);

  const trialWords = (): string => {
    const { trial } = desk;
    if (!trial) return '';
    return 'wrong' in trial.move ? trial.move.wrong : trial.move.words;
  };
  const machine = createMachine(board, {
    move(slot, made) {
      const at = over;
      if ('take' in made || at === null || ('put' in made && made.put === null)) desk.unplace(slot.name);
      else desk.make(slot.name, desk.at(slot.name, at));
    },
    carry(slot, at) {
      carried = slot && { slot, over: at };
      if (slot) desk.choose(slot.name);
      over = at ?? over;
      desk.try(slot && at ? { block: slot.name, move: desk.at(slot.name, at) } : null);
    },
    refuse: announce,
    stepSetting: () => undefined,
    announce(words) {
      // Of a carried block it is heard where it would be, not which CPUs it is over.
      announce(carried?.over ? `${trialWords()}. Enter drops it, Escape lets it be.` : words);
    },
    point: () => undefined,
  });
  machine.bring(PLAN_MARKS);

  const slotNamed = (block: string): Slot | null => {
    const plan = desk.reading()?.plan;
    return plan ? slotOf(block, tagOf(plan)(block)) : null;
  };
  const ownerAt = (target: EventTarget | null): string | null => {
    const place = placeOf(target);
    if (place?.kind !== 'cpu') return null;
    const blocks = desk.reading()?.checked.placement.blocks ?? [];
    return blocks.find(({ cpus }) => cpus.includes(place.id))?.block.name ?? null;
  };

  const pressed = (
    event: PointerEvent,
    moved: (at: PointerEvent) => boolean,
    ended: (at: PointerEvent | null) => void,
  ): void => {
    const { pointerId } = event;
    const listening = new AbortController();
    const { signal } = listening;
    const end = (at: PointerEvent | null): void => {
      listening.abort();
      ended(at);
    };
    addEventListener(
      'pointermove',
      (at) => {
        if (at.pointerId === pointerId && moved(at)) listening.abort();
      },
      { signal },
    );
    addEventListener('pointerup', (at) => at.pointerId === pointerId && end(at), { signal });
    addEventListener('pointercancel', (at) => at.pointerId === pointerId && end(null), { signal });
    addEventListener('blur', () => end(null), { signal });
    addEventListener(
      'keydown',
      (at) => {
        if (at.key !== 'Escape') return;
        at.preventDefault();
        at.stopPropagation();
        end(null);
      },
      { signal, capture: true },
    );
  };

  const arm: Hand['arm'] = (block, event) => {
    const [x, y] = [event.clientX, event.clientY];
    pressed(
      event,
      (at) => {
        const slot = slotNamed(block);
        if (!slot || Math.hypot(at.clientX - x, at.clientY - y) < THRESHOLD) return false;
        over = null;
        machine.startDrag(slot, at);
        return true;
      },
      () => undefined,
    );
  };

  const stretch = (block: string, edge: Edge, event: PointerEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    let by = 0;
    pressed(
      event,
      (at) => {
        const reading = desk.reading();
        const under = document
          .elementsFromPoint(at.clientX, at.clientY)
          .map(placeOf)
          .find((place) => place?.kind === 'cpu');
        if (!reading || !under) return false;
        const next = coresTo(reading, block, under.id, edge);
        if (next === by) return false;
        by = next;
        desk.try(by === 0 ? null : { block, move: stretched(reading, block, by, edge) });
        announce(trialWords());
        return false;
      },
      (at) => {
        const { trial } = desk;
        desk.try(null);
        if (at && trial && by !== 0) desk.make(block, trial.move);
      },
    );
  };

  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0 || carried || !(event.target instanceof Element)) return;
      const handle = event.target.closest('[data-handle]');
      const [edge, block] = [handle?.getAttribute('data-handle'), handle?.getAttribute('data-block')];
      if (block != null) {
        stretch(block, edge === 'first' ? 'first' : 'last', event);
        return;
      }
      const owner = ownerAt(event.target);
      if (owner === null) return;
      desk.choose(owner);
      if (event.pointerType !== 'touch') arm(owner, event);
    },
    { capture: true },
  );
  // What a press on a block moves is the block, not the picture.
  for (const name of ['mousedown', 'touchstart'])
    element.addEventListener(
      name,
      (event) => {
        const onHandle = event.target instanceof Element && event.target.closest('[data-handle]') !== null;
        if (onHandle || (name === 'mousedown' && ownerAt(event.target) !== null)) event.stopPropagation();
      },
      { capture: true, passive: true },
    );
  element.addEventListener('focusin', ({ target }) => {
    const owner = carried ? null : ownerAt(target);
    if (owner !== null) desk.choose(owner);
  });

  return {
    element,
    machine,
    get carrying() {
      return carried !== null;
    },
    pickUp(block) {
      const slot = slotNamed(block);
      if (!slot) return;
      over = null;
      machine.pickUp(slot);
    },
    arm,
    update(reading) {
      const { view, board } = store.get();
      const beside = board?.beside?.seen ?? null;
      machine.update(planView(reading, desk, carried, { numbers: view.numbers, beside }));
    },
  };
}
