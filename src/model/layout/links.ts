/** Lines between neighbours on the board, and from nodes without CPUs to their body. */

import { min } from 'd3-array';
import { isLowest } from './memory-only.ts';
import { bottomOf, rightOf } from './box.ts';
import type { Distances } from './arrange.ts';
import type { Boxes } from './place.ts';
import { nearestNode, nodeDistance } from './homes.ts';
import { nodesOf } from './tree.ts';
import type { MachineTree } from './tree-types.ts';
import type { BodyBox, Link } from './types.ts';

/** px from the left edge of a body to the line down to the next one. */
const DOWN_AT = 40;
const BARE_AT = 28;

/** Null where one of them has no node. */
function nearestPair(
  tree: MachineTree,
  a: number,
  b: number,
  distance: number | null,
): readonly [number, number] | null {
  const [one, two] = [a, b].map((i) => (tree.bodies[i] ? nodesOf(tree.bodies[i]) : []));
  for (const from of one ?? []) {
    for (const to of two ?? []) if (nodeDistance(from, to) === distance) return [from.id, to.id];
  }
  return null;
}

/** @param high upper edge of what stands over `b` and is linked to it. */
function between(a: BodyBox, b: BodyBox, high: number): Pick<Link, 'from' | 'to' | 'kind' | 'room' | 'wordsY'> {
  if (a.row === b.row) {
    const y = (Math.max(a.y, b.y) + Math.min(bottomOf(a), bottomOf(b))) / 2;
    return { from: [rightOf(a), y], to: [b.x, y], kind: 'across', room: b.x - rightOf(a), wordsY: y };
  }
  const x = Math.max(a.x, b.x) + DOWN_AT;
  const room = Math.min(rightOf(a), rightOf(b)) - x;
  return { from: [x, bottomOf(a)], to: [x, b.y], kind: 'down', room, wordsY: (bottomOf(a) + high) / 2 };
}

export function linksOf(tree: MachineTree, boxes: Boxes, distances: Distances): Link[] {
  const links: Link[] = [];
  const highest = (body: number): number | undefined =>
    min(
      boxes.nodes.filter((bar) => bar.bare && bar.body === body),
      (bar) => bar.y,
    );
  boxes.bodies.forEach((a, i) => {
    boxes.bodies.forEach((b, j) => {
      const next = (b.column === a.column + 1 && b.row === a.row) || (b.column === a.column && b.row === a.row + 1);
      if (!next) return;
      const distance = distances(i, j);
      const nodes = nearestPair(tree, i, j, distance);
      if (!nodes) return;
      links.push({
        ...between(a, b, highest(j) ?? b.y),
        bodies: [i, j],
        nodes,
        distance,
      });
    });
  });
  for (const bar of boxes.nodes) {
    const [body, box] = [tree.bodies[bar.body], boxes.bodies[bar.body]];
    const node = body?.bare.find((one) => one.id === bar.id);
    const near = body && node ? nearestNode(nodesOf(body), node, tree.homes.get(node)) : null;
    if (!bar.bare || !box || !near || !isLowest(bar, boxes, bar.body)) continue;
    const x = bar.x + BARE_AT;
    const ends = { from: [x, bottomOf(bar)], to: [x, box.y] } as const;
    links.push({
      ...ends,
      kind: 'bare',
      wordsY: (bottomOf(bar) + box.y) / 2,
      room: bar.w - BARE_AT,
      bodies: [bar.body, bar.body],
      nodes: [near.id, bar.id],
      distance: near.distance,
    });
  }
  return links;
}
