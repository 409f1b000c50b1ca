/** Short lines between the bars of neighbouring nodes of one body, with their distance (sub-NUMA clustering, L3 as NUMA). */

import type { NumaNode } from '../topology/topology.ts';
import { bottomOf, centreY, rightOf } from './box.ts';
import { LOCAL, nodeDistance } from './homes.ts';
import type { Link, NodeBox } from './types.ts';

/** Wider gaps have something else in them (px). */
const WIDEST = { across: 64, down: 24 };
/** px by which two bars may miss each other and still stand in one line. */
const LINE = 1;
/** px from the left edge of the upper bar to the line down. */
const DOWN_AT = 20;

type Place = Pick<Link, 'from' | 'to' | 'room' | 'wordsY'>;

/** Null where `b` is not right of `a` or below it, with nothing but a gap between. */
function between(a: NodeBox, b: NodeBox): Place | null {
  const across = b.x - rightOf(a);
  if (Math.abs(a.y - b.y) < LINE && across > 0 && across <= WIDEST.across) {
    const y = centreY(a);
    return { from: [rightOf(a), y], to: [b.x, y], room: across, wordsY: y };
  }
  // Its CPUs stand below a bar, and the next bar below them.
  const low = Math.max(bottomOf(a), bottomOf(a.area));
  const down = b.y - low;
  if (Math.abs(a.x - b.x) < LINE && down > 0 && down <= WIDEST.down) {
    const x = a.x + DOWN_AT;
    return { from: [x, low], to: [x, b.y], room: a.w - DOWN_AT, wordsY: (low + b.y) / 2 };
  }
  return null;
}

export function insideLinks(nodes: ReadonlyMap<number, NumaNode>, boxes: readonly NodeBox[]): Link[] {
  const bars = boxes.filter((box) => !box.bare);
  return bars.flatMap((a) =>
    bars.flatMap((b): Link[] => {
      const place = a !== b && a.body === b.body ? between(a, b) : null;
      const [one, two] = [nodes.get(a.id), nodes.get(b.id)];
      const distance = place && one && two ? nodeDistance(one, two) : null;
      if (!place || distance === null || distance <= LOCAL) return [];
      return [{ ...place, kind: 'inside', bodies: [a.body, a.body], nodes: [a.id, b.id], distance }];
    }),
  );
}
