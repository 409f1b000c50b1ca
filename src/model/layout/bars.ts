/** Bars of nodes that share CPUs: beside each other above those CPUs, in rows where there are many. */

import type { NumaNode } from '../topology/topology.ts';
import type { Box } from './box.ts';

/** Between two bars, and between two rows (px). */
const GAP = 8;
/** In a row over few cores bars would be too narrow to be named. */
const FEW_CORES = 4;

function columnsOf(count: number, cores: number): number {
  return Math.max(1, Math.min(count, Math.max(Math.ceil(Math.sqrt(count)), Math.min(FEW_CORES, cores))));
}

/** px that the bars take over so many cores, each `height` high. */
export function barsHeight(count: number, cores: number, height: number): number {
  const rows = Math.ceil(count / columnsOf(count, cores));
  return rows * height + Math.max(0, rows - 1) * GAP;
}

interface NodeBar extends Box {
  readonly node: NumaNode;
}

/** Bars of equal width that fill `w` from a corner. */
export function barsOf(nodes: readonly NumaNode[], cores: number, { x, y, w, h }: Box): NodeBar[] {
  const columns = columnsOf(nodes.length, cores);
  const own = (w - (columns - 1) * GAP) / columns;
  return nodes.map((node, i) => ({
    node,
    x: x + (i % columns) * (own + GAP),
    y: y + Math.floor(i / columns) * (h + GAP),
    w: own,
    h,
  }));
}
