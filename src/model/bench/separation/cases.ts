/** The cases of two pools on a machine: layout by layout and load by load, and in words what is otherwise than its name says. */

import { PRESET_LAYOUTS } from '../../cases/separation.ts';
import type { Layout, PresetLayout, Scenario, SeparationCase } from '../../cases/separation.ts';
import { pageBytesOf } from '../../cases/pages.ts';
import type { PageKind } from '../../cases/pages.ts';
import { cpuRefusal, firstTouchNode, memoryNodes, nodeRefusal } from '../../placement/usable.ts';
import { PinboardError } from '../../problem.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { formatBytes } from '../../text/format.ts';
import type { Topology } from '../../topology/topology.ts';
import { basePages, hugePages, pagesMissing } from '../memory/pages-here.ts';
import { classWords } from '../pool/orders.ts';
import { nodesWithCpus, poolsOf } from './pools.ts';
import type { Pools } from './pools.ts';

/** Pools as a person laid them out. */
export interface CustomLayout extends Pools {
  /** Absent: each who takes distances touches its own share of the store. */
  readonly store?: readonly number[];
}

export interface SeparationAsked {
  readonly layouts: readonly PresetLayout[];
  readonly custom?: CustomLayout | undefined;
  readonly scenarios: readonly Scenario[];
  readonly sizeBytes: number;
  /** Whether a program that asks for transparent huge pages gets them. */
  readonly thp: boolean;
}

export interface SeparationPlan {
  readonly cases: readonly SeparationCase[];
  /** What was left out, or is otherwise than its name says, and why: a sentence each. */
  readonly notes: readonly string[];
}

type Laid = Pools & Pick<SeparationCase, 'layout' | 'pages' | 'store'>;

/** Bytes of the store on each node that its readers lie on, in whole pages. */
function storeByNode(
  topology: Topology,
  workers: readonly number[],
  sizeBytes: number,
  pages: PageKind,
): Map<number, number> {
  const page = pageBytesOf(pages) ?? 1;
  const share = Math.ceil(sizeBytes / workers.length / page) * page;
  const byNode = new Map<number, number>();
  for (const cpu of workers) {
    const node = firstTouchNode(topology, cpu);
    if (node !== null) byNode.set(node, (byNode.get(node) ?? 0) + share);
  }
  return byNode;
}

/** What the huge pages of the store are: those reserved on the nodes of its readers, else transparent ones; null: neither can be had. */
function hugeOf(topology: Topology, { workers }: Pools, { sizeBytes, thp }: SeparationAsked): PageKind | null {
  const there = [...storeByNode(topology, workers, sizeBytes, '2m')];
  const reserved =
    hugePages(topology).includes('2m') &&
    there.every(([node, bytes]) => pagesMissing(topology, node, '2m', bytes) === null);
  return reserved ? '2m' : thp ? 'thp' : null;
}

/** The node that has no room for its part of the store, or null. */
function lacking(topology: Topology, byNode: ReadonlyMap<number, number>): string | null {
  for (const { id, freeBytes } of topology.nodes) {
    const needed = byNode.get(id) ?? 0;
    if (freeBytes !== null && needed > freeBytes)
      return `node ${String(id)} would hold ${formatBytes(needed)} of it and has ${formatBytes(freeBytes)} free`;
  }
  return null;
}

/** @throws PinboardError for CPUs or nodes that cannot be used, or a CPU in both pools. */
function checkCustom(topology: Topology, { walkers, workers, store = [] }: CustomLayout): void {
  const refusals = [
    ...[...walkers, ...workers].flatMap((cpu) => cpuRefusal(topology, cpu) ?? []),
    ...store.flatMap((node) => nodeRefusal(topology, node) ?? []),
  ];
  if (refusals[0]) throw new PinboardError(refusals[0].code, refusals[0].message, refusals[0].hint ?? undefined);
  const both = walkers.filter((cpu) => workers.includes(cpu));
  if (both.length > 0)
    throw new PinboardError(
      'usage',
      `${both.length === 1 ? 'CPU' : 'CPUs'} ${formatCpuList(both)} ${both.length === 1 ? 'is' : 'are'} in both pools.`,
      'Give each CPU to one of them.',
    );
}

