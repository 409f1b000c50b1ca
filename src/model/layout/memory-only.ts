/** Nodes without CPUs: the same bar as any node's, above the body they are nearest to. */

import { rightOf } from './box.ts';
import { rowGapFor } from './groups.ts';
import type { Boxes } from './place.ts';
import { NODE_GAP, PAD } from './spec.ts';
import { nearestNode } from './homes.ts';
import { nodesOf } from './tree.ts';
import type { BodyTree, MachineTree } from './tree-types.ts';

/** Narrower bars stand in another row. */
const NARROWEST = 130;
const GAP = 12;
/** px of the line to them: what is far is told in figures, the room is the CPUs'. */
const LONGEST_LINE = 84;
/** Left of the bars of a lower row, for the line that comes down from the body above. */
const INSET = 56;

function perRow(body: BodyTree, width: number): number {
  return Math.max(1, Math.min(body.bare.length, Math.floor((width - 2 * PAD + GAP) / (NARROWEST + GAP))));
}

function linkHeight(body: BodyTree): number {
  const distances = body.bare.map((node) => nearestNode(nodesOf(body), node)?.distance ?? null);
  return Math.min(LONGEST_LINE, Math.max(...distances.map(rowGapFor)));
}

/** What the bars above a body of that width may take. */
export const barsIn = (width: number): number => Math.max(width, NARROWEST);

/** Room (px) that the body's bare nodes and the lines to them take above it, in rows of that width. */
export function memoryOnlyHeight(body: BodyTree, width: number, node: number): number {
  if (body.bare.length === 0) return 0;
  const rows = Math.ceil(body.bare.length / perRow(body, width));
  return rows * node + (rows - 1) * NODE_GAP + linkHeight(body);
}

export function placeMemoryOnly(tree: MachineTree, height: number, width: number, boxes: Boxes): void {
  tree.bodies.forEach((body, index) => {
    const box = boxes.bodies[index];
    if (!box || body.bare.length === 0) return;
    const inset = box.row > 0 ? INSET : 0;
    const columns = perRow(body, width);
    const w = (width - 2 * PAD - inset - (columns - 1) * GAP) / columns;
    body.bare.forEach((node, i) => {
      // The lowest row is filled first: its bars are linked.
      const row = Math.floor(i / columns);
      const bar = {
        x: box.x + PAD + inset + (i % columns) * (w + GAP),
        y: box.y - linkHeight(body) - height - row * (height + NODE_GAP),
        w,
        h: height,
      };
      boxes.nodes.push({ ...bar, id: node.id, body: index, bare: true, folded: false, area: bar });
    });
  });
}

/** Whether nothing stands between the bar and its body, so that a line can be drawn. */
export function isLowest(bar: { x: number; y: number; w: number }, boxes: Boxes, body: number): boolean {
  return !boxes.nodes.some(
    (other) => other.bare && other.body === body && other.y > bar.y && other.x < rightOf({ ...bar, h: 0 }),
  );
}
