/** From the columns that were found to boxes: one body and everything in it, at a given corner. */

import type { Cache, Group, NumaNode } from '../topology/topology.ts';
import { barsOf } from './bars.ts';
import { rightOf } from './box.ts';
import type { Box } from './box.ts';
import { barsHeight, coreSize, partSize, THREAD_GAP } from './fit.ts';
import type { Fit, Size } from './fit.ts';
import { spanOf } from './homes.ts';
import { HEADER, L2_BAR, L3_GAP, PAD } from './spec.ts';
import type { Level, Spec } from './spec.ts';
import { coresInBody, coresInSection } from './tree.ts';
import type {
  BodyTree,
  CoreTree,
  DieTree,
  GroupTree,
  PackageTree,
  PartTree,
  SectionTree,
  UnitTree,
} from './tree-types.ts';
import type { BodyBox, CacheBox, CoreBox, DieBox, NodeBox, PackageBox, PuBox } from './types.ts';

/** Boxes as they are found; `Layout` is what becomes of them. */
export interface Boxes {
  readonly bodies: BodyBox[];
  readonly packages: PackageBox[];
  readonly dies: DieBox[];
  readonly nodes: NodeBox[];
  readonly caches: CacheBox[];
  readonly cores: CoreBox[];
  readonly pus: PuBox[];
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Sizes of the largest part of each level, from the body down to the core. */
export function cellSizes(spec: Spec, fit: Fit): Size[] {
  const sizes = [coreSize(fit, spec.threads, spec.bars)];
  for (let i = spec.levels.length - 1; i >= 0; i--) {
    const level = spec.levels[i];
    const inner = sizes[0];
    if (level && inner) sizes.unshift(partSize(level, fit.columnsAt[i] ?? 1, inner, level.count));
  }
  return sizes;
}

export class Placer {
  readonly #spec: Spec;
  readonly #fit: Fit;
  readonly #sizes: readonly Size[];
  readonly #boxes: Boxes;
  #body = 0;
  #section = -1;

  constructor(spec: Spec, fit: Fit, boxes: Boxes) {
    this.#spec = spec;
    this.#fit = fit;
    this.#sizes = cellSizes(spec, fit);
    this.#boxes = boxes;
  }

  /** Its own size: less than the largest body's where it has fewer parts. */
  bodySize(body: BodyTree): Size {
    return this.#size(0, body.packages.length);
  }

  body(body: BodyTree, index: number, at: Corner, column: number, row: number): void {
    this.#body = index;
    const size = this.bodySize(body);
    const frame = body.packages.length > 1;
    this.#boxes.bodies.push({ ...at, ...size, column, row, frame });
    const bars = { x: at.x + PAD, y: at.y + PAD, w: size.w - 2 * PAD, h: this.#spec.node };
    this.#nodes(body.nodes, coresInBody(body), bars, { ...at, ...size });
    this.#each(0, at, body.packages, (item, corner) => this.#package(item, corner));
  }

  /** @param whole where memory can be dropped for the only node of these CPUs; of several each has its bar alone. */
  #nodes(nodes: readonly NumaNode[], cores: number, bars: Box, whole: Box): void {
    for (const { node, ...box } of barsOf(nodes, cores, bars)) {
      const area = nodes.length === 1 ? whole : box;
      this.#boxes.nodes.push({ ...box, id: node.id, body: this.#body, bare: false, folded: false, area });
    }
  }

  #level(depth: number): Level {
    return this.#spec.levels[depth] ?? this.#spec.levels[6];
  }

  #size(depth: number, count: number): Size {
    const cell = this.#sizes[depth + 1] ?? { w: 0, h: 0 };
    return partSize(this.#level(depth), this.#fit.columnsAt[depth] ?? 1, cell, count);
  }

