/** Owns the sizes of the drawing: how much each level of the machine takes around what is in it. */

import { max } from 'd3-array';
import { barsHeight } from './bars.ts';
import { spanOf } from './homes.ts';
import { coresInBody, coresInSection } from './tree.ts';
import type { BodyTree, DieTree, GroupTree, PackageTree, PartTree, SectionTree, UnitTree } from './tree-types.ts';

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
export const L3_GAP = 6;
/** A die's frame: px around what is in it, and its name's line where no cache bar carries the name. */
const DIE = { pad: 3, wide: 6, label: 14 };

/** Between two packages of one node: what it costs to cross from the one to the other stands there. */
const SOCKET_GAP = { gapX: 104, gapY: 44 };

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
  /** body → packages → dies → sections → parts of dies → groups → units → cores: each level one step. */
  readonly levels: readonly [Level, Level, Level, Level, Level, Level, Level];
  readonly threads: number;
  /** Caches of one core: 0, 1 or 2 bars. */
  readonly bars: number;
  /** A machine of few CPUs is drawn small: in the middle, and rather wide than high. */
  readonly few: boolean;
  /** A thread is never larger (px). */
  readonly cap: { readonly w: number; readonly h: number };
  readonly l3: number;
  readonly node: number;
  /** Whether dies have a line for their name: those that hold nodes, and those in a node. Else a cache bar carries it. */
  readonly dieLabels: { readonly outer: boolean; readonly inner: boolean };
}

const most = <T>(items: readonly T[], size: (item: T) => number): number => max(items, size) ?? 0;

/** Threads of a machine are not larger than these on a board of usual size (px), and grow with a larger one. */
const CAP = { w: 76, h: 38 };
const CAP_FEW = { w: 168, h: 44 };
const FEW = 8;
const USUAL = { w: 912, h: 766 };
const MOST_GROWN = 2;

function capFor(cpuCount: number, board: { readonly w: number; readonly h: number }): Spec['cap'] {
  const { w, h } = cpuCount <= FEW ? CAP_FEW : CAP;
  const grown = Math.max(1, Math.min(MOST_GROWN, board.w / USUAL.w, board.h / USUAL.h));
  return { w: w * grown, h: h * grown };
}

/**
 * @param dense where CPUs would come out too small to be numbered: gaps are as narrow as what they part allows.
 * @param board px there are for the whole machine.
 */
export function specOf(
  bodies: readonly BodyTree[],
  node: number,
  cpuCount: number,
  dense: boolean,
  board: { readonly w: number; readonly h: number },
): Spec {
  const packages: readonly PackageTree[] = bodies.flatMap((body) => body.packages);
  const dies: readonly DieTree[] = packages.flatMap((item) => item.dies);
  const sections: readonly SectionTree[] = dies.flatMap((die) => die.sections);
  const parts: readonly PartTree[] = sections.flatMap((section) => section.parts);
  const groups: readonly GroupTree[] = parts.flatMap((part) => part.groups);
  const units: readonly UnitTree[] = groups.flatMap((group) => group.units);
  const cores = units.flatMap((unit) => unit.cores);
  const P = most(bodies, (body) => body.packages.length);
  const G = most(sections, (section) => section.parts.reduce((sum, part) => sum + part.groups.length, 0));
  const perBody = most(bodies, (body) => body.packages.reduce((sum, item) => sum + item.cpus.length, 0));
  const tight = G > 1 || perBody > 96;
  const l3 = G > 1 ? 15 : 20;
  const apart = bodies.some((body) => body.nodes.length > 0);
  const bars = (caches: number): number => caches * (l3 + L3_GAP);
  const barHead = most(sections, (section) => barsHeight(section.nodes.length, coresInSection(section), node));
  const bodyHead = most(bodies, (body) => barsHeight(body.nodes.length, coresInBody(body), node));
  const inside = { padX: 0, padBottom: 0 };
  const frame = P > 1 ? { padX: PAD, padBottom: PAD } : inside;
  const frameHead = apart ? PAD + bodyHead + NODE_GAP : P > 1 ? PAD : 0;
  const coreGap = dense ? { gapX: 2, gapY: 3 } : tight ? { gapX: 3, gapY: 4 } : { gapX: 8, gapY: 10 };
  const groupGap = dense ? { gapX: 5, gapY: 6 } : { gapX: 10, gapY: 10 };
  // Between the bars of two nodes of a package stands their distance.
  const told = packages.some((item) => spanOf(item.dies.flatMap((die) => die.sections.flatMap(({ nodes }) => nodes))));
  const sectionGap = told ? { gapX: 24, gapY: 16 } : { gapX: dense ? 10 : 16, gapY: 12 };
  const outer = dies.filter((one) => one.die);
  const inner = parts.filter((one) => one.die);
  const dieLabels = {
    outer: outer.some((die) => die.caches.length === 0),
    inner: inner.some(({ groups: own }) => own.length !== 1 || !own[0]?.cache),
  };
  const outerHead = DIE.wide + (dieLabels.outer ? DIE.label : 0) + bars(most(outer, (die) => die.caches.length));
  const innerHead = DIE.pad + (dieLabels.inner ? DIE.label : 0);
  const outside = outer.length > 0 ? { padX: DIE.wide, padBottom: DIE.wide } : inside;
  const within = inner.length > 0 ? { padX: DIE.pad, padBottom: DIE.pad } : inside;
  const between = inner.length > 0 ? { gapX: 5, gapY: 5 } : groupGap;
  return {
    levels: [
      { count: P, head: frameHead, ...frame, ...(P === 2 ? SOCKET_GAP : { gapX: 12, gapY: 12 }) },
      {
        count: most(packages, (item) => item.dies.length),
        head: HEADER + bars(most(packages, (item) => item.caches.length)),
        padX: PAD,
        padBottom: PAD,
        gapX: 8,
        gapY: 8,
      },
      {
        count: most(dies, (die) => die.sections.length),
        head: outer.length > 0 ? outerHead : 0,
        ...outside,
        ...sectionGap,
      },
      {
        count: most(sections, (section) => section.parts.length),
        head: barHead === 0 ? 0 : barHead + NODE_GAP,
        ...inside,
        ...between,
      },
      {
        count: most(parts, (part) => part.groups.length),
        head: inner.length > 0 ? innerHead : 0,
        ...within,
        ...groupGap,
      },
      {
        count: most(groups, (group) => group.units.length),
        head: groups.some((group) => group.cache) ? l3 + L3_GAP : 0,
        ...inside,
        ...coreGap,
      },
      {
        count: most(units, (unit) => unit.cores.length),
        head: units.some((unit) => unit.cache) ? L2_BAR + 3 : 0,
        ...inside,
        ...coreGap,
      },
    ],
    threads: Math.max(
      1,
      most(cores, (core) => core.cpus.length),
    ),
    bars: Math.min(
      2,
      most(cores, (core) => core.caches.length),
    ),
    few: cpuCount <= FEW,
    cap: capFor(cpuCount, board),
    dieLabels,
    l3,
    node,
  };
}
