/**
 * Where everything on the board stands. Pure and complete: every CPU and every node of the topology has a box, at any
 * size of the board; where the board is too small the whole drawing is scaled, and zooming steps through the detail.
 */

import { max, sum } from 'd3-array';
import { indexTopology } from '../topology/relation.ts';
import type { Topology } from '../topology/topology.ts';
import { bodyDistances } from './arrange.ts';
import { placeMemoryOnly } from './memory-only.ts';
import { ioRoomOf, NO_ROOM, placeRooms, ROW, showsAll } from './devices.ts';
import type { IoRoom } from './devices.ts';
import { SMALLEST } from './fit.ts';
import { foldHeight, placeFold } from './fold.ts';
import type { Size } from './fit.ts';
import { bestGrid } from './grid.ts';
import type { Attempt } from './grid.ts';
import { insideLinks } from './inside.ts';
import { linksOf } from './links.ts';
import { matrixCorner } from './matrix.ts';
import { Placer } from './place.ts';
import type { Boxes } from './place.ts';
import { MARGIN } from './spec.ts';
import { placeStrip, stripHeight } from './strip.ts';
import { machineTree } from './tree.ts';
import type { BodyTree, MachineTree } from './tree-types.ts';
import type { Layout } from './types.ts';

export interface Area {
  readonly width: number;
  readonly height: number;
  /** Smallest thread that may be drawn (px); default 6 × 6. */
  readonly smallest?: Size;
  /** Name the caches of every core, however large that makes the drawing. */
  readonly named?: boolean;
  /** Make room for I/O devices at their nodes. */
  readonly devices?: boolean;
  /** Draw the bars of empty nodes, which else fold into one chip. */
  readonly unfolded?: boolean;
}

/** Below this, boxes would be all frame: the drawing is made this large and scaled. */
const LEAST: Size = { w: 320, h: 240 };
const GROWTH = 1.1;
/** By so much a drawing may be scaled down so that groups of near nodes are seen as such. */
const WORTH_GROUPS = 2;
/** Corners of all bodies, each in the middle of its column, rows and columns as large as their largest. */
function placeBodies(
  tree: MachineTree,
  { grid, above, barsWidth, spec, fit }: Attempt,
  size: Size,
  strip: number,
  boxes: Boxes,
): void {
  const placer = new Placer(spec, fit, boxes);
  const sizeOf = (i: number | undefined): Size => {
    const body: BodyTree | undefined = tree.bodies[i ?? -1];
    return body ? placer.bodySize(body) : { w: 0, h: 0 };
  };
  const bars = (i: number): number => (tree.bodies[i]?.bare.length ? barsWidth : 0);
  const widths = grid.columns.map((column) => max(column, (i) => Math.max(sizeOf(i).w, bars(i))) ?? 0);
  const heights = Array.from(
    { length: grid.rows },
    (_, row) => max(grid.columns, (column) => sizeOf(column[row]).h) ?? 0,
  );
  const w = sum(widths) + sum(grid.gapsX);
  const h = sum(heights) + sum(grid.gapsY) + sum(above) + strip;
  const top = Math.max(MARGIN, Math.min((size.h - h) / 2, size.h - h - MARGIN - grid.foot));
  const at: { index: number; x: number; y: number; column: number; row: number }[] = [];
  let x = Math.round(Math.max(MARGIN, (size.w - w) / 2));
  grid.columns.forEach((column, c) => {
    let y = Math.round(top);
    column.forEach((index, row) => {
      y += above[row] ?? 0;
      at.push({ index, x: bars(index) > 0 ? x : x + ((widths[c] ?? 0) - sizeOf(index).w) / 2, y, column: c, row });
      y += (heights[row] ?? 0) + (grid.gapsY[row] ?? 0);
    });
    x += (widths[c] ?? 0) + (grid.gapsX[c] ?? 0);
  });
  for (const { index, column, row, ...corner } of at.sort((a, b) => a.index - b.index)) {
    const body = tree.bodies[index];
    if (body) placer.body(body, index, corner, column, row);
  }
}

/** The boxes of a machine on a board of so many pixels. */
export function layoutMachine(topology: Topology, area: Area): Layout {
  if (!area.devices) return laidOut(topology, area, NO_ROOM);
  const io = ioRoomOf(topology, area.width);
  // How wide nodes come out decides how many rows their devices take, and the rows decide how wide.
  for (let belowNodes = ROW; belowNodes < io.belowNodes; belowNodes += ROW) {
    const layout = laidOut(topology, area, { ...io, belowNodes });
    if (showsAll(topology, layout.rooms)) return layout;
  }
  return laidOut(topology, area, io);
}

function laidOut(topology: Topology, area: Area, io: IoRoom): Layout {
  const tree = machineTree(topology);
  const distance = bodyDistances(tree.bodies);
  const size = { w: Math.max(area.width, LEAST.w), h: Math.max(area.height, LEAST.h) };
  /** What the machine may take of the board. */
  const open = area.unfolded ?? false;
  const inner = (): Size => ({
    w: size.w,
    h: size.h - io.belowMachine - foldHeight(tree.empty.length, size.w, open),
  });
  const least = { ...(area.smallest ?? SMALLEST), named: area.named ?? false };
  const find = (growth: number): Attempt | null =>
    bestGrid(tree, distance, {
      size: inner(),
      least,
      cpus: topology.cpus.length,
      mixed: growth > WORTH_GROUPS,
      belowNodes: io.belowNodes,
    });
  let found = find(1);
  for (let growth = GROWTH; !found; growth *= GROWTH) {
    size.w *= GROWTH;
    size.h *= GROWTH;
    found = find(growth);
  }
  const boxes: Boxes = { bodies: [], packages: [], dies: [], nodes: [], caches: [], cores: [], pus: [] };
  const strip = stripHeight(tree.loose.length, size.w);
  placeBodies(tree, found, inner(), strip, boxes);
  placeMemoryOnly(tree, found.spec.node, found.barsWidth, boxes);
  const rooms = placeRooms(topology, io, size, boxes);
  const fold = placeFold(tree.empty, { width: size.w, bottom: size.h - io.belowMachine, open }, boxes);
  const nodes = new Map(topology.nodes.map((node) => [node.id, node]));
  const links = [...linksOf(tree, boxes, distance), ...insideLinks(nodes, boxes.nodes)];
  const stripBox = placeStrip(tree.loose, inner(), boxes);
  const order = indexTopology(topology).places;
  const rank = new Map([...order.keys()].map((id, i) => [id, i]));
  return {
    width: size.w,
    height: size.h,
    scale: Math.min(1, area.width / size.w, area.height / size.h),
    unit: 1,
    ...boxes,
    pus: boxes.pus.sort((a, b) => (rank.get(a.cpu) ?? 0) - (rank.get(b.cpu) ?? 0)),
    links,
    rooms,
    matrix: matrixCorner(topology.nodes.length, inner(), boxes, rooms, stripBox),
    fold,
    strip: stripBox,
  };
}