  #each<T>(depth: number, at: Corner, items: readonly T[], place: (item: T, corner: Corner) => void): void {
    const level = this.#level(depth);
    const columns = this.#fit.columnsAt[depth] ?? 1;
    const cell = this.#sizes[depth + 1] ?? { w: 0, h: 0 };
    items.forEach((item, i) => {
      place(item, {
        x: at.x + level.padX + (i % columns) * (cell.w + level.gapX),
        y: at.y + level.head + Math.floor(i / columns) * (cell.h + level.gapY),
      });
    });
  }

  /** Bars one below another, as wide as what they serve. */
  #bars(caches: readonly Cache[], at: Corner, w: number, over: 'package' | 'die', die: number | null): void {
    caches.forEach((cache, i) => {
      const bar = { x: at.x, y: at.y + i * (this.#spec.l3 + L3_GAP), w, h: this.#spec.l3 };
      this.#boxes.caches.push({ ...bar, caches: [cache], over, die: i === 0 ? die : null });
    });
  }

  #package(item: PackageTree, at: Corner): void {
    const size = this.#size(1, item.dies.length);
    const box = { ...at, ...size };
    const { id, inferred, cpus } = item;
    const inside = spanOf(item.dies.flatMap((die) => die.sections.flatMap(({ nodes }) => nodes)));
    this.#boxes.packages.push({ ...box, id, inferred, inside, cpus, body: this.#body });
    this.#bars(item.caches, { x: at.x + PAD, y: at.y + HEADER }, size.w - 2 * PAD, 'package', null);
    const alone = item.dies.length === 1 && item.dies[0]?.sections.length === 1;
    this.#each(1, at, item.dies, (die, corner) => this.#die(die, corner, alone ? box : null));
  }

  #die(item: DieTree, at: Corner, whole: Box | null): void {
    const { die, caches, sections } = item;
    const size = this.#size(2, sections.length);
    const box = { ...at, ...size };
    const { padX } = this.#level(2);
    if (die) {
      const labelled = this.#spec.dieLabels.outer;
      this.#frame(die, box, labelled);
      const bars = caches.length * (this.#spec.l3 + L3_GAP);
      const top = { x: at.x + padX, y: at.y + this.#level(2).head - bars };
      this.#bars(caches, top, size.w - 2 * padX, 'die', labelled ? null : die.id);
    }
    this.#each(2, at, sections, (section, corner) =>
      this.#share(section, corner, whole ?? (die && sections.length === 1 ? box : null)),
    );
  }

  #frame(die: Group, box: Box, labelled: boolean): void {
    this.#boxes.dies.push({ ...box, id: die.id, package: die.package, labelled });
  }

  #share(section: SectionTree, at: Corner, whole: Box | null): void {
    this.#section++;
    const size = this.#size(3, section.parts.length);
    const bars = { ...at, w: size.w, h: this.#spec.node };
    this.#nodes(section.nodes, coresInSection(section), bars, whole ?? { ...at, ...size });
    this.#each(3, at, section.parts, (part, corner) => this.#part(part, corner));
  }

  #part(part: PartTree, at: Corner): void {
    const { die, groups } = part;
    const labelled = this.#spec.dieLabels.inner;
    if (die) this.#frame(die, { ...at, ...this.#size(4, groups.length) }, labelled);
    this.#each(4, at, groups, (group, corner) => this.#group(group, corner, labelled ? null : (die?.id ?? null)));
  }

  #group(group: GroupTree, at: Corner, die: number | null): void {
    const size = this.#size(5, group.units.length);
    if (group.cache) {
      this.#boxes.caches.push({ ...at, w: size.w, h: this.#spec.l3, caches: [group.cache], over: 'group', die });
    }
    this.#each(5, at, group.units, (unit, corner) => this.#unit(unit, corner));
  }

  #unit(unit: UnitTree, at: Corner): void {
    const size = this.#size(6, unit.cores.length);
    if (unit.cache)
      this.#boxes.caches.push({ ...at, w: size.w, h: L2_BAR, caches: [unit.cache], over: 'unit', die: null });
    this.#each(6, at, unit.cores, (core, corner) => this.#core(core, corner));
  }

  #core(core: CoreTree, at: Corner): void {
    const { columns, pad, pu, detail } = this.#fit;
    const bars = barsHeight(core.caches.length, detail);
    const own = coreSize(this.#fit, core.cpus.length, core.caches.length);
    const { gapX, gapY } = this.#level(5);
    const cell = this.#sizes[7] ?? own;
    const index = this.#boxes.cores.length;
    const box: CoreBox = {
      ...at,
      ...own,
      id: core.core?.id ?? null,
      known: core.core !== null && !core.core.inferred,
      package: core.core?.package ?? null,
      body: this.#body,
    };
    this.#boxes.cores.push(box);
    this.#coreCaches(core, box);
    const rows = Math.ceil(core.cpus.length / columns);
    core.cpus.forEach((cpu, i) => {
      const row = Math.floor(i / columns);
      this.#boxes.pus.push({
        x: at.x + pad + (i % columns) * (pu.w + THREAD_GAP),
        y: at.y + pad + bars + row * (pu.h + THREAD_GAP),
        ...pu,
        cpu,
        body: this.#body,
        section: this.#section,
        core: index,
        gutterX: rightOf(box) + Math.min(gapX, 8) / 2,
        gutterY: at.y + cell.h + gapY / 2,
        stacked: row < rows - 1,
      });
    });
  }

  #coreCaches(core: CoreTree, box: CoreBox): void {
    const { pad, detail } = this.#fit;
    const bar = (i: number, h: number): Box => ({
      x: box.x + pad,
      y: box.y + pad + i * (L2_BAR + 2),
      w: box.w - 2 * pad,
      h,
    });
    const { caches } = core;
    if (caches.length === 0) return;
    if (detail === 1) return void this.#boxes.caches.push({ ...bar(0, 3), caches, over: 'core', die: null });
    const named = detail === 2 ? [caches] : [caches.slice(0, -1), caches.slice(-1)];
    named
      .filter((list) => list.length > 0)
      .forEach((list, i) => {
        this.#boxes.caches.push({ ...bar(i, L2_BAR), caches: list, over: 'core', die: null });
      });
  }
}
