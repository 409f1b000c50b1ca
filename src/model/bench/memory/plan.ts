/** From the placed workers and memory to what is measured: each figure, on each node, in each page size. */

import { memoryCase } from '../../cases/memory.ts';
import type { MemoryAsked, MemoryCase, Policy } from '../../cases/memory.ts';
import type { PageKind } from '../../cases/pages.ts';
import { memoryNodesOf } from '../../placement/placement.ts';
import { idsIn } from '../../placement/slots.ts';
import type { Placement } from '../../placement/slots.ts';
import type { Topology } from '../../topology/topology.ts';
import type { PagesMissing, Plan } from '../offer.ts';
import { memoryLabels, memoryQuestion } from './labels.ts';
import { pageKinds, pagesMissing } from './pages-here.ts';
import { MEMORY_SLOTS } from './slots.ts';
import type { MemoryWorkload } from './workload.ts';

const [, MEMORY] = MEMORY_SLOTS;

type Where = Pick<MemoryAsked, 'policy' | 'nodes'>;

/** One node after the other, or all of them as one. */
function places(nodes: readonly number[], spread: MemoryWorkload['spread']): Where[] {
  const policy: Policy | null = spread === 'each' || nodes.length < 2 ? null : spread;
  return policy === null ? nodes.map((node) => ({ policy: 'bind', nodes: [node] })) : [{ policy, nodes }];
}

/** Pages that each node has to have free: interleaved, each has its share. */
function missingAt(topology: Topology, { nodes }: Where, pages: PageKind, bytes: number): PagesMissing[] {
  return nodes.flatMap((node) => pagesMissing(topology, node, pages, bytes / nodes.length) ?? []);
}

export function plan(
  topology: Topology,
  placement: Placement,
  { figures, pages, spread, sizeBytes }: MemoryWorkload,
): Plan<MemoryCase> | { readonly why: string } {
  const cpus = idsIn(placement, 'workers');
  if (cpus.length === 0) return { why: 'Place the workers first.' };
  const nodes = memoryNodesOf(topology, MEMORY, placement).filter(
    (id) => topology.nodes.find((node) => node.id === id)?.inferred === false,
  );
  // A node that the reader made up cannot be bound to: there each thread touches its own share first.
  const where = nodes.length === 0 ? [{ policy: 'local', nodes: [] } as const] : places(nodes, spread);
  const kinds = pages === 'compare' ? pageKinds(topology) : [pages];
  const lacking = (at: Where, kind: PageKind): readonly PagesMissing[] => missingAt(topology, at, kind, sizeBytes);
  const cases = (figures === 'both' ? (['latency', 'bandwidth'] as const) : [figures]).flatMap((what) =>
    where.flatMap((at) =>
      kinds
        .filter((kind) => pages !== 'compare' || lacking(at, kind).length === 0)
        .map((kind) =>
          memoryCase({ what, cpus: what === 'latency' ? cpus.slice(0, 1) : cpus, ...at, pages: kind, sizeBytes }),
        ),
    ),
  );
  return {
    cases,
    labels: memoryLabels(cases),
    question: memoryQuestion(cases),
    missing: where.flatMap((at) => kinds.flatMap((kind) => lacking(at, kind))),
  };
}
