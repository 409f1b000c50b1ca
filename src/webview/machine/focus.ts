/** Owns which part of the machine has the focus: the board is one tab stop, and arrows move within it. */

import { stepFrom } from '../../model/layout/step.ts';
import type { Step } from '../../model/layout/step.ts';
import type { Layout } from '../../model/layout/types.ts';
import { nodeOf } from '../../model/relation.ts';
import { indexTopology } from '../../model/relation.ts';
import type { Topology } from '../../model/topology.ts';
import type { Scene } from './scene.ts';

export interface Place {
  readonly kind: 'cpu' | 'node';
  readonly id: number;
}

/** Reads the place out of an element of the machine, or of anything inside one. */
export function placeOf(target: EventTarget | null): Place | null {
  if (!(target instanceof Element)) return null;
  const element = target.closest('[data-cpu], [data-node]');
  const [cpu, node] = [element?.getAttribute('data-cpu'), element?.getAttribute('data-node')];
  if (cpu !== null && cpu !== undefined) return { kind: 'cpu', id: Number(cpu) };
  return node === null || node === undefined ? null : { kind: 'node', id: Number(node) };
}

/** Where a step leads. Above the topmost CPUs is their node, below a node are its CPUs. */
export function stepPlace(topology: Topology, layout: Layout, from: Place, step: Step, stay: boolean): Place {
  if (!stay && from.kind === 'node' && step === 'down') {
    const first = indexTopology(topology).cpusOfNode.get(from.id)?.[0];
    if (first !== undefined) return { kind: 'cpu', id: first };
  }
  const id = stepFrom(layout, from.kind, from.id, step) ?? from.id;
  const node = from.kind === 'cpu' && step === 'up' && id === from.id && !stay ? nodeOf(topology, from.id) : null;
  return node ? { kind: 'node', id: node.id } : { kind: from.kind, id };
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

  focus(): void {
    this.element()?.focus({ preventScroll: true });
  }

  element(): SVGGElement | null {
    if (!this.#at) return null;
    return this.#at.kind === 'cpu' ? this.#scene.cells.element(this.#at.id) : this.#scene.bars.element(this.#at.id);
  }
}
