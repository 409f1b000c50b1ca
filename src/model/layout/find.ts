/** Finding boxes: by CPU and by node, and what lies under a point. */

import type { Part } from '../placement/placement.ts';
import type { Slot } from '../placement/slots.ts';
import { parseCpuList } from '../text/cpulist.ts';
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

function cpuAt(layout: Layout, point: Point): Part | null {
  const exact = layout.pus.find((pu) => contains(pu, point));
  const cpu = (exact ?? layout.pus.find((pu) => contains(pu, point, SLACK)))?.cpu;
  return cpu === undefined ? null : { kind: 'cpu', id: cpu };
}

/** A core's frame, the bar of its L3, a node's bar, a socket's heading: all that has a box and is no CPU. */
function wholeAt(layout: Layout, point: Point): Part | null {
  const core = layout.cores.findIndex((one) => one.known && contains(one, point));
  const inCore = layout.pus.find((pu) => pu.core === core);
  if (core >= 0 && inCore) return { kind: 'core', id: inCore.cpu };
  const l3 = layout.caches.find((one) => contains(one, point))?.caches.find(({ level }) => level === 3);
  const [underL3] = parseCpuList(l3?.cpus ?? '');
  if (underL3 !== undefined) return { kind: 'l3', id: underL3 };
  const bar = layout.nodes.find((node) => contains(node, point));
  if (bar) return { kind: 'node', id: bar.id };
  const around = layout.packages.find((one) => contains(one, point))?.id;
  return around === null || around === undefined ? null : { kind: 'package', id: around };
}

/**
 * What dropping a token at the point would mean: a CPU; for a token that may lie on many, also all CPUs of what is there; for memory a node
 * (its bar, or anything that belongs to it and to no other). Null: nothing, or nothing for sure.
 */
export function targetAt(layout: Layout, { on, many }: Pick<Slot, 'on' | 'many'>, point: Point): Part | null {
  if (on === 'cpus') return cpuAt(layout, point) ?? (many ? wholeAt(layout, point) : null);
  const bar = layout.nodes.find((node) => contains(node, point));
  const id = (bar ?? layout.nodes.find((node) => contains(node.area, point)))?.id;
  return id === undefined ? null : { kind: 'node', id };
}
