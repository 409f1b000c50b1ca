// Two pools: which CPUs each layout gives them over all nodes, where the store lies, and what is otherwise than the layout's name says.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { separationOn } from '../../../../src/model/bench/separation/on-machine.ts';
import { separationCases } from '../../../../src/model/bench/separation/cases.ts';
import { separationLabel } from '../../../../src/model/bench/separation/labels.ts';
import { PRESET_LAYOUTS, SCENARIOS } from '../../../../src/model/cases/separation.ts';
import { formatCpuList } from '../../../../src/model/text/cpulist.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { nodeOf } from '../../../../src/model/topology/relation.ts';
import { caseSchema } from '../../../../src/protocol/cases.ts';
import { fourNodes, oneNode, twoSockets } from '../../topologies.ts';

const asked = { layouts: PRESET_LAYOUTS, scenarios: SCENARIOS, sizeBytes: 1 << 20, thp: true };
const once = { ...asked, scenarios: ['100%'] } as const;
const two = twoSockets();
const custom = { walkers: [0, 1], workers: [4, 5, 6], store: [1] };

const withFree = (topology: Topology, freeBytes: readonly number[]): Topology => ({
  ...topology,
  nodes: topology.nodes.map((node, at) => ({ ...node, freeBytes: freeBytes[at] ?? null })),
});
const nodesOf = (topology: Topology, cpus: readonly number[]): string =>
  formatCpuList([...new Set(cpus.flatMap((cpu) => nodeOf(topology, cpu)?.id ?? []))]);

function laidOut(topology: Topology): string[] {
  return separationCases(topology, once).cases.map(({ layout, walkers, workers, pages, store }) =>
    [
      layout,
      ...[walkers, workers].flatMap((cpus) => [nodesOf(topology, cpus), cpus.length]),
      pages,
      ...(store ?? []),
    ].join(' '),
  );
}

test('each layout has its pools on the nodes that its name says, and whole cores', () => {
  assert.deepEqual(laidOut(two), [
    'mixed 0-1 4 0-1 12 4k',
    'separated 0 8 1 8 4k',
    'huge-pages 0 8 1 8 thp',
    'reversed 1 8 0 8 4k',
    'single 0 2 0 6 4k',
    'replicated 0-1 4 0-1 12 4k',
  ]);
  const { cases, notes } = separationCases(two, once);
  assert.match(notes.join(' '), /transparent ones: not enough 2m pages are free/);
  for (const one of cases) {
    assert.deepEqual(v.parse(caseSchema, JSON.parse(JSON.stringify(one))), one);
    assert.equal(new Set([...one.walkers, ...one.workers]).size, one.walkers.length + one.workers.length);
    // Siblings are 8 apart.
    if (one.layout === 'mixed') assert.ok(one.walkers.every((cpu) => one.walkers.includes((cpu + 8) % 16)));
  }
  const told = separationOn(two, cases, []).agentCase(cases[1]!);
  assert.deepEqual([told['load'], told['first'], told['touch'], told['node']], ['dispatch', 8, 'worker', undefined]);
});

test('more than two nodes are all used, whole ones for each pool as near as they come to the shares', () => {
  assert.deepEqual(laidOut(fourNodes()), [
    'mixed 0-3 4 0-3 4 4k',
    'separated 0 2 1-3 6 4k',
    'huge-pages 0 2 1-3 6 thp',
    'reversed 3 2 0-2 6 4k',
    'single 0 1 0 1 4k',
    'replicated 0-3 4 0-3 4 4k',
  ]);
  assert.match(
    separationCases(fourNodes(), once).notes.join(' '),
    /Separated, walks have node 0 and distances nodes 1-3: whole nodes/,
  );
});

test('a custom layout is measured beside the others, with its store where it was put', () => {
  const { cases } = separationCases(two, { ...once, layouts: ['mixed'], custom });
  assert.deepEqual(
    cases.map(({ layout }) => layout),
    ['mixed', 'custom'],
  );
  const one = cases[1]!;
  assert.deepEqual(v.parse(caseSchema, JSON.parse(JSON.stringify(one))), one);
  assert.deepEqual([one.walkers, one.workers, one.store], [custom.walkers, custom.workers, [1]]);
  const bench = separationOn(two, cases, []);
  assert.deepEqual(bench.places(one), { cpus: [0, 1, 4, 5, 6], nodes: [1] });
  const told = bench.agentCase(one);
  assert.deepEqual([told['cpu'], told['first'], told['touch'], told['node']], ['0+1+4+5+6', 2, 'bind', '1']);
  const spread = separationCases(two, { ...once, layouts: [], custom: { ...custom, store: [0, 1] } }).cases;
  assert.equal(separationOn(two, spread, []).agentCase(spread[0]!)['node'], '0+1');
  assert.equal(separationLabel(spread[0]!), 'custom, 100 % load');
  const refused =
    (more: Partial<typeof custom>): (() => unknown) =>
    () =>
      separationCases(two, { ...once, custom: { ...custom, ...more } });
  assert.throws(refused({ walkers: [0, 4] }), /CPU 4 is in both pools\./);
  assert.throws(refused({ walkers: [99] }), /no CPU 99/);
  assert.throws(refused({ store: [7] }), /no NUMA node 7/);
});

test('a store that does not fit the nodes of its readers is interleaved over all, which is said, or left out where that does not fit either', () => {
  const MIB = 2 ** 20;
  const { cases, notes } = separationCases(withFree(two, [800 * MIB, 600 * MIB]), { ...once, sizeBytes: 1000 * MIB });
  assert.deepEqual(
    cases.map((one) => [one.layout, ...(one.store ?? [])].join(' ')),
    ['mixed', 'separated 0 1', 'huge-pages 0 1', 'reversed 0 1', 'single 0 1'],
  );
  assert.equal(separationLabel(cases[1]!), 'separated, store interleaved, 100 % load');
  assert.match(
    notes.join(' '),
    /The layout "separated" has its store interleaved over nodes 0-1: node 1 would hold 1000 MB of it and has 600 MB free\./,
  );
  assert.match(notes.join(' '), /The layout "replicated" was left out: of a store of 1000 MB, /);
  const none = separationCases(withFree(two, [800 * MIB, 600 * MIB]), { ...once, sizeBytes: 2 ** 40 });
  assert.deepEqual(none.cases, []);
  assert.match(none.notes.join(' '), /"mixed" was left out: .* even interleaved over all nodes\./);
});

test('what cannot be laid out is left out with words: huge pages, one node', () => {
  const without = separationCases(two, { ...asked, thp: false });
  assert.ok(without.cases.every(({ layout }) => layout !== 'huge-pages'));
  assert.match(without.notes.join(' '), /"huge-pages" was left out: node 1 has not enough huge pages/);
  const one = separationCases(oneNode(), asked);
  assert.ok(one.cases.length > 0 && one.cases.every(({ layout }) => layout === 'single'));
  assert.match(one.notes.join(' '), /nothing can be separated by node/);
});
