/** How large a drawing that stands alone is: everything drawn, with what hangs outside the boxes, and nothing more. */

import { bottomOf, rightOf } from '../layout/box.ts';
import type { Box } from '../layout/box.ts';
import { matrixSize } from '../layout/matrix.ts';
import { MARGIN } from '../layout/spec.ts';
import type { Layout } from '../layout/types.ts';
import { slotsOn } from '../placement/slots.ts';
import type { Topology } from '../topology/topology.ts';
import { chipBox } from './chip.ts';
import type { RunFace } from './run-face.ts';
import { runRoute } from './run-marks.ts';

/** A table of more nodes would be larger than the machine. */
const MOST_NODES = 32;
/** px a flag stands out above or below its cell. */
const FLAG = 28;

function bounds(boxes: readonly Box[]): Box {
  let [x, y, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    [x, y] = [Math.min(x, box.x), Math.min(y, box.y)];
    [right, bottom] = [Math.max(right, rightOf(box)), Math.max(bottom, bottomOf(box))];
  }
  return x <= right ? { x, y, w: right - x, h: bottom - y } : { x: 0, y: 0, w: 0, h: 0 };
}

const boxesOf = (layout: Layout): Box[] => [
  ...layout.bodies,
  ...layout.nodes,
  ...layout.pus,
  ...layout.rooms,
  ...[layout.matrix, layout.fold, layout.strip].filter((box) => box !== null),
];

/** Where no corner is free, a board does without the table of distances; paper has room below the machine. */
export function withMatrix({ nodes }: Topology, layout: Layout): Layout {
  const known = nodes.some((node) => Object.keys(node.distances).length > 0);
  if (layout.matrix || !known || nodes.length <= 2 || nodes.length > MOST_NODES) return layout;
  const around = bounds(boxesOf(layout));
  return { ...layout, matrix: { x: around.x, y: bottomOf(around) + 2 * MARGIN, ...matrixSize(nodes.length) } };
}

/** In whole px, with the margin. */
export function extentOf(layout: Layout, face: RunFace): Box {
  const boxes = boxesOf(layout);
  const route = runRoute(layout, face);
  if (route) boxes.push(...route.points.map(([x, y]) => ({ x, y, w: 0, h: 0 })));
  if (route && face.chip) boxes.push(chipBox(route, face.chip));
  for (const pu of layout.pus) {
    if (pu.body >= 0 || slotsOn(face.slots, face.placement, 'cpus', pu.cpu).length === 0) continue;
    boxes.push({ x: pu.x, y: pu.y - FLAG, w: pu.w, h: pu.h + FLAG });
  }
  const { x, y, w, h } = bounds(boxes);
  const [left, top] = [Math.floor(x - MARGIN), Math.floor(y - MARGIN)];
  return { x: left, y: top, w: Math.ceil(x + w + MARGIN) - left, h: Math.ceil(y + h + MARGIN) - top };
}
