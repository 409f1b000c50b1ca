/** Finding boxes: by CPU and by node, and what lies under a point. */

import type { Slot } from '../placement/slots.ts';
import { contains } from './box.ts';
import type { Point } from './box.ts';
import type { Layout, NodeBox, PuBox } from './types.ts';

interface Index {
  readonly pus: ReadonlyMap<number, PuBox>;
  readonly nodes: ReadonlyMap<number, NodeBox>;
}

const indexes = new WeakMap<Layout, Index>();

function indexOf(layout: Layout): Index {
  const known = indexes.get(layout);
  if (known) return known;
  const index = {
    pus: new Map(layout.pus.map((pu) => [pu.cpu, pu])),
    nodes: new Map(layout.nodes.map((node) => [node.id, node])),
  };
  indexes.set(layout, index);
  return index;
}

export const puOf = (layout: Layout, cpu: number): PuBox | null => indexOf(layout).pus.get(cpu) ?? null;
export const nodeBoxOf = (layout: Layout, id: number): NodeBox | null => indexOf(layout).nodes.get(id) ?? null;

/** A pointer between two threads of a core means the nearer one (px). */
const SLACK = 3;

/**
 * What dropping a token at the point would mean: a CPU, or for memory a node (its bar, or anything that belongs to
 * it and to no other). Null: nothing, or nothing for sure.
 */
export function targetAt(layout: Layout, on: Slot['on'], point: Point): number | null {
  if (on === 'cpus') {
    const exact = layout.pus.find((pu) => contains(pu, point));
    return (exact ?? layout.pus.find((pu) => contains(pu, point, SLACK)))?.cpu ?? null;
  }
  const bar = layout.nodes.find((node) => contains(node, point));
  return (bar ?? layout.nodes.find((node) => contains(node.area, point)))?.id ?? null;
}
