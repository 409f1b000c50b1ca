/** Owns where on the machine one looks: nearer and farther, a node from near, a CPU by its number, the small map. */

import { centreX, centreY } from '../../model/layout/box.ts';
import type { Point } from '../../model/layout/box.ts';
import { nodeBoxOf } from '../../model/layout/find.ts';
import { parsePlace } from '../../model/placement/typed.ts';
import { nodeOf } from '../../model/topology/relation.ts';
import { el } from '../ui/dom.ts';
import { createFinder } from './finder.ts';
import type { Finder } from './finder.ts';
import type { Focus, Place } from './focus.ts';
import type { Minimap } from './minimap.ts';
import type { Scene } from './scene.ts';
import type { Stage } from './stage.ts';
import type { MachineView } from './view.ts';

/** Width (px) from which a CPU's number and value are read. */
export const READABLE = 36;

interface NavigationHost {
  view(): MachineView | null;
  /** @param reveal brings it onto the board where it is not there. */
  goTo(place: Place, reveal: boolean): void;
  announce(words: string): void;
  /** Has the machine laid out anew. */
  layOut(): void;
}

export class Navigation {
  /** On the board, while a mouse or pen is over it. */
  pointer: Point | null = null;
  readonly #stage: Stage;
  readonly #scene: Scene;
  readonly #focus: Focus;
  readonly #host: NavigationHost;
  readonly #finder: Finder;
  /** The small picture of the machine, to be put where there is room for it. */
  readonly map = el('div.minimap', { 'aria-hidden': 'true', hidden: '' });
  #minimap: Minimap | null = null;
  #zoomedTo: number | null = null;

  constructor(stage: Stage, scene: Scene, focus: Focus, host: NavigationHost) {
    [this.#stage, this.#scene, this.#focus, this.#host] = [stage, scene, focus, host];
    this.#finder = createFinder(
      (typed) => this.#found(typed),
      () => focus.focus(),
    );
  }

  /** Until then one looks at the whole machine, which needs no map. */
  bring(Map: typeof Minimap): void {
    this.#minimap = new Map(this.map, (point) => this.#stage.lookAt(point));
  }

  /** The field that asks for a number, to be put above the board. */
  get finder(): HTMLElement {
    return this.#finder.element;
  }

  /** Towards the pointer; where it is not on the board, towards what has the focus. */
  zoomBy(factor: number): void {
    const { at } = this.#focus;
    const box = at && this.#scene.boxOf(at.kind, at.id);
    this.#stage.zoomBy(factor, this.pointer ?? (box ? this.#stage.toBoard([centreX(box), centreY(box)]) : null));
  }

  /** The node of what has the focus fills the board; there already, the whole machine does. */
  zoomToFocus(): void {
    const { at } = this.#focus;
    const topology = this.#host.view()?.topology;
    if (!at || !topology) return;
    const node = at.kind === 'node' ? at.id : nodeOf(topology, at.id)?.id;
    if (node !== undefined) this.zoomToNode(node);
  }

  zoomToNode(id: number): void {
    const { layout } = this.#scene;
    const bar = layout && nodeBoxOf(layout, id);
    if (!bar) return;
    if (this.#zoomedTo === id && this.#stage.near) {
      this.#zoomedTo = null;
      this.#stage.fit();
      this.#host.announce('The whole machine');
      return;
    }
    this.#zoomedTo = id;
    this.#stage.zoomTo(bar.area);
    this.#host.announce(`Zoomed to node ${id}`);
  }

  /** Opens the chip of empty nodes, or folds them again. */
  toggleFold(): void {
    this.#unfold(!this.#scene.unfolded);
    const { at } = this.#focus;
    const topology = this.#host.view()?.topology;
    // The tab stop is never on what cannot be seen.
    if (at && topology && this.#isFolded(at)) this.#focus.reset(topology);
  }

  /** What one goes to is seen. */
  unfoldFor(place: Place): void {
    if (this.#isFolded(place)) this.#unfold(true);
  }

  #unfold(open: boolean): void {
    this.#scene.unfolded = open;
    this.#host.layOut();
  }

  #isFolded({ kind, id }: Place): boolean {
    const { layout } = this.#scene;
    return kind === 'node' && layout !== null && nodeBoxOf(layout, id)?.folded === true;
  }

  /** Asks for a CPU or node by number. */
  find(): void {
    this.#finder.open();
  }

  /** Near enough to be read, and with the focus. Words where there is no such thing. */
  #found(typed: string): string | null {
    const view = this.#host.view();
    const found = view && parsePlace(typed, view.topology, view.numbers);
    if (!found) return 'Type cpu 18, L#12, node 1 or a number.';
    const { kind, id } = found;
    const box = id === null ? null : this.#scene.boxOf(kind, id);
    if (id === null || !box) return `There is no ${/^\d+$/.test(typed) ? `${kind} ` : ''}${typed.trim()} here.`;
    const place = { kind, id };
    const small = box.w * this.#stage.scale < READABLE;
    if (small) this.#stage.zoomTo(box, READABLE * 1.5);
    this.#host.goTo(place, !small);
    this.#host.announce(`Found ${this.#focus.element()?.getAttribute('aria-label') ?? ''}`);
    return null;
  }

  showMap(view: MachineView): void {
    const { layout } = this.#scene;
    if (layout) this.#minimap?.show(layout, view, this.#stage.near ? this.#stage.sight : null);
  }
}
