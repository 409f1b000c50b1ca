/** Owns the drawn machine on the board: ties its picture, its controls and what is carried together. */

import { bottomOf, centreX, centreY, rightOf } from '../../model/layout/box.ts';
import { targetAt } from '../../model/layout/find.ts';
import { partAround, widened } from '../../model/placement/placement.ts';
import type { Part } from '../../model/placement/placement.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { Drag } from './drag.ts';
import { Focus } from './focus.ts';
import type { Place } from './focus.ts';
import { Carry } from './carry.ts';
import type { Carried } from './carry.ts';
import { keepContrast } from './contrast.ts';
import { Controls } from './controls.ts';
import type * as Later from './later.ts';
import { Navigation } from './navigation.ts';
import { startOf } from './token-places.ts';
import { carryText } from './pop-texts.ts';
import { Popover } from './popover.ts';
import { Scene } from './scene.ts';
import type { Due } from './scene.ts';
import { CarriedShape } from './carried-shape.ts';
import { Stage } from './stage.ts';
import type { MachineActions, MachinePart, MachineView } from './view.ts';
import { moveWords, targetWords } from './labels.ts';

export type { MachineActions, MachinePart, MachineView } from './view.ts';

export function createMachine(container: HTMLElement, actions: MachineActions): MachinePart {
  const machine = new Machine(container, actions);
  return {
    bring: (later) => machine.bring(later),
    update: (view) => machine.update(view),
    pickUp: (slot) => machine.pickUp(slot),
    startDrag: (slot, event) => machine.startDrag(slot, event),
    zoomBy: (factor) => machine.navigation.zoomBy(factor),
    fit: () => machine.stage.fit(),
    zoomToNode: () => machine.navigation.zoomToFocus(),
    find: () => machine.navigation.find(),
    focus: () => machine.focus.focus(),
    cpu: () => (machine.focus.at?.kind === 'cpu' ? machine.focus.at.id : null),
    map: machine.navigation.map,
    finder: machine.navigation.finder,
    destroy: () => machine.destroy(),
  };
}

class Machine {
  readonly stage: Stage;
  readonly focus: Focus;
  readonly navigation: Navigation;
  readonly #container: HTMLElement;
  readonly #actions: MachineActions;
  readonly #scene: Scene;
  readonly #carry: Carry;
  readonly #drag: Drag;
  readonly #pop: Popover;
  /** The token while keys carry it, beside the cell it is over. */
  readonly #carriedShape = new CarriedShape();
  readonly #controls: Controls;
  readonly #stopInk: () => void;
  #view: MachineView | null = null;

