/** Owns what pointer and keys do on the board: listens on it, and has the machine do what is asked. */

import { bottomOf, rightOf } from '../../model/layout/box.ts';
import type { Point } from '../../model/layout/box.ts';
import type { DeviceChip } from '../../model/layout/devices.ts';
import { cpuOfLogical } from '../../model/topology/numbering.ts';
import { tokenNamed } from '../../model/bench/program/threads.ts';
import type { Part } from '../../model/placement/placement.ts';
import type { Slot } from '../../model/placement/slots.ts';
import type { Carry } from './carry.ts';
import { deviceText } from './devices.ts';
import type { Drag } from './drag.ts';
import { placeFor, placeOf, stepPlace } from './focus.ts';
import type { Focus, Place } from './focus.ts';
import { createKeys } from './keyboard.ts';
import type { KeyHost } from './keyboard.ts';
import type { Navigation } from './navigation.ts';
import { hoverText } from './pop-texts.ts';
import type { Popover } from './popover.ts';
import type { Scene } from './scene.ts';
import type { Stage } from './stage.ts';
import { stepWords } from './steps.ts';
import { slotAt, tokenAt } from './token-places.ts';
import type { MachineView } from './view.ts';

/** Clicks sooner than this (ms) after a token was pressed end that press. */
const PRESS_MS = 50;

const NODES = { on: 'nodes', many: false } as const;

/** What the controls act on, and what they ask of the machine. */
export interface ControlledBoard {
  readonly stage: Stage;
  readonly scene: Scene;
  readonly focus: Focus;
  readonly navigation: Navigation;
  readonly carry: Carry;
  readonly drag: Drag;
  readonly pop: Popover;
  view(): MachineView | null;
  /** What lies under a point of the window for that token. */
  targetAt(slot: Pick<Slot, 'on' | 'many'>, x: number, y: number): Part | null;
  /** A point of the window, in pixels of the board. */
  onBoard(x: number, y: number): Point;
  startDrag(slot: Slot, event: PointerEvent): void;
  pickUp(slot: Slot): void;
  /** @param first is said before what the move costs, or alone where nothing is carried. */
  moveTo(place: Place, first?: string): void;
  /** @param takes away from a token on many CPUs or nodes, instead of adding. */
  drop(takes: boolean): void;
  /** To the next wider part of the machine around the carried token, or (-1) the next narrower one. */
  widen(by: 1 | -1): void;
  cancel(): void;
  /** The setting that a token carries, to the next choice, or (-1) the one before. */
  stepSetting(by: 1 | -1): void;
  repaint(): void;
  announce(words: string): void;
  point(part: Part | null): void;
}

const onSetting = ({ target }: MouseEvent): boolean =>
  target instanceof Element && target.closest('[data-setting]') !== null;

export class Controls {
  readonly #board: ControlledBoard;
  readonly #listening = new AbortController();
  #pressedAt = -Infinity;
  /** What the pointer is on, and where that is on the board. */
  #hover: { readonly place: Place; readonly at: Point } | null = null;

  constructor(board: ControlledBoard) {
    this.#board = board;
    this.#listen();
  }

  /** A token was pressed: the click that ends the press is not a click on the cell below. */
  pressed(): void {
    this.#pressedAt = performance.now();
  }

  destroy(): void {
    this.#listening.abort();
  }

