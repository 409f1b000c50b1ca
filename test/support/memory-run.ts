// Owns a run of the memory benchmark on a machine of paper, as the board would have measured it: every page size on every placed node.
import { MEASURED_MEMORY } from '../../src/model/bench/memory/measured.ts';
import { plan } from '../../src/model/bench/memory/plan.ts';
import { DEFAULT_MEMORY_WORKLOAD } from '../../src/model/bench/memory/workload.ts';
import type { MemoryCase } from '../../src/model/cases/memory.ts';
import { pageBytesOf } from '../../src/model/cases/pages.ts';
import { isLocal } from '../../src/model/topology/relation.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import type { Placement } from '../../src/model/placement/slots.ts';
import { buildResults } from '../../src/model/run/results.ts';
import type { RawRepetition } from '../../src/model/run/results.ts';
import type { Run } from '../../src/model/run/run.ts';
import { buildRun } from '../../src/model/verdict/build-run.ts';

const RESERVED = 4 * 1024 ** 3;

/** With huge pages reserved on every node, as far as the host has them. */
export function withPages(topology: Topology): Topology {
  const nodes = topology.nodes.map((node) => ({
    ...node,
    hugepages: node.hugepages.map((pool) => {
      const total = RESERVED / pool.sizeBytes;
      return { ...pool, total, free: total };
    }),
  }));
  return { ...topology, nodes };
}

/** ns or B/s: remote is slower, larger pages are faster, and bandwidth is that of the threads together. */
function figureOf(topology: Topology, { what, cpus, nodes, pages }: MemoryCase): number {
  const near = nodes.every((node) => isLocal(topology, cpus[0] ?? 0, node));
  const walks = (pageBytesOf(pages) ?? 1024 ** 2) < 1024 ** 2 ? 1.4 : 1;
  if (what === 'bandwidth') return (cpus.length * (near ? 6e9 : 3e9)) / Math.sqrt(walks);
  return (near ? 95 : 180) * walks;
}

export function memoryRun(topology: Topology, placement: Placement): Run {
  const workload = { ...DEFAULT_MEMORY_WORKLOAD, rounds: 7 };
  const planned = plan(topology, placement, workload);
  if ('why' in planned) throw new Error(planned.why);
  const lines = planned.cases.flatMap((one, index) =>
    Array.from({ length: workload.rounds }, (_, round): RawRepetition => ({
      ...MEASURED_MEMORY.figure(one, null),
      ...{ case: index, round, valid: true, why: null, counters: {} },
      value: figureOf(topology, one) * (1 + 0.004 * round),
      seen: {
        cpus: { thread: one.cpus.join() },
        nodes: Object.fromEntries(one.nodes.map((node) => [node, 1])),
        pageBytes: pageBytesOf(one.pages),
        migrations: 0,
      },
    })),
  );
  return buildRun({
    time: new Date('2026-01-02T03:04:05Z'),
    ...{ seconds: 84, random: 'abc123', environment: {}, partial: null },
    host: { name: 'paper', transport: 'ssh' },
    repeat: 'numa-pinboard bench memory --cpu 0 --host paper',
    topology,
    results: buildResults(planned.cases, lines, { kind: (one) => MEASURED_MEMORY.figure(one, null), emulated: false }),
    question: planned.question,
  });
}
