import assert from 'node:assert/strict';
import test from 'node:test';
import { offerOf } from '../../../../src/model/bench/index.ts';
import { plannerOf } from '../../../../src/model/bench/plans/index.ts';
import { plan } from '../../../../src/model/bench/memory/plan.ts';
import { basePages, pageKinds } from '../../../../src/model/bench/memory/pages-here.ts';
import { DEFAULT_MEMORY_WORKLOAD } from '../../../../src/model/bench/memory/workload.ts';
import type { MemoryWorkload } from '../../../../src/model/bench/memory/workload.ts';
import type { Plan } from '../../../../src/model/bench/offer.ts';
import { questions } from '../../../../src/model/board/questions.ts';
import type { MemoryCase } from '../../../../src/model/cases/memory.ts';
import { pageBytesOf } from '../../../../src/model/cases/pages.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { machine, oneNode, twoSockets } from '../../topologies.ts';

const MIB = 1024 ** 2;

/** `free` 2 MiB pages on each node, by its index. */
function withPages(topology: Topology, free: readonly number[]): Topology {
  const nodes = topology.nodes.map((node, i) => ({
    ...node,
    hugepages: [{ sizeBytes: 2 * MIB, total: free[i] ?? 0, free: free[i] ?? 0 }],
  }));
  return { ...topology, nodes };
}

function planned(
  topology: Topology,
  placement: Parameters<typeof plan>[1],
  more: Partial<MemoryWorkload> = {},
): Plan<MemoryCase> {
  const made = plan(topology, placement, { ...DEFAULT_MEMORY_WORKLOAD, sizeBytes: 64 * MIB, ...more });
  assert.ok('cases' in made, JSON.stringify(made));
  return made;
}

test('every page size that can be had is compared on each node, the others are named with what they lack', () => {
  const topology = withPages(twoSockets(), [0, 40]);
  const { cases, labels, question, missing } = planned(topology, { workers: [0, 1], memory: [0, 1] });
  assert.deepEqual(
    cases.map(({ what, cpus, nodes, pages }) => [what, cpus.length, nodes.join(), pages].join(' ')),
    [
      ...['latency 1 0 4k', 'latency 1 0 thp', 'latency 1 1 4k', 'latency 1 1 thp', 'latency 1 1 2m'],
      ...['bandwidth 2 0 4k', 'bandwidth 2 0 thp', 'bandwidth 2 1 4k', 'bandwidth 2 1 thp', 'bandwidth 2 1 2m'],
    ],
  );
  assert.equal(labels[4], 'Latency, node 1, 2 MB pages');
  assert.equal(new Set(labels).size, cases.length, labels.join('; '));
  assert.equal(question, 'Do huge pages help, and on which node?');
  assert.deepEqual(missing, [{ node: 0, pages: '2m', needed: 32, free: 0 }]);
});

test('interleaved memory is one place, and each node has to have its share of the pages', () => {
  const topology = withPages(twoSockets(), [16, 15]);
  const asked = { figures: 'latency', spread: 'interleave' } as const;
  const { cases, missing } = planned(topology, { workers: [0], memory: [0, 1] }, asked);
  assert.deepEqual(
    cases.map(({ policy, nodes, pages }) => [policy, nodes.join(), pages].join(' ')),
    ['interleave 0,1 4k', 'interleave 0,1 thp'],
  );
  assert.deepEqual(missing, [{ node: 1, pages: '2m', needed: 16, free: 15 }]);
});

test('a size asked for by name is measured whether or not there are pages: the host says what is missing', () => {
  const { cases } = planned(withPages(twoSockets(), [0, 0]), { workers: [4] }, { pages: '2m', figures: 'bandwidth' });
  assert.deepEqual(
    cases.map(({ policy, nodes, pages }) => [policy, nodes.join(), pages].join(' ')),
    ['bind 1 2m'],
    'on the node of the first worker where nothing places the memory',
  );
});

test('where the host shows no nodes each thread touches its own memory first', () => {
  const topology = machine({ packages: 1, coresPerNode: 2 });
  const made = { ...topology, nodes: topology.nodes.map((node) => ({ ...node, inferred: true })) };
  const { cases } = planned(made, { workers: [0, 1] }, { pages: '4k' });
  assert.deepEqual(
    cases.map(({ policy, nodes }) => [policy, nodes]),
    [
      ['local', []],
      ['local', []],
    ],
  );
});

test('without workers there is nothing to measure', () => {
  const none = plan(oneNode(), { memory: [0] }, DEFAULT_MEMORY_WORKLOAD);
  assert.deepEqual(none, { why: 'Place the workers first.' });
});

test('the base page of an arm64 kernel follows from its huge pages', () => {
  const arm = (...sizes: readonly number[]): Topology => {
    const one = oneNode();
    const hugepages = sizes.map((sizeBytes) => ({ sizeBytes, total: 0, free: 0 }));
    const nodes = one.nodes.map((node) => ({ ...node, hugepages }));
    return { ...one, machine: { ...one.machine, architecture: 'aarch64' }, nodes };
  };
  assert.equal(basePages(arm(64 * 1024, 2 * MIB, 32 * MIB, 1024 * MIB)), '4k');
  assert.equal(basePages(arm(2 * MIB, 32 * MIB, 1024 * MIB)), '16k');
  assert.equal(basePages(arm(2 * MIB, 512 * MIB, 16 * 1024 * MIB)), '64k');
  assert.deepEqual(pageKinds(arm(2 * MIB, 512 * MIB)), ['64k', 'thp', '2m', '512m']);
  assert.ok(pageKinds(oneNode()).every((kind) => kind === 'thp' || pageBytesOf(kind) !== null));
});

test('question 3 places the workers of a node, on its own memory and on the farthest, and can be run as it stands', () => {
  for (const topology of [twoSockets(), oneNode(), machine({ packages: 2, coresPerNode: 2, cpulessNodes: 1 })]) {
    const asked = questions(topology, DEFAULT_MEMORY_WORKLOAD).find(({ key }) => key === '3');
    assert.ok(asked?.placement && typeof asked.placement === 'object');
    const { kind, on } = asked.placement;
    assert.equal(kind, 'memory');
    const { workload } = offerOf({ kind });
    const found = plannerOf({ kind }).plan(topology, on, workload, null);
    assert.ok('question' in found && found.cases.length > 0);
    assert.equal(found.question.replace(' on node 0', ''), asked.title);
  }
});