  constructor(container: HTMLElement, actions: MachineActions) {
    this.#container = container;
    this.#actions = actions;
    this.stage = new Stage(container, (what) => this.#changed(what));
    this.#scene = new Scene(this.stage);
    this.focus = new Focus(this.#scene);
    this.#carry = new Carry(actions);
    this.#pop = new Popover(container);
    this.navigation = new Navigation(this.stage, this.#scene, this.focus, {
      view: () => this.#view,
      goTo: (place, reveal) => this.#moveTo(place, reveal),
      announce: (words) => actions.announce(words),
      layOut: () => this.#paint('size'),
    });
    this.#stopInk = keepContrast(this.stage.element);
    this.#drag = new Drag(this.#carry, {
      targetAt: (slot, x, y) => this.#targetAt(slot, x, y),
      pressed: (slot) => {
        this.#controls.pressed();
        this.pickUp(slot);
      },
      moved: (slot, x, y) => this.#showCarry(slot, this.#carry.carried?.over ?? null, this.#onBoard(x + 26, y + 8)),
      ended: () => this.#pop.hide(),
      refused: (slot, target, x, y) => this.#refused(slot, target, this.#onBoard(x, y)),
    });
    this.stage.element.setAttribute('role', 'group');
    this.#controls = new Controls({
      stage: this.stage,
      scene: this.#scene,
      focus: this.focus,
      navigation: this.navigation,
      carry: this.#carry,
      drag: this.#drag,
      pop: this.#pop,
      view: () => this.#view,
      targetAt: (slot, x, y) => this.#targetAt(slot, x, y),
      onBoard: (x, y) => this.#onBoard(x, y),
      startDrag: (slot, event) => this.startDrag(slot, event),
      pickUp: (slot) => this.pickUp(slot),
      moveTo: (place, first) => this.#moveTo(place, true, first),
      drop: (takes) => this.#drop(takes),
      widen: (by) => this.#widen(by),
      cancel: () => this.#cancel(),
      stepSetting: (by) => actions.stepSetting(by),
      repaint: () => this.#repaint(),
      announce: (words) => actions.announce(words),
      point: (part) => actions.point(part),
    });
  }

  bring(later: typeof Later): void {
    this.#scene.bring(later);
    this.navigation.bring(later.Minimap);
    this.stage.bring(later.createZooming);
  }

  update(view: MachineView): void {
    const known = this.#view;
    // Messages bring the machine anew each time; the same facts are the same machine.
    const topology = known && sameFacts(known.topology, view.topology) ? known.topology : view.topology;
    this.#view = { ...view, topology };
    this.#carry.sync(topology, view.carried);
    this.#paint('content');
    // Whoever is pointed at became the thief only now.
    if (known && known.victims !== view.victims) this.#controls.tell();
  }

  pickUp(slot: Slot): void {
    const view = this.#view;
    if (!view || view.running) return;
    const start = startOf(view, slot, this.focus.at);
    this.#carry.pick(slot, start);
    if (start !== null) this.focus.go(start);
    const where = start === null ? '' : ` ${moveWords(view, slot, start)}.`;
    this.#actions.announce(
      `Carrying the ${slot.spoken}.${where} Arrows move,${slot.many && slot.on === 'cpus' ? ' + and - widen and narrow,' : ''} Enter drops, Escape cancels.`,
    );
    this.#repaint();
  }

  startDrag(slot: Slot, event: PointerEvent): void {
    if (this.#view && !this.#view.running) this.#drag.start(slot, event);
  }

  destroy(): void {
    this.#controls.destroy();
    this.#stopInk();
    this.#drag.destroy();
    this.#pop.destroy();
    this.#carriedShape.hide();
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
    if (this.#view) this.navigation.showMap(this.#view);
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

  #targetAt(slot: Pick<Slot, 'on' | 'many'>, x: number, y: number): Part | null {
    const { layout } = this.#scene;
    const at = this.#container.getBoundingClientRect();
    if (!layout || x < at.left || y < at.top || x > at.right || y > at.bottom) return null;
    return targetAt(layout, slot, this.stage.toLayout(x, y));
  }

  #onBoard(x: number, y: number): readonly [number, number] {
    const at = this.#container.getBoundingClientRect();
    return [x - at.left, y - at.top];
  }

  #showCarry(slot: Slot, over: Part | null, at: readonly [number, number]): void {
    if (!this.#view || over === null) this.#pop.hide();
    else this.#pop.show(carryText(this.#view, slot, over), at);
    this.#repaint();
  }

  #refused(slot: Slot, target: Part, at: readonly [number, number]): void {
    this.#repaint();
    if (this.#view) this.#pop.showForAWhile(carryText(this.#view, slot, target), at);
  }

  /** Beside the lower right corner of the cell, as if the pointer were there. */
  #showKeyCarry(): void {
    if (this.#drag.active) return;
    const carried = this.#carry.carried;
    const { over } = carried ?? { over: null };
    const place = carried && this.focus.at;
    const box = place && this.#scene.boxOf(place.kind, place.id);
    if (!carried || over === null || !box || !this.#view) {
      this.#carriedShape.hide();
      return;
    }
    const [x, y] = this.stage.toBoard([rightOf(box), bottomOf(box)]);
    const at = this.#container.getBoundingClientRect();
    this.#carriedShape.moveTo(carried.slot, at.left + x - 4, at.top + y - 4);
    this.#pop.show(carryText(this.#view, carried.slot, over), [x + 18, y - 8]);
  }

  /** @param first what is said before the cost of a move, or alone where nothing is carried. */
  #moveTo(place: Place, reveal = true, first = ''): void {
    const view = this.#view;
    const { carried } = this.#carry;
    this.navigation.unfoldFor(place);
    this.focus.go(place);
    const box = this.#scene.boxOf(place.kind, place.id);
    if (box && reveal) this.stage.reveal(this.stage.toBoard([centreX(box), centreY(box)]));
    if (!carried && first !== '') this.#actions.announce(first);
    if (!view || !carried) return;
    this.#carryTo(view, carried, place, first);
    this.#repaint();
  }

  /** As wide as it is: from a node to the next one, from a core to the next. */
  #carryTo(view: MachineView, { slot, over }: Carried, place: Place, first: string): void {
    const around = place.kind === 'cpu' && over ? partAround(view.topology, over.kind, place.id) : null;
    const part = around ?? place;
    this.#carry.move(part);
    this.#actions.announce(`${first} ${moveWords(view, slot, part)}`.trimStart());
  }

  /** The next wider or narrower part around what has the focus. */
  #widen(by: 1 | -1): void {
    const view = this.#view;
    const { carried } = this.#carry;
    const { at } = this.focus;
    if (!view || !carried?.over || at?.kind !== 'cpu') return;
    const part = widened(view.topology, carried.over, at.id, by);
    this.#carry.move(part);
    this.#actions.announce(moveWords(view, carried.slot, part));
    this.#repaint();
  }

  /** What is refused stays in the hand, and the pop-over at the cell says why. */
  #drop(takes: boolean): void {
    const view = this.#view;
    const { carried } = this.#carry;
    if (!view || carried?.over === null || !carried) return;
    if (this.#carry.drop(takes) !== 'dropped') return;
    this.#pop.hide();
    const taken = takes && carried.slot.many ? 'taken from' : 'on';
    this.#actions.announce(`${carried.slot.label} ${taken} ${targetWords(view.topology, carried.slot, carried.over)}`);
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
}

function sameFacts(a: Topology, b: Topology): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