  #listen(): void {
    const { signal } = this.#listening;
    const { stage, scene, focus, navigation, carry, drag, pop } = this.#board;
    const { element } = stage;
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
        if (event.key !== 'Escape' || !carry.carried || drag.active || event.defaultPrevented) return;
        event.preventDefault();
        this.#board.cancel();
      },
      { signal, capture: true },
    );
    // What keys carry stands over the page, which may scroll below it.
    addEventListener(
      'scroll',
      () => {
        if (carry.carried) this.#board.repaint();
      },
      { signal, passive: true },
    );
    element.addEventListener(
      'focusin',
      (event) => {
        const place = placeOf(event.target);
        if (!place) return;
        focus.set(place);
        this.#board.point(place);
      },
      { signal },
    );
    element.addEventListener(
      'pointerdown',
      (event) => {
        const token =
          event.target instanceof Element ? event.target.closest('[data-token]')?.getAttribute('data-token') : null;
        const view = this.#board.view();
        const slot = view && token ? tokenNamed(view.slots, token) : null;
        if (event.button === 0 && !carry.carried && slot) this.#board.startDrag(slot, event);
      },
      { signal },
    );
    element.addEventListener('click', (event) => this.#clicked(event), { signal });
    scene.fold.listen(() => navigation.toggleFold(), signal);
    scene.devices.listen(
      { focused: (chip) => this.#deviceFocused(chip), chosen: (chip) => this.#deviceChosen(chip) },
      signal,
    );
    element.addEventListener(
      'dblclick',
      (event) => {
        const node = this.#board.targetAt(NODES, event.clientX, event.clientY);
        if (node !== null && !carry.carried && !onSetting(event)) navigation.zoomToNode(node.id);
      },
      { signal },
    );
    element.addEventListener('pointermove', (event) => this.#hovered(event), { signal });
    element.addEventListener(
      'pointerleave',
      () => {
        navigation.pointer = null;
        scene.devices.near(null);
        this.#hover = null;
        this.#board.point(null);
        if (!carry.carried) pop.hide();
      },
      { signal },
    );
  }

  #deviceFocused(chip: DeviceChip | null): void {
    const { stage, scene, pop } = this.#board;
    const view = this.#board.view();
    scene.devices.near(chip);
    if (!chip || !view) {
      pop.hide();
      return;
    }
    const k = stage.scale;
    const corner = stage.toBoard([rightOf(chip) / k, bottomOf(chip) / k]);
    stage.reveal(corner);
    pop.show(deviceText(chip, view.topology), corner);
  }

  /** On to the node it is near: what is pinned there is pinned near it. */
  #deviceChosen({ devices: [device] }: DeviceChip): void {
    const { carry, focus } = this.#board;
    if (!device || carry.carried) return;
    if (device.node !== null) focus.go({ kind: 'node', id: device.node });
    else this.#board.announce(`Firmware names no node for ${device.name}.`);
  }

  #keyHost(): KeyHost {
    const { scene, focus, carry, pop } = this.#board;
    const carried = (): boolean => carry.carried !== null;
    return {
      get carrying() {
        return carried();
      },
      step: (step) => {
        const { layout } = scene;
        const from = focus.at;
        const topology = this.#board.view()?.topology;
        if (!topology || !layout || !from) return;
        const to = stepPlace(topology, layout, from, step, carried());
        this.#board.moveTo(to, stepWords(topology, from, to, step, carried()));
      },
      act: (takes) => {
        const view = this.#board.view();
        const token = view && tokenAt(view, focus.at);
        if (carried()) this.#board.drop(takes);
        else if (token) this.#board.pickUp(token);
      },
      remove: () => {
        const { at } = focus;
        const view = this.#board.view();
        const slot = carry.carried?.slot ?? (view && slotAt(view, at));
        if (!slot || view?.running) return;
        carry.returnToTray(slot, at?.id ?? null);
        pop.hide();
        this.#board.announce(`${slot.label} back in the tray`);
        this.#board.repaint();
      },
      get widens() {
        const slot = carry.carried?.slot;
        return slot?.many === true && slot.on === 'cpus';
      },
      widen: (by) => this.#board.widen(by),
      cancel: () => this.#board.cancel(),
      jump: (id) => {
        const slot = carry.carried?.slot;
        if (!slot) return;
        const view = this.#board.view();
        const logical = view?.numbers === 'L' && slot.on === 'cpus';
        const target = logical ? cpuOfLogical(view.topology, id) : id;
        const place = target === null ? null : placeFor(slot, target);
        if (place && scene.boxOf(place.kind, place.id)) this.#board.moveTo(place);
        else
          this.#board.announce(`There is no ${logical ? `L#${id}` : `${slot.on === 'nodes' ? 'node' : 'cpu'} ${id}`}`);
      },
    };
  }

  #clicked(event: MouseEvent): void {
    const { carry } = this.#board;
    const slot = carry.carried?.slot;
    if (!slot && onSetting(event)) this.#board.stepSetting(event.shiftKey ? -1 : 1);
    if (!slot || performance.now() - this.#pressedAt < PRESS_MS) return;
    const target = this.#board.targetAt(slot, event.clientX, event.clientY);
    if (target === null) return;
    carry.move(target);
    this.#board.drop(event.altKey);
  }

  /** Says what a small cell cannot show; while a token is carried by clicks, it follows. */
  #hovered(event: PointerEvent): void {
    const { scene, navigation, carry, drag, pop } = this.#board;
    const view = this.#board.view();
    if (event.pointerType === 'touch') return;
    const at = this.#board.onBoard(event.clientX, event.clientY);
    navigation.pointer = at;
    if (!view || drag.active) return;
    const { carried } = carry;
    if (carried) {
      const target = this.#board.targetAt(carried.slot, event.clientX, event.clientY);
      if (target === null) return;
      carry.move(target);
      this.#board.repaint();
      return;
    }
    const chip = scene.devices.chipOf(event.target);
    scene.devices.near(chip);
    const place = placeOf(event.target);
    this.#hover = place && { place, at };
    if (chip) {
      pop.show(deviceText(chip, view.topology), at);
      return;
    }
    this.#board.point(place);
    this.tell();
  }

  /** Says of what the pointer is on what is known of it now. */
  tell(): void {
    const { stage, scene, carry, drag, pop } = this.#board;
    const view = this.#board.view();
    if (!view || drag.active || carry.carried) return;
    const { place, at } = this.#hover ?? { place: null, at: null };
    const box = place && scene.boxOf(place.kind, place.id);
    const { scale } = stage;
    const text = box && hoverText(view, place, scene.valueOf(place), [box.w * scale, box.h * scale]);
    if (text) pop.show(text, at);
    else pop.hide();
  }
}
