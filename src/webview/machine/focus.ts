/** Owns which part of the machine has the focus: the board is one tab stop, and arrows move within it. */

import { nodeBoxOf, puOf } from '../../model/layout/find.ts';
import { sameHome, stepFrom } from '../../model/layout/step.ts';
import type { Step } from '../../model/layout/step.ts';
import type { Layout } from '../../model/layout/types.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { indexTopology, nodeOf } from '../../model/topology/relation.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Scene } from './scene.ts';

export interface Place {
  readonly kind: 'cpu' | 'node';
  readonly id: number;
}

/** The CPU or node of that number, whichever the slot is placed on. */
export const placeFor = ({ on }: Pick<Slot, 'on'>, id: number): Place => ({
  kind: on === 'nodes' ? 'node' : 'cpu',
  id,
});

/** Reads the place out of an element of the machine, or of anything inside one. */
export function placeOf(target: EventTarget | null): Place | null {
  if (!(target instanceof Element)) return null;
  const element = target.closest('[data-cpu], [data-node]');
  const [cpu, node] = [element?.getAttribute('data-cpu'), element?.getAttribute('data-node')];
  if (cpu !== null && cpu !== undefined) return { kind: 'cpu', id: Number(cpu) };
  return node === null || node === undefined ? null : { kind: 'node', id: Number(node) };
}

/** From a bar: to memory without CPUs above it, else to the CPUs above; down to its own CPUs. */
function fromBar(topology: Topology, layout: Layout, id: number, step: Step): Place {
  const first = indexTopology(topology)
    .cpusOfNode.get(id)
    ?.find((cpu) => puOf(layout, cpu));
  if (first !== undefined && step === 'down') return { kind: 'cpu', id: first };
  const other = stepFrom(layout, 'node', id, step) ?? id;
  if (first === undefined || step !== 'up' || nodeBoxOf(layout, other)?.bare) return { kind: 'node', id: other };
  const above = stepFrom(layout, 'cpu', stepFrom(layout, 'cpu', first, 'first'), 'up') ?? first;
  return sameHome(layout, above, first) ? { kind: 'node', id: other } : { kind: 'cpu', id: above };
}

/**
 * Where a step leads. Between the CPUs of one node and those of the next above or below lies the bar of the lower one; who
 * carries a token for CPUs (or, over bars, memory) passes among its kind alone.
 */
export function stepPlace(topology: Topology, layout: Layout, from: Place, step: Step, carrying: boolean): Place {
  if (!carrying && from.kind === 'node') return fromBar(topology, layout, from.id, step);
  const id = stepFrom(layout, from.kind, from.id, step) ?? from.id;
  const to: Place = { kind: from.kind, id };
  if (carrying || from.kind === 'node' || (step !== 'up' && step !== 'down')) return to;
  if (id !== from.id && sameHome(layout, from.id, id)) return to;
  const node = step === 'up' ? nodeOf(topology, from.id) : id === from.id ? null : nodeOf(topology, id);
  return node && nodeBoxOf(layout, node.id) ? { kind: 'node', id: node.id } : to;
}

export class Focus {
  readonly #scene: Scene;
  #at: Place | null = null;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  get at(): Place | null {
    return this.#at;
  }

  /** Keeps one tab stop, on a part that exists: first of all on the first CPU that may be used. */
  keep(topology: Topology): void {
    if (this.#at && this.element()) {
      this.set(this.#at);
      return;
    }
    this.#begin(topology);
  }

  /** To where the tab stop is at first. */
  reset(topology: Topology): void {
    const before = this.element();
    this.#at = null;
    before?.setAttribute('tabindex', '-1');
    this.#begin(topology);
  }

  #begin(topology: Topology): void {
    const cpu = topology.cpus.find((one) => one.online && one.allowed) ?? topology.cpus[0];
    const node = topology.nodes[0];
    if (cpu) this.set({ kind: 'cpu', id: cpu.id });
    else if (node) this.set({ kind: 'node', id: node.id });
  }

  set(place: Place): void {
    const before = this.element();
    this.#at = place;
    const now = this.element();
    if (before !== now) before?.setAttribute('tabindex', '-1');
    if (now?.getAttribute('tabindex') !== '0') now?.setAttribute('tabindex', '0');
  }

  go(place: Place): void {
    this.set(place);
    this.focus();
  }

  /** The board comes into view where the page scrolls; what of the machine is on it is the stage's. */
  focus(): void {
    const element = this.element();
    element?.focus({ preventScroll: true });
    element?.closest('.board')?.scrollIntoView({ block: 'nearest' });
  }

  element(): SVGGElement | null {
    if (!this.#at) return null;
    return this.#at.kind === 'cpu' ? this.#scene.cells.element(this.#at.id) : this.#scene.bars.element(this.#at.id);
  }
}
