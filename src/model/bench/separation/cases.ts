/** Which CPUs each pool has under each layout, and what cannot be laid out here. */

import { LAYOUTS } from '../../cases/separation.ts';
import type { Layout, Scenario, SeparationCase } from '../../cases/separation.ts';
import type { PageKind } from '../../cases/pages.ts';
import { givesMemory } from '../../placement/usable.ts';
import { PinboardError } from '../../problem.ts';
import { parseCpuList } from '../../text/cpulist.ts';
import { formatBytes } from '../../text/format.ts';
import type { NumaNode, Topology } from '../../topology/topology.ts';
import { measurable } from '../matrix/pairs.ts';
import { basePages, hugePages, pagesMissing } from '../memory/pages-here.ts';
import { classWords } from '../pool/orders.ts';

export interface SeparationAsked {
  readonly layouts: readonly Layout[];
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

/** Workers of a pool: more only makes starting them longer. */
const MOST = 128;
/** Of two pools on one node: what walks are of such a service. */
const WALKS = 0.36;

type Pools = Pick<SeparationCase, 'walkers' | 'workers'>;

const even = (cpus: readonly number[]): number[] => cpus.filter((_, at) => at % 2 === 0);
const odd = (cpus: readonly number[]): number[] => cpus.filter((_, at) => at % 2 === 1);

/** @param one CPUs of the first node, @param two of the second, as many. */
function poolsOf(layout: Layout, one: readonly number[], two: readonly number[]): Pools {
  const cut = Math.max(1, Math.round(one.length * WALKS));
  switch (layout) {
    case 'mixed':
    case 'replicated':
      // The other half of each node, so that both pools are as large on both.
      return {
        walkers: [...even(one), ...odd(two)],
        workers: [...odd(one), ...even(two)],
      };
    case 'separated':
    case 'huge-pages':
      return { walkers: one, workers: two };
    case 'reversed':
      return { walkers: two, workers: one };
    case 'single':
      return { walkers: one.slice(0, cut), workers: one.slice(cut) };
  }
}

/** What the huge pages of the store are: those reserved on its node, else transparent ones; null: neither can be had. */
function hugeOf(topology: Topology, node: number, { sizeBytes, thp }: SeparationAsked): PageKind | null {
  const reserved = hugePages(topology).filter(
    (kind) => kind === '2m' && pagesMissing(topology, node, kind, sizeBytes) === null,
  );
  return reserved[0] ?? (thp ? 'thp' : null);
}

/** @throws PinboardError `unsupported` where there are not two CPUs. */
export function separationCases(topology: Topology, asked: SeparationAsked): SeparationPlan {
  const usable = new Set(measurable(topology));
  const cpusOf = ({ cpus }: NumaNode): number[] => parseCpuList(cpus).filter((cpu) => usable.has(cpu));
  const nodes = topology.nodes.filter((node) => givesMemory(node) && cpusOf(node).length > 0);
  const [first, second] = nodes;
  if (!first || (cpusOf(first).length < 2 && !second))
    throw new PinboardError('unsupported', 'Two pools need two CPUs, and this session may use fewer.');
  const notes: string[] = [];
  if (nodes.length > 2)
    notes.push(
      `Of ${String(nodes.length)} nodes, ${String(first.id)} and ${String(second?.id)} were measured: two pools are laid out over two.`,
    );
  const each = Math.min(MOST, cpusOf(first).length, second ? cpusOf(second).length : MOST);
  const [one, two] = [cpusOf(first).slice(0, each), second ? cpusOf(second).slice(0, each) : []];
  const huge = second ? hugeOf(topology, second.id, asked) : null;

  const whyNot = (layout: Layout): string | null => {
    if (!second) return layout === 'single' ? null : 'there is one node';
    if (layout === 'single' && each < 2) return 'a node has one CPU';
    if (layout === 'huge-pages' && huge === null)
      return `node ${String(second.id)} has not enough huge pages for ${formatBytes(asked.sizeBytes)}, and transparent ones are off`;
    const room = layout === 'reversed' || layout === 'single' ? first.freeBytes : second.freeBytes;
    const apart = layout !== 'mixed' && layout !== 'replicated';
    return apart && room !== null && room < asked.sizeBytes
      ? `a store of ${formatBytes(asked.sizeBytes)} does not fit its node`
      : null;
  };
  // On one node there is one layout, whatever was asked for.
  const layouts = second ? asked.layouts : LAYOUTS.filter((layout) => layout === 'single');
  const kept = layouts.filter((layout) => {
    const why = whyNot(layout);
    if (why !== null) notes.push(`The layout "${layout}" was left out: ${why}.`);
    return why === null;
  });
  if (!second)
    notes.push(
      'There is one node with memory and CPUs: nothing can be separated by node, and only both pools on it were measured.',
    );
  if (kept.includes('huge-pages') && huge === 'thp')
    notes.push('The store in huge pages has transparent ones: no 2m pages are free for it on its node.');
  const base = basePages(topology);
  return {
    notes,
    cases: asked.scenarios.flatMap((scenario) =>
      kept.map((layout): SeparationCase => {
        const pools = poolsOf(layout, one, two);
        return {
          ...{ kind: 'separation', layout, scenario, ...pools },
          classes: classWords(topology, [...pools.walkers, ...pools.workers]),
          ...{
            pages: layout === 'huge-pages' ? (huge ?? base) : base,
            sizeBytes: asked.sizeBytes,
          },
        };
      }),
    ),
  };
}
