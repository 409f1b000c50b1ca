/** Owns the picture: lays the machine out for the board's size and zoom, and repaints of it what a view changes. */

import { parseCpuList } from '../../model/text/cpulist.ts';
import { formatFigure } from '../../model/text/format.ts';
import type { Box } from '../../model/layout/box.ts';
import { bottomOf, centreX, scaleBox } from '../../model/layout/box.ts';
import { nodeBoxOf, puOf } from '../../model/layout/find.ts';
import { layoutMachine } from '../../model/layout/layout.ts';
import { scaleLayout } from '../../model/layout/scale.ts';
import type { Layout } from '../../model/layout/types.ts';
import { costWithinCache } from '../../model/bench/matrix/costs.ts';
import type { CostTable } from '../../model/bench/matrix/costs.ts';
import { lineCpus, samePlacement } from '../../model/placement/slots.ts';
import { nodeOf } from '../../model/topology/relation.ts';
import { insideMarks, linkMarks } from '../../model/svg/links.ts';
import { text } from '../../model/svg/marks.ts';
import type { Mark } from '../../model/svg/marks.ts';
import { matrixMarks } from '../../model/svg/matrix.ts';
import { sceneryMarks, UNNAMED } from '../../model/svg/scenery.ts';
import type { Trails } from '../../model/live/trails.ts';
import { isThread, threadsByCpu, threadsOfToken } from '../../model/bench/program/threads.ts';
import type { ThreadsOnCpu } from '../../model/bench/program/threads.ts';
import { cpuNumbers, PHYSICAL } from '../../model/topology/numbering.ts';
import type { CpuNumbers, NumberKind } from '../../model/topology/numbering.ts';
import type { Cache, Topology } from '../../model/topology/topology.ts';
import { Cells } from './cells.ts';
import { Culling } from './culling.ts';
import { Devices } from './devices.ts';
import { barFaces, cellFaces } from './faces.ts';
import { Fold } from './fold.ts';
import { createHeat } from './heat.ts';
import type { HeatMap } from './heat.ts';
import { NodeBars } from './node-bars.ts';
import { paintMarks } from './paint.ts';
import type * as Later from './later.ts';
import { runFace } from './run-face.ts';
import { lessMotion } from './stage.ts';
import type { Stage } from './stage.ts';
import type { MachineView } from './view.ts';

/** What of the picture is out of date. */
export type Due = 'size' | 'zoom' | 'content';

const NO_TRAILS: Trails = { trails: [], at: new Map() };

export class Scene {
  readonly cells: Cells;
  readonly bars: NodeBars;
  readonly devices: Devices;
  readonly fold: Fold;
  /** Whether the bars of empty nodes are drawn; laying out anew does it. */
  unfolded = false;
  readonly #stage: Stage;
  readonly #culling = new Culling();
  readonly #heat = createHeat();
  #topology: Topology | null = null;
  #base: Layout | null = null;
  #layout: Layout | null = null;
  #scale = 1;

