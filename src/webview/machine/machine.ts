/** Owns the drawn machine on the board: ties the picture, the keys and the pointer together. */

import { bottomOf, centreX, centreY, rightOf } from '../../model/layout/box.ts';
import type { DeviceChip } from '../../model/layout/devices.ts';
import { targetAt } from '../../model/layout/find.ts';
import { cpuOfLogical } from '../../model/topology/numbering.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { tokenNamed } from '../../model/bench/program/threads.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { deviceText } from './devices.ts';
import { Drag } from './drag.ts';
import { Focus, placeOf, stepPlace } from './focus.ts';
import type { Place } from './focus.ts';
import { Carry } from './carry.ts';
import { keepContrast } from './contrast.ts';
import { createKeys } from './keyboard.ts';
import { Navigation } from './navigation.ts';
import { slotAt, startOf, tokenAt } from './token-places.ts';
import { carryText, hoverText } from './pop-texts.ts';
import { Popover } from './popover.ts';
import { Scene } from './scene.ts';
import type { Due } from './scene.ts';
import { CarriedShape } from './carried-shape.ts';
import { Stage } from './stage.ts';
import type { MachineActions, MachinePart, MachineView } from './view.ts';
import { stepWords } from './steps.ts';
import { moveWords, targetWords } from './labels.ts';

export type { MachineActions, MachinePart, MachineView } from './view.ts';

const placeFor = (slot: Slot, id: number): Place => ({ kind: slot.on === 'nodes' ? 'node' : 'cpu', id });

export function createMachine(container: HTMLElement, actions: MachineActions): MachinePart {
  const machine = new Machine(container, actions);
  return {
    update: (view) => machine.update(view),
    pickUp: (slot) => machine.pickUp(slot),
    startDrag: (slot, event) => machine.startDrag(slot, event),
    zoomBy: (factor) => machine.look.zoomBy(factor),
    fit: () => machine.stage.fit(),
    zoomToNode: () => machine.look.zoomToFocus(),
    find: () => machine.look.find(),
    focus: () => machine.focus.focus(),
    destroy: () => machine.destroy(),
  };
}

class Machine {
  readonly stage: Stage;
  readonly focus: Focus;
  readonly look: Navigation;
  readonly #container: HTMLElement;
  readonly #actions: MachineActions;
  readonly #scene: Scene;
  readonly #carry: Carry;
  readonly #drag: Drag;
  readonly #pop: Popover;
  /** The token while keys carry it, beside the cell it is over. */
  readonly #shape = new CarriedShape();
  readonly #listening = new AbortController();
  readonly #stopInk: () => void;
  #view: MachineView | null = null;
  /** The click that ends a press on a token is not a click on the cell below. */
  #pressedAt = -Infinity;

