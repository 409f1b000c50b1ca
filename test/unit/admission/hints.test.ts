// What the topology manager makes of hints, held against figures that Kubernetes publishes with its source
// (pkg/kubelet/cm/topologymanager/policy_test.go, cpumanager/topology_hints_test.go).
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { cpuHints } from '../../../src/model/admission/cpus.ts';
import { bitsOf, countOf, mergeHints } from '../../../src/model/admission/hints.ts';
import type { Hint, MergeRules, ResourceHints, TopologyPolicy } from '../../../src/model/admission/hints.ts';
import { placesOf } from '../../../src/model/admission/machine.ts';
import { admittingNode } from './nodes.ts';

const maskOf = (nodes: readonly number[]): number => nodes.reduce((mask, node) => mask | (1 << node), 0);
const yes = (...nodes: number[]): Hint => ({ nodes: maskOf(nodes), preferred: true });
const no = (...nodes: number[]): Hint => ({ nodes: maskOf(nodes), preferred: false });
const ANY = { nodes: null, preferred: true };
const NONE = { nodes: null, preferred: false };
const resources = (...lists: (readonly Hint[] | null)[]): ResourceHints[] =>
  lists.map((hints, at) => ({ resource: `resource${String(at)}`, hints }));

const NODES = 4;
const ALL = [0, 1, 2, 3];
const merged = (policy: TopologyPolicy, hints: ResourceHints[], rules: Partial<MergeRules> = {}): Hint => {
  const { nodes, preferred } = mergeHints(hints, { policy, nodes: NODES, distances: null, ...rules });
  return { nodes, preferred };
};

/** The same under each policy that looks at nodes. */
const EACH: readonly (readonly [hints: ResourceHints[], best: Hint])[] = [
  [resources([yes(0)], [yes(0)]), yes(0)],
  [resources(null, [yes(1)]), yes(1)],
  [resources([yes(0), yes(1)], [yes(1)]), yes(1)],
  [resources([yes(0), yes(1)], [yes(0), no(0, 1)]), yes(0)],
  [resources([yes(1), no(0, 1)], [yes(0), yes(1), no(0, 1)]), yes(1)],
];

/** `best-effort` and `restricted` come to the same hint, and differ in what they do with it. */
const WIDE: readonly (readonly [hints: ResourceHints[], best: Hint])[] = [
  [resources([yes(0, 1), yes(0, 2)], [yes(0, 1), yes(0, 2)]), yes(0, 1)],
  [resources(), yes(...ALL)],
  [resources(null), yes(...ALL)],
  [resources([]), no(...ALL)],
  [resources([ANY]), yes(...ALL)],
  [resources([NONE]), no(...ALL)],
  [resources([yes(0)], [yes(1)]), no(...ALL)],
  [resources([yes(0)], [no(0)]), no(0)],
  [resources([yes(0)], [yes(0, 1)]), no(0)],
  [resources([yes(0), yes(1)], [no(0, 1)]), no(0)],
  [resources([no(0, 1, 2, 3), no(0, 1)], [no(0, 1)]), no(0, 1)],
  [resources([no(0, 1, 2, 3), no(0, 1)], [no(0, 3)]), no(0, 3)],
  [resources([no(0, 1, 2, 3), no(0, 1)], [no(1, 2)]), no(1, 2)],
];

const SINGLE: readonly (readonly [hints: ResourceHints[], best: Hint])[] = [
  [resources(), ANY],
  [resources(null), ANY],
  [resources([]), NONE],
  [resources([ANY]), ANY],
  [resources([yes(0)], [yes(1)]), NONE],
  [resources([yes(0)], [yes(0, 1)]), NONE],
  [resources([yes(0, 1)], [yes(0, 1)]), NONE],
];

test('hints come to what Kubernetes publishes', () => {
  for (const policy of ['best-effort', 'restricted', 'single-numa-node'] as const)
    for (const [hints, best] of EACH) assert.deepEqual(merged(policy, hints), best, JSON.stringify([policy, hints]));
  for (const policy of ['best-effort', 'restricted'] as const)
    for (const [hints, best] of WIDE) assert.deepEqual(merged(policy, hints), best, JSON.stringify([policy, hints]));
  for (const [hints, best] of SINGLE) assert.deepEqual(merged('single-numa-node', hints), best, JSON.stringify(hints));
});

test('each policy admits what it says: best-effort all, the others what is preferred', () => {
  const admits = (policy: TopologyPolicy, hints: ResourceHints[]): boolean =>
    mergeHints(hints, { policy, nodes: NODES, distances: null }).admitted;
  for (const [hints, best] of [...WIDE, ...EACH]) {
    assert.equal(admits('none', hints), true);
    assert.deepEqual(merged('none', hints), NONE, 'no hint is none that is preferred');
    assert.equal(admits('best-effort', hints), true);
    assert.equal(admits('restricted', hints), best.preferred);
  }
  for (const [hints, best] of SINGLE) assert.equal(admits('single-numa-node', hints), best.preferred);
});