  #run = '';
  #ends = '';
  #costs: CostTable | null = null;
  #kind: NumberKind = 'P';
  #numbers: CpuNumbers = PHYSICAL;
  #shown: HeatMap | null = null;
  #before: MachineView | null = null;
  #later: typeof Later | null = null;
  #threads: ReadonlyMap<number, ThreadsOnCpu> = new Map();
  /** What the marks of threads were made from; null: they are to be made anew, also where there are none now. */
  #drawnThreads: string | null = null;
  #trails: Trails = NO_TRAILS;
  #drawnTrails: string | null = null;
  #sampledAt: string | undefined = undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.cells = new Cells(stage.layers.cells);
    this.bars = new NodeBars(stage.layers.nodes);
    this.devices = new Devices(stage.layers.devices);
    this.fold = new Fold(stage.layers.devices);
  }

  /** Until then nothing is drawn of tokens on CPUs, of lines and of threads. */
  bring(later: typeof Later): void {
    this.#later = later;
    this.#drawAnew();
  }

  /** In its own pixels, as `Stage.toLayout` gives points. */
  get layout(): Layout | null {
    return this.#base;
  }

  paint(view: MachineView, due: Due): void {
    const { topology } = view;
    if (this.#stage.width === 0) return;
    const { devices } = view;
    if (due === 'size' || topology !== this.#topology || devices !== this.#before?.devices || !this.#base) {
      this.#topology = topology;
      this.#base = layoutMachine(topology, {
        width: this.#stage.width,
        height: this.#stage.height,
        devices,
        unfolded: this.unfolded,
      });
      this.#layout = null;
    }
    if (!this.#layout || view.numbers !== this.#kind) {
      this.#kind = view.numbers;
      this.#numbers = cpuNumbers(topology, view.numbers);
      this.#layout = null;
    }
    const measured = view.costs !== this.#costs;
    this.#costs = view.costs;
    if (due === 'zoom' || !this.#layout) this.#layout = this.#place(topology, this.#base);
    else if (measured) this.#paintScenery(topology, this.#layout);
    this.#paintRun(view, this.#layout);
    this.#paintThreads(view, this.#layout);
    this.#paintTrails(view, this.#layout);
    this.#paintEnds(view, this.#layout);
    const before = this.#before;
    this.#before = view;
    const onlyHeat = due === 'content' && before !== null && sameButHeat(before, view);
    this.#paintHeat(view, this.#layout, onlyHeat);
    this.#stage.element.classList.toggle('stale', view.stale !== null);
    this.#stage.element.classList.toggle('carrying', view.carried !== null);
  }

  /** Another part of the machine came into sight. */
  moved(): void {
    const sight = this.#sight;
    this.cells.see(sight);
    this.#culling.see(sight);
  }

  /** In the pixels of what is drawn: the scale is that of the last placing until a zoom has settled. */
  get #sight(): Box {
    return scaleBox(this.#stage.sight, this.#scale);
  }

  #place(topology: Topology, base: Layout): Layout {
    this.#stage.show(base);
    this.#scale = this.#stage.scale;
    const layout = scaleLayout(base, this.#scale);
    this.#paintScenery(topology, layout);
    this.cells.place(topology, layout, this.#numbers, this.#sight);
    this.bars.place(topology, layout);
    this.devices.place(topology, layout);
    this.fold.place(layout);
    this.#drawAnew();
    return layout;
  }

  #drawAnew(): void {
    this.#run = '';
    this.#ends = '';
    this.#drawnThreads = null;
    this.#drawnTrails = null;
  }

  #paintScenery(topology: Topology, layout: Layout): void {
    const costs = this.#costs;
    const note = (cache: Cache): string | null => {
      const [cpu] = parseCpuList(cache.cpus);
      const near = costs && cpu !== undefined ? costWithinCache(costs, topology, cpu) : null;
      return near?.level === cache.level ? `${formatFigure(near.ns)} ns core to core` : null;
    };
    const { scenery } = this.#stage.layers;
    paintMarks(scenery, [...sceneryMarks(layout, UNNAMED, note, this.#numbers), ...insideMarks(layout)]);
    this.#culling.take(scenery);
    this.#culling.see(this.#sight);
  }

  /** Links and table are part of it: a chip moves a link's words, a placed pair is marked in the table. */
  #paintRun(view: MachineView, layout: Layout): void {
    const later = this.#later;
    const face = runFace(view, later);
    const { topology, costs, links: reached } = view;
    const key = JSON.stringify([face, costs?.run, reached]);
    if (key === this.#run) return;
    this.#run = key;
    const [from, to] = (lineCpus(face.slots, face.placement) ?? []).map((cpu) => nodeOf(topology, cpu));
    const { links, table, run } = this.#stage.layers;
    paintMarks(links, linkMarks(topology, layout, later?.chipLink(layout, face) ?? null, { costs, links: reached }));
    paintMarks(table, [
      ...matrixMarks(topology, layout, from && to ? [from.id, to.id] : null, reached),
      ...aloneMarks(view, layout, face.chip !== null),
    ]);
    paintMarks(run, later?.runMarks(layout, face) ?? []);
  }

  /** Before the cells, whose names say what runs there. What is carried is not drawn where it lay. */
  #paintThreads({ group, carried }: MachineView, layout: Layout): void {
    const threads = group?.threads ?? [];
    const inHand = new Set(carried && isThread(carried.slot.name) ? threadsOfToken(threads, carried.slot.name) : []);
    this.#threads = threadsByCpu(threads.filter((thread) => !inHand.has(thread)));
    const key = [...this.#threads].map(([cpu, { token, pinned }]) => `${cpu} ${token} ${pinned}`).join();
    if (key === this.#drawnThreads) return;
    this.#drawnThreads = key;
    paintMarks(this.#stage.layers.threads, this.#later?.threadMarks(layout, this.#threads) ?? []);
  }

  /** One sample, one step; without motion nothing comes and goes, and the panel has the count. */
  #paintTrails({ group, sample }: MachineView, layout: Layout): void {
    const stepped = sample?.time !== this.#sampledAt;
    this.#sampledAt = sample?.time;
    if (!group || !this.#later || lessMotion()) this.#trails = NO_TRAILS;
    else if (stepped) this.#trails = this.#later.trailsAfter(this.#trails, group.threads);
    const key = JSON.stringify(this.#trails.trails);
    if (key === this.#drawnTrails) return;
    this.#drawnTrails = key;
    paintMarks(this.#stage.layers.trails, this.#later?.trailMarks(layout, this.#trails.trails) ?? []);
  }

  #paintEnds({ topology, ends }: MachineView, layout: Layout): void {
    const key = JSON.stringify(ends);
    if (key === this.#ends) return;
    this.#ends = key;
    paintMarks(this.#stage.layers.ends, (ends && this.#later?.endMarks(topology, layout, ends)) ?? []);
  }

  #paintHeat(view: MachineView, layout: Layout, onlyHeat: boolean): void {
    const heat = this.#heat(view);
    this.#shown = heat;
    const face = runFace(view, this.#later);
    const cell = cellFaces(view, face, heat, this.#threads);
    if (onlyHeat) this.cells.follow(cell);
    else this.cells.paint(cell);
    this.bars.paint(barFaces(view, face, heat, layout));
  }

  /** What colours the cell or bar now, in words. */
  valueOf({ kind, id }: { readonly kind: 'cpu' | 'node'; readonly id: number }): string | null {
    return this.#shown?.[kind](id).words ?? null;
  }

  /** In pixels of the layout. */
  boxOf(kind: 'cpu' | 'node', id: number): Box | null {
    if (!this.#base) return null;
    return kind === 'node' ? nodeBoxOf(this.#base, id) : puOf(this.#base, id);
  }
}

/** All that cells show beside their heat is as it was. */
function sameButHeat(a: MachineView, b: MachineView): boolean {
  return (
    a.topology === b.topology &&
    a.numbers === b.numbers &&
    a.measure === b.measure &&
    a.devices === b.devices &&
    samePlacement(a.placement, b.placement) &&
    !a.carried &&
    !b.carried
  );
}

const ELSE = 'Pinning, core-to-core latency and page sizes can be measured.';
const ALONE = 'One NUMA node: no memory is remote here.';
const NOT_TOLD = 'No NUMA reported by this host: nothing is known of near and far.';

/** Under the machine, and under the chip that hangs there. */
function aloneMarks({ topology: { nodes }, recorded }: MachineView, { bodies, height }: Layout, chip: boolean): Mark[] {
  const [body, other] = bodies;
  if (nodes.length > 1 || !body || other) return [];
  const y = bottomOf(body) + 34 + (chip ? 62 : 0);
  if (y + 24 > height) return [];
  const first = nodes.some((node) => node.inferred) ? NOT_TOLD : ALONE;
  return [first, ...(recorded ? [] : [ELSE])].map((words, i) =>
    text(i === 0 ? '.m' : '.m.d', centreX(body), y + i * 18, words),
  );
}