/** @throws PinboardError `unsupported` where there are not two CPUs; for a custom layout that cannot be. */
export function separationCases(topology: Topology, asked: SeparationAsked): SeparationPlan {
  const { custom, sizeBytes } = asked;
  if (custom) checkCustom(topology, custom);
  const nodes = nodesWithCpus(topology);
  if (nodes.length < 2 && (nodes[0]?.cpus.length ?? 0) < 2 && !custom)
    throw new PinboardError('unsupported', 'Two pools need two CPUs, and this session may use fewer.');
  const notes: string[] = [];
  const base = basePages(topology);
  const all = memoryNodes(topology).map(({ id }) => id);
  const leftOut = (layout: Layout, why: string): null => {
    notes.push(`The layout "${layout}" was left out: ${why}.`);
    return null;
  };

  /** The store on the nodes of its readers, else interleaved over all, where that fits. */
  const withStore = (layout: PresetLayout, pools: Pools, pages: PageKind): Laid | null => {
    const laid = { layout, ...pools, pages };
    const own = storeByNode(topology, pools.workers, sizeBytes, pages);
    const copies = new Map([...own.keys()].map((node) => [node, sizeBytes]));
    const why = pages === '2m' ? null : lacking(topology, layout === 'replicated' ? copies : own);
    if (why === null) return laid;
    if (layout === 'replicated') return leftOut(layout, `of a store of ${formatBytes(sizeBytes)}, ${why}`);
    const spread = lacking(topology, new Map(all.map((node) => [node, Math.ceil(sizeBytes / all.length)])));
    if (all.length < 2 || spread !== null)
      return leftOut(
        layout,
        `of a store of ${formatBytes(sizeBytes)}, ${spread ?? why}, even interleaved over all nodes`,
      );
    notes.push(`The layout "${layout}" has its store interleaved over nodes ${formatCpuList(all)}: ${why}.`);
    return { ...laid, store: all };
  };

  const laidOut = (layout: PresetLayout): Laid | null => {
    const pools = poolsOf(topology, layout, nodes);
    if (!pools)
      return leftOut(
        layout,
        layout === 'single' ? 'the first node has one CPU' : 'mixed pools need two CPUs on each node',
      );
    if (layout !== 'huge-pages') return withStore(layout, pools, base);
    const pages = hugeOf(topology, pools, asked);
    if (pages === null) {
      const there = [...storeByNode(topology, pools.workers, sizeBytes, '2m').keys()];
      return leftOut(
        layout,
        `${there.length === 1 ? 'node' : 'nodes'} ${formatCpuList(there)} ${there.length === 1 ? 'has' : 'have'} not enough huge pages for ${formatBytes(sizeBytes)}, and transparent ones are off`,
      );
    }
    if (pages === 'thp')
      notes.push('The store in huge pages has transparent ones: not enough 2m pages are free for it on its nodes.');
    return withStore(layout, pools, pages);
  };

  // On one node there is one layout, whatever was asked for.
  const single = PRESET_LAYOUTS.filter((layout) => layout === 'single' && (nodes[0]?.cpus.length ?? 0) > 1);
  const layouts = nodes.length > 1 ? asked.layouts : single;
  if (nodes.length === 1)
    notes.push(
      `There is one node with memory and CPUs: nothing can be separated by node, and only both pools on it ${custom ? 'and the custom layout ' : ''}were measured.`,
    );
  const laid: Laid[] = layouts.flatMap((layout) => laidOut(layout) ?? []);
  if (custom) laid.push({ layout: 'custom', ...custom, pages: base });
  if (nodes.length > 2 && laid.some(({ layout }) => layout === 'separated')) notes.push(nodesWords(topology, laid));
  return {
    notes,
    cases: asked.scenarios.flatMap((scenario) =>
      laid.map(({ layout, walkers, workers, store, pages }): SeparationCase => ({
        ...{ kind: 'separation', layout, scenario, walkers, workers },
        ...(store ? { store } : {}),
        classes: classWords(topology, [...walkers, ...workers]),
        ...{ pages, sizeBytes },
      })),
    ),
  };
}

/** "Separated, walks have nodes 0 and distances nodes 1-3, …". */
function nodesWords(topology: Topology, laid: readonly Laid[]): string {
  const of = laid.find(({ layout }) => layout === 'separated');
  const nodes = (cpus: readonly number[] = []): string => {
    const ids = [...new Set(cpus.flatMap((cpu) => firstTouchNode(topology, cpu) ?? []))];
    return `${ids.length === 1 ? 'node' : 'nodes'} ${formatCpuList(ids)}`;
  };
  return `Separated, walks have ${nodes(of?.walkers)} and distances ${nodes(of?.workers)}: whole nodes, as near as they come to 36 % of the CPUs.`;
}
