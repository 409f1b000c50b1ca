/** Owns the sizes of the drawing: how much each level of the machine takes around what is in it. */

import { max } from 'd3-array';
import type { BodyTree, GroupTree, PackageTree, SectionTree, UnitTree } from './tree-types.ts';

/** px from the board's edge to the machine. */
export const MARGIN = 16;
export const PAD = 12;
export const HEADER = 22;
/** Node bar: with its key line, and without it where CPUs are small. */
export const NODE_TALL = 50;
export const NODE_LOW = 34;
/** Below a node bar. */
export const NODE_GAP = 12;
export const L2_BAR = 12;
const L3_GAP = 6;

/** One level of nesting: `count` cells in a grid, and what stands above, around and between them (px). */
export interface Level {
  readonly count: number;
  readonly head: number;
  readonly padX: number;
  readonly padBottom: number;
  readonly gapX: number;
  readonly gapY: number;
}

/** What a whole machine needs at each level, by the largest part of each kind: so that everything aligns. */
export interface Spec {
  /** body → packages, package → sections, section → groups, group → units, unit → cores. */
  readonly levels: readonly [Level, Level, Level, Level, Level];
  readonly threads: number;
  /** Caches of one core: 0, 1 or 2 bars. */
  readonly bars: number;
  /** A machine of few CPUs is drawn small: its cells are capped at another size, and may grow wider. */
  readonly few: boolean;
  readonly l3: number;
  readonly node: number;
}

const most = <T>(items: readonly T[], size: (item: T) => number): number => max(items, size) ?? 0;

export function specOf(bodies: readonly BodyTree[], node: number, cpuCount: number): Spec {
  const packages: readonly PackageTree[] = bodies.flatMap((body) => body.packages);
  const sections: readonly SectionTree[] = packages.flatMap((item) => item.sections);
  const groups: readonly GroupTree[] = sections.flatMap((section) => section.groups);
  const units: readonly UnitTree[] = groups.flatMap((group) => group.units);
  const cores = units.flatMap((unit) => unit.cores);
  const P = most(bodies, (body) => body.packages.length);
  const S = most(packages, (item) => item.sections.length);
  const G = most(sections, (section) => section.groups.length);
  const U = most(groups, (group) => group.units.length);
  const C = most(units, (unit) => unit.cores.length);
  const perBody = most(bodies, (body) => body.packages.reduce((sum, item) => sum + item.cpus.length, 0));
  const tight = G > 1 || perBody > 96;
  const l3 = G > 1 ? 15 : 20;
  const nodeHead = node + NODE_GAP;
  const apart = bodies.some((body) => body.nodes.length > 0);
  const shared = most(packages, (item) => item.caches.length) * (l3 + L3_GAP);
  const ownNode = packages.some((item) => item.sections.some((section) => section.node));
  const inside = { padX: 0, padBottom: 0 };
  const frame = P > 1 ? { padX: PAD, padBottom: PAD } : inside;
  const frameHead = apart ? PAD + most(bodies, (body) => body.nodes.length) * nodeHead : P > 1 ? PAD : 0;
  const coreGap = tight ? { gapX: 3, gapY: 4 } : { gapX: 8, gapY: 10 };
  return {
    levels: [
      { count: P, head: frameHead, ...frame, gapX: 12, gapY: 12 },
      { count: S, head: HEADER + shared, padX: PAD, padBottom: PAD, gapX: 16, gapY: 12 },
      { count: G, head: ownNode ? nodeHead : 0, ...inside, gapX: 10, gapY: 10 },
      { count: U, head: groups.some((group) => group.cache) ? l3 + L3_GAP : 0, ...inside, ...coreGap },
      { count: C, head: units.some((unit) => unit.cache) ? L2_BAR + 3 : 0, ...inside, ...coreGap },
    ],
    threads: Math.max(
      1,
      most(cores, (core) => core.cpus.length),
    ),
    bars: Math.min(
      2,
      most(cores, (core) => core.caches.length),
    ),
    few: cpuCount <= 8,
    l3,
    node,
  };
}