test('of sets as large, the closest nodes are chosen where that is asked for', () => {
  const far = [
    [10, 20, 30, 12],
    [20, 10, 12, 30],
    [30, 12, 10, 20],
    [12, 30, 20, 10],
  ];
  const hints = resources([yes(0, 1), yes(0, 3), yes(1, 2)]);
  assert.deepEqual(merged('restricted', hints), yes(0, 1));
  assert.deepEqual(merged('restricted', hints, { distances: far }), yes(1, 2), 'as near, and lower as a number');
});

test('the folded search finds what going through the whole product finds', () => {
  const hint = fc.record({ nodes: fc.option(fc.integer({ min: 1, max: 15 }), { nil: null }), preferred: fc.boolean() });
  const lists = fc.array(fc.option(fc.array(hint, { maxLength: 4 }), { nil: null }), { maxLength: 3 });
  fc.assert(
    fc.property(lists, (all) => {
      const best = merged('restricted', resources(...all));
      const products = all
        .map((hints) => (hints === null ? [ANY] : hints.length === 0 ? [NONE] : hints))
        .reduce<Hint[][]>((rows, hints) => rows.flatMap((row) => hints.map((one) => [...row, one])), [[]]);
      const outcomes = products.flatMap((row) => {
        const named = row.flatMap(({ nodes }) => (nodes === null ? [] : [nodes]));
        const nodes = named.reduce((mask, one) => mask & one, 15);
        const preferred = row.every((one) => one.preferred) && named.every((one) => one === named[0]);
        return nodes === 0 ? [] : [{ nodes, preferred }];
      });
      if (outcomes.length === 0) return best.nodes === 15 && !best.preferred;
      const isAmong = outcomes.some((one) => one.nodes === best.nodes && one.preferred === best.preferred);
      const mayBe = outcomes.some((one) => one.preferred);
      const fewest = Math.min(...outcomes.filter((one) => one.preferred).map((one) => countOf(one.nodes)));
      return isAmong && best.preferred === mayBe && (!mayBe || countOf(best.nodes ?? 0) === fewest);
    }),
  );
});

/** For align-by-socket: two sockets of two nodes with two cores of two threads each. */
function fourNodes(shared: string): ReturnType<typeof admittingNode> {
  const node = admittingNode({ cores: 8, shared });
  const place = (cpu: number): { core: number; node: number; socket: number; cache: number } => {
    const core = cpu % 8;
    return { core, node: Math.floor(core / 2), socket: Math.floor(core / 4), cache: Math.floor(core / 4) * 4 };
  };
  return {
    ...node,
    nodes: [0, 1, 2, 3],
    places: placesOf(Array.from({ length: 16 }, (_, cpu) => [cpu, place(cpu)] as const)),
    policies: { ...node.policies, cpuOptions: { ...node.policies.cpuOptions, bySocket: true } },
  };
}

test('align-by-socket prefers as few sockets as the request needs, were they empty, whatever is free', () => {
  const preferred = (shared: string, count: number): number[][] =>
    cpuHints(fourNodes(shared), count, []).flatMap((one) => (one.preferred ? [bitsOf(one.nodes ?? 0)] : []));
  // Four CPUs are a node's; where none has four free, two nodes of one socket are as good, and of two sockets not.
  assert.deepEqual(preferred('0,2,4,6,8,10,12,14', 4), [
    [0, 1],
    [2, 3],
  ]);
  assert.deepEqual(preferred('0-15', 4), [[0], [1], [2], [3], [0, 1], [2, 3]]);
  assert.deepEqual(preferred('0-15', 10).length, 5, 'three nodes or four: two sockets');
});

test('hints for CPUs are those that Kubernetes publishes: 12 CPUs, cores 0-2 on node 0, 3-5 on node 1', () => {
  const free = '2-11';
  const of = (count: number, shared = free): (readonly [number[], boolean])[] =>
    cpuHints(admittingNode({ cores: 6, shared }), count, []).map(({ nodes, preferred }) => [
      bitsOf(nodes ?? 0),
      preferred,
    ]);
  assert.deepEqual(of(2), [
    [[0], true],
    [[1], true],
    [[0, 1], false],
  ]);
  assert.deepEqual(of(5), [
    [[1], true],
    [[0, 1], false],
  ]);
  assert.deepEqual(of(7), [[[0, 1], true]]);
  assert.deepEqual(of(11), []);
  // One CPU is free on each node: two need both, though one node could hold them.
  assert.deepEqual(of(2, '0,3'), [[[0, 1], false]]);
});