  constructor(container: HTMLElement, actions: MachineActions) {
    this.#container = container;
    this.#actions = actions;
    this.stage = new Stage(container, (what) => this.#changed(what));
    this.#scene = new Scene(this.stage);
    this.focus = new Focus(this.#scene);
    this.#carry = new Carry(actions);
    this.#pop = new Popover(container);
    this.look = new Navigation(container, this.stage, this.#scene, this.focus, {
      view: () => this.#view,
      goTo: (place, reveal) => this.#moveTo(place, reveal),
      announce: (words) => actions.announce(words),
      layOut: () => this.#paint('size'),
    });
    this.#stopInk = keepContrast(this.stage.element);
    this.#drag = new Drag(this.#carry, {
      targetAt: (slot, x, y) => this.#targetAt(slot, x, y),
      pressed: (slot) => {
        this.#pressedAt = performance.now();
        this.pickUp(slot);
      },
      moved: (slot, x, y) => this.#showCarry(slot, this.#carry.carried?.over ?? null, this.#onBoard(x + 26, y + 8)),
      ended: () => this.#pop.hide(),
      refused: (slot, target, x, y) => this.#refused(slot, target, this.#onBoard(x, y)),
    });
    this.stage.element.setAttribute('role', 'group');
    this.#listen();
  }

  update(view: MachineView): void {
    const known = this.#view;
    // Messages bring the machine anew each time; the same facts are the same machine.
    const topology = known && sameFacts(known.topology, view.topology) ? known.topology : view.topology;
    this.#view = { ...view, topology };
    this.#carry.sync(topology, view.carried);
    this.#paint('content');
  }

  pickUp(slot: Slot): void {
    const view = this.#view;
    if (!view || view.running) return;
    const start = startOf(view, slot, this.focus.at);
    this.#carry.pick(slot, start);
    if (start !== null) this.focus.go(placeFor(slot, start));
    const where = start === null ? '' : ` ${moveWords(view, slot, start)}.`;
    this.#actions.announce(`Carrying the ${slot.spoken}.${where} Arrows move, Enter drops, Escape cancels.`);
    this.#repaint();
  }

  startDrag(slot: Slot, event: PointerEvent): void {
    if (this.#view && !this.#view.running) this.#drag.start(slot, event);
  }

  destroy(): void {
    this.look.destroy();
    this.#listening.abort();
    this.#stopInk();
    this.#drag.destroy();
    this.#pop.destroy();
    this.#shape.hide();
    this.stage.destroy();
  }

  #changed(what: Due | 'moved'): void {
    if (what !== 'moved') this.#paint(what);
    else {
      this.#scene.moved();
      this.#showKeyCarry();
      this.#showMap();
    }
  }

  #showMap(): void {
    if (this.#view) this.look.showMap(this.#view);
  }

  /** With what is in the hand this moment: the page's own drawing follows a frame later. */
  #repaint(): void {
    if (this.#view) this.#view = { ...this.#view, carried: this.#carry.carried };
    this.#paint('content');
  }

  #paint(due: Due): void {
    const view = this.#view;
    if (!view) return;
    this.#scene.paint(view, due);
    this.focus.keep(view.topology);
    this.stage.element.setAttribute('aria-label', `Machine ${view.topology.machine.name}`);
    this.#showKeyCarry();
    this.#showMap();
  }

  #targetAt({ on }: Pick<Slot, 'on'>, x: number, y: number): number | null {
    const { layout } = this.#scene;
    const at = this.#container.getBoundingClientRect();
    if (!layout || x < at.left || y < at.top || x > at.right || y > at.bottom) return null;
    return targetAt(layout, on, this.stage.toLayout(x, y));
  }

  #onBoard(x: number, y: number): readonly [number, number] {
    const at = this.#container.getBoundingClientRect();
    return [x - at.left, y - at.top];
  }

  #showCarry(slot: Slot, over: number | null, at: readonly [number, number]): void {
    if (!this.#view || over === null) this.#pop.hide();
    else this.#pop.show(carryText(this.#view, slot, over), at);
    this.#repaint();
  }

  #refused(slot: Slot, target: number, at: readonly [number, number]): void {
    this.#repaint();
    if (this.#view) this.#pop.showForAWhile(carryText(this.#view, slot, target), at);
  }

  /** Beside the lower right corner of the cell, as if the pointer were there. */
  #showKeyCarry(): void {
    if (this.#drag.active) return;
    const carried = this.#carry.carried;
    const { over } = carried ?? { over: null };
    const place = carried && over !== null ? placeFor(carried.slot, over) : null;
    const box = place && this.#scene.boxOf(place.kind, place.id);
    if (!carried || over === null || !box || !this.#view) {
      this.#shape.hide();
      return;
    }
    const [x, y] = this.stage.toBoard([rightOf(box), bottomOf(box)]);
    const at = this.#container.getBoundingClientRect();
    this.#shape.moveTo(carried.slot, at.left + x - 4, at.top + y - 4);
    this.#pop.show(carryText(this.#view, carried.slot, over), [x + 18, y - 8]);
  }

  /** @param first what is said before the cost of a move, or alone where nothing is carried. */
  #moveTo(place: Place, reveal = true, first = ''): void {
    const view = this.#view;
    const { carried } = this.#carry;
    this.look.unfoldFor(place);
    this.focus.go(place);
    const box = this.#scene.boxOf(place.kind, place.id);
    if (box && reveal) this.stage.reveal(this.stage.toBoard([centreX(box), centreY(box)]));
    if (!carried && first !== '') this.#actions.announce(first);
    if (!view || !carried) return;
    this.#carry.move(place.id);
    this.#actions.announce(`${first} ${moveWords(view, carried.slot, place.id)}`.trimStart());
    this.#repaint();
  }

  /** What is refused stays in the hand, and the pop-over at the cell says why. */
  #drop(): void {
    const { carried } = this.#carry;
    if (carried?.over === null || !carried) return;
    if (this.#carry.drop() !== 'dropped') return;
    this.#pop.hide();
    this.#actions.announce(`${carried.slot.label} on ${targetWords(carried.slot, carried.over)}`);
    this.#repaint();
  }

  #cancel(): void {
    const { carried } = this.#carry;
    if (!carried) return;
    this.#carry.release();
    this.#pop.hide();
    this.#actions.announce(`The ${carried.slot.spoken} stays where it was.`);
    this.#repaint();
  }

  #listen(): void {
    const { signal } = this.#listening;
    const { element } = this.stage;
    const keys = createKeys(this.#keyHost());
    element.addEventListener(
      'keydown',
      (event) => {
        if (!keys(event)) return;
        event.preventDefault();
        event.stopPropagation();
      },
      { signal },
    );
    // Escape lets go wherever the focus went meanwhile.
    addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape' || !this.#carry.carried || this.#drag.active || event.defaultPrevented) return;
        event.preventDefault();
        this.#cancel();
      },
      { signal, capture: true },
    );
    element.addEventListener(
      'focusin',
      (event) => {
        const place = placeOf(event.target);
        if (place) this.focus.set(place);
      },
      { signal },
    );
    element.addEventListener(
      'pointerdown',
      (event) => {
        const token =
          event.target instanceof Element ? event.target.closest('[data-token]')?.getAttribute('data-token') : null;
        const slot = this.#view && token ? tokenNamed(this.#view.slots, token) : null;
        if (event.button === 0 && !this.#carry.carried && slot) this.startDrag(slot, event);
      },
      { signal },
    );
    element.addEventListener('click', (event) => this.#clicked(event), { signal });
    this.#scene.fold.listen(() => this.look.toggleFold(), signal);
    this.#scene.devices.listen(
      { focused: (chip) => this.#deviceFocused(chip), chosen: (chip) => this.#deviceChosen(chip) },
      signal,
    );
    element.addEventListener(
      'dblclick',
      (event) => {
        const node = this.#targetAt({ on: 'nodes' }, event.clientX, event.clientY);
        if (node !== null && !this.#carry.carried) this.look.zoomToNode(node);
      },
      { signal },
    );
    element.addEventListener('pointermove', (event) => this.#hovered(event), { signal });
    element.addEventListener(
      'pointerleave',
      () => {
        this.look.pointer = null;
        this.#scene.devices.near(null);
        if (!this.#carry.carried) this.#pop.hide();
      },
      { signal },
    );
  }

  #deviceFocused(chip: DeviceChip | null): void {
    this.#scene.devices.near(chip);
    if (!chip || !this.#view) {
      this.#pop.hide();
      return;
    }
    const k = this.stage.magnified;
    const corner = this.stage.toBoard([rightOf(chip) / k, bottomOf(chip) / k]);
    this.stage.reveal(corner);
    this.#pop.show(deviceText(chip, this.#view.topology), corner);
  }

  /** On to the node it is near: what is pinned there is pinned near it. */
  #deviceChosen({ devices: [device] }: DeviceChip): void {
    if (!device || this.#carry.carried) return;
    if (device.node !== null) this.focus.go({ kind: 'node', id: device.node });
    else this.#actions.announce(`Firmware names no node of ${device.name}.`);
  }

  #keyHost(): Parameters<typeof createKeys>[0] {
    const carried = (): boolean => this.#carry.carried !== null;
    return {
      get carrying() {
        return carried();
      },
      step: (step) => {
        const { layout } = this.#scene;
        const from = this.focus.at;
        if (!this.#view || !layout || !from) return;
        const { topology } = this.#view;
        const to = stepPlace(topology, layout, from, step, carried());
        this.#moveTo(to, true, stepWords(topology, from, to, step, carried()));
      },
      act: () => {
        const token = this.#view && tokenAt(this.#view, this.focus.at);
        if (carried()) this.#drop();
        else if (token) this.pickUp(token);
      },
      remove: () => {
        const { at } = this.focus;
        const slot = this.#carry.carried?.slot ?? (this.#view && slotAt(this.#view, at));
        if (!slot || this.#view?.running) return;
        this.#carry.returnToTray(slot, at?.id ?? null);
        this.#pop.hide();
        this.#actions.announce(`${slot.label} back in the tray`);
        this.#repaint();
      },
      cancel: () => this.#cancel(),
      jump: (id) => {
        const slot = this.#carry.carried?.slot;
        if (!slot) return;
        const view = this.#view;
        const logical = view?.numbers === 'L' && slot.on === 'cpus';
        const target = logical ? cpuOfLogical(view.topology, id) : id;
        const place = target === null ? null : placeFor(slot, target);
        if (place && this.#scene.boxOf(place.kind, place.id)) this.#moveTo(place);
        else this.#actions.announce(`There is no ${logical ? `L#${id}` : targetWords(slot, id)}`);
      },
    };
  }

  #clicked(event: MouseEvent): void {
    const slot = this.#carry.carried?.slot;
    if (!slot || performance.now() - this.#pressedAt < 50) return;
    const target = this.#targetAt(slot, event.clientX, event.clientY);
    if (target === null) return;
    this.#carry.move(target);
    this.#drop();
  }

  /** Says what a small cell cannot show; while a token is carried by clicks, it follows. */
  #hovered(event: PointerEvent): void {
    const view = this.#view;
    if (event.pointerType === 'touch') return;
    const at = this.#onBoard(event.clientX, event.clientY);
    this.look.pointer = at;
    if (!view || this.#drag.active) return;
    const { carried } = this.#carry;
    if (carried) {
      const target = this.#targetAt(carried.slot, event.clientX, event.clientY);
      if (target === null || target === carried.over) return;
      this.#carry.move(target);
      this.#repaint();
      return;
    }
    const chip = this.#scene.devices.chipOf(event.target);
    this.#scene.devices.near(chip);
    if (chip) {
      this.#pop.show(deviceText(chip, view.topology), at);
      return;
    }
    const place = placeOf(event.target);
    const box = place && this.#scene.boxOf(place.kind, place.id);
    const { scale } = this.stage;
    const text = place && box && hoverText(view, place, this.#scene.valueOf(place), [box.w * scale, box.h * scale]);
    if (text) this.#pop.show(text, at);
    else this.#pop.hide();
  }
}

function sameFacts(a: Topology, b: Topology): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
