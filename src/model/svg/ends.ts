/** Two ends on the machine and what lies between them: of a cell of the matrix, or of a pair that is being measured. */

import { nodeBoxOf, puOf } from '../layout/find.ts';
import { routeBetween } from '../layout/route.ts';
import { softPath } from '../layout/soft-path.ts';
import type { Box } from '../layout/box.ts';
import type { Layout } from '../layout/types.ts';
import type { Part } from '../placement/placement.ts';
import { indexTopology } from '../topology/relation.ts';
import type { Topology } from '../topology/topology.ts';
import { mark } from './marks.ts';
import type { Mark } from './marks.ts';

export interface Ends {
  readonly from: Part | null;
  readonly to: Part | null;
  /** Pointed at, or measured now. */
  readonly kind: 'lit' | 'live';
}

/** px from a box to the frame around it. */
const OFF = 1.5;

const frame = ({ x, y, w, h }: Box): string => `M${x - OFF} ${y - OFF}h${w + 2 * OFF}v${h + 2 * OFF}h${-w - 2 * OFF}z`;

/** A CPU; of a node its bar and all its CPUs. */
function boxesOf(topology: Topology, layout: Layout, part: Part | null): Box[] {
  if (part?.kind === 'cpu') return [puOf(layout, part.id)].filter((box) => box !== null);
  if (part?.kind !== 'node') return [];
  const cpus = indexTopology(topology).cpusOfNode.get(part.id) ?? [];
  return [nodeBoxOf(layout, part.id), ...cpus.map((cpu) => puOf(layout, cpu))].filter((box) => box !== null);
}

export function endMarks(topology: Topology, layout: Layout, { from, to, kind }: Ends): Mark[] {
  const boxes = [from, to].flatMap((part) => boxesOf(topology, layout, part));
  const pair = from?.kind === 'cpu' && to?.kind === 'cpu' && from.id !== to.id;
  const route = pair ? routeBetween(layout, from.id, to.id, 0) : null;
  const d = route && softPath(route.points);
  return [
    ...(d === null ? [] : [mark('path.halo', { d }), mark(`path.route.${kind}`, { d })]),
    ...(boxes.length === 0 ? [] : [mark(`path.ends.${kind}`, { d: boxes.map(frame).join('') })]),
  ];
}
