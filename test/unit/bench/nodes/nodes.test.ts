// Node × node on machines of paper: which pairs are measured, how they read in tables, and what is said of firmware's distances.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { nodeCases } from '../../../../src/model/bench/nodes/cases.ts';
import { pairFacts, slitSentence } from '../../../../src/model/bench/nodes/firmware.ts';
import { nodeGrid, NODE_MEASURES } from '../../../../src/model/bench/nodes/grid.ts';
import { nodeLines } from '../../../../src/model/bench/nodes/lines.ts';
import { memoryCase } from '../../../../src/model/cases/memory.ts';
import type { Run } from '../../../../src/model/run/run.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { runText } from '../../../../src/model/verdict/text.ts';
import { emulated, machine, oneNode, twoSockets } from '../../topologies.ts';
import { measuredNodes } from './measured.ts';

const linesOf = ({ topology, results }: Run): string => nodeLines(topology, results)?.join('\n') ?? '';
const sentenceOf = ({ topology, results }: Run): string | null => {
  const grid = nodeGrid(topology, results);
  assert.ok(grid);
  return slitSentence(pairFacts(topology, grid));
};
/** Two sockets and a CPU-less node, with numbers that have gaps. */
const gaps = machine({ packages: 2, coresPerNode: 2, cpulessNodes: 1, nodeIds: [0, 4, 9], rated: true });

test('every node with CPUs to every node with memory, latency from one CPU, bandwidth of all of them', () => {
  const cases = nodeCases(gaps, { measures: NODE_MEASURES, pages: '4k' });
  assert.deepEqual(
    cases.map(({ what, cpus, nodes }) => [what, cpus.length, ...nodes]),
    (['latency', 'bandwidth'] as const).flatMap((what) =>
      [0, 4].flatMap(() => [0, 4, 9].map((to) => [what, what === 'latency' ? 1 : 2, to])),
    ),
  );
  const few = nodeCases(twoSockets(), { measures: ['bandwidth'], pages: '4k', threads: 3 });
  assert.ok(few.every(({ cpus }) => cpus.length === 3));
  const named = nodeCases(twoSockets(), { measures: ['latency'], pages: '4k', cpus: [5] });
  assert.deepEqual(
    named.map(({ cpu, node }) => [cpu, node]),
    [[5, 1]],
  );
});

test('nodes outside the cpuset are left out, and the run says so; so it does of nodes without CPUs or memory', () => {
  const barred = twoSockets({ cpulessNodes: 1, allowedNodes: '0,2' });
  const run = measuredNodes(barred);
  assert.deepEqual(nodeGrid(barred, run.results)?.to, [0, 2]);
  const notes = run.notes?.join('\n') ?? '';
  assert.match(notes, /NUMA node 1 left out: outside the cpuset/);
  assert.match(notes, /NUMA node 2 without CPUs: only measured to/);
  const half = measuredNodes(twoSockets({ allowed: '0-3' }));
  assert.deepEqual(nodeGrid(half.topology, half.results)?.from, [0]);
  assert.match(
    half.notes?.join('\n') ?? '',
    /NUMA node 1 not measured from: this session may use none of the CPUs there/,
  );
  assert.throws(
    () => nodeCases(twoSockets({ memoryGiB: 0 }), { measures: ['latency'], pages: '4k' }),
    /No node has memory this session may use/,
  );
});

test('results that are no table of nodes are none: a pair twice, a pair missing, one node, another benchmark', () => {
  const { topology, results } = measuredNodes(twoSockets());
  assert.ok(nodeGrid(topology, results));
  assert.equal(nodeGrid(topology, [...results, ...results.slice(0, 1)]), null);
  assert.equal(nodeGrid(topology, results.slice(1)), null);
  const one = measuredNodes(oneNode());
  assert.equal(nodeGrid(one.topology, one.results), null);
  const [first] = results;
  assert.ok(first?.placement.kind === 'memory');
  const across = { ...first, placement: memoryCase({ ...first.placement, cpus: [0, 4], what: 'bandwidth' }) };
  assert.equal(nodeGrid(topology, [across]), null);
});

test('the terminal gets a table a measure, and a row a pair beside SLIT and rated', () => {
  const run = measuredNodes(gaps, {
    ns: (from, to) => (from === to ? 80 : to === 9 ? 250 : 140),
    bytesPerSecond: (from, to) => (from === to ? 100e9 : to === 9 ? 20e9 : 40e9),
  });
  const text = linesOf(run);
  assert.match(
    text,
    /Latency, ns, from the CPUs of a node \(row\) to the memory of a node \(column\)\n +node 0 +node 4 +node 9\n +node 0 +80\.2 +140 +251\n +node 4 +140 +80\.2 +251/,
  );
  assert.match(text, /Bandwidth, GB\/s.*\n.*\n +node 0 +100 +40\.1 +20/);
  assert.match(text, /5 rounds; thp pages, 256 MB; bandwidth of 2 CPUs of a node together\./);
  assert.match(text, /node 0 to node 9 +251 ns +3\.1[23] × \(3\.1\d … 3\.1\d\) +2\.4 ×/);
  assert.match(text, /node 0 to node 0 +80\.2 ns +1 × +100 ns, measured 0\.8 ×/);
  assert.match(
    runText(run),
    /A node’s own memory answers in 80\.2 ns, another’s in up to 251 ns \(3\.1[23] ×, node \d to node 9\)/,
  );
});

test('what is noisy or does not count is marked, and does not enter the answer', () => {
  const noisy = measuredNodes(twoSockets(), { rounds: 2 });
  assert.match(linesOf(noisy), /100~/);
  assert.match(linesOf(noisy), /Medians; ~ noisy\./);
  const why = 'pages of node 1 were found on node 0';
  const slipped = measuredNodes(twoSockets(), {
    ns: (from, to) => (from === to ? 80 : 5000),
    more: (from, to) => (from === 0 && to === 1 ? { valid: false, why } : {}),
  });
  const text = linesOf(slipped);
  assert.match(text, /5010!/);
  assert.match(text, new RegExp(`! Latency of node 0 to node 1 does not count: ${why}`));
  assert.match(slipped.verdict?.sentence ?? '', /node 1 to node 0/);
  const gone = measuredNodes(twoSockets(), {
    more: (from, to) => (from === to ? {} : { value: null, valid: false, why }),
  });
  assert.match(linesOf(gone), / !/);
});

test('firmware’s distances: how far they are off, that they agree, or that nothing can be said', () => {
  const as = (ratio: number, more: Parameters<typeof measuredNodes>[1] = {}): string | null =>
    sentenceOf(measuredNodes(twoSockets(), { ns: (from, to) => (from === to ? 80 : 80 * ratio), ...more }));
  assert.match(
    as(1.5) ?? '',
    /SLIT\) are off by up to 40 %: node \d to node \d is 2\.1 × its own memory by SLIT, 1\.5 × as measured\.$/,
  );
  assert.match(as(4.2) ?? '', /off by up to 50 %/);
  assert.match(as(2.1) ?? '', /SLIT\) agree with the measured latencies/);
  assert.match(as(1.5, { rounds: 2 }) ?? '', /Too few rounds/);
  assert.equal(as(1.5, { measures: ['bandwidth'] }), null);
  const silent: Topology = { ...twoSockets(), nodes: twoSockets().nodes.map((node) => ({ ...node, distances: {} })) };
  assert.match(sentenceOf(measuredNodes(silent)) ?? '', /gives no distances/);
  const turned = machine({
    packages: 3,
    coresPerNode: 1,
    distances: [
      [10, 15, 30],
      [15, 10, 30],
      [30, 30, 10],
    ],
  });
  const ns = (from: number, to: number): number => (from === to ? 80 : from + to === 1 ? 240 : 120);
  assert.match(
    sentenceOf(measuredNodes(turned, { ns })) ?? '',
    /From node 0 it calls node 1 nearer than node 2, and node 2 is\.$/,
  );
});

test('emulated figures are called so', () => {
  assert.match(linesOf(measuredNodes(emulated(twoSockets()))), /emulated; 5 rounds/);
});

test('any number of nodes, numbered with gaps: every pair has its cell and its row', () => {
  const shapes = fc.record({
    packages: fc.integer({ min: 2, max: 6 }),
    coresPerNode: fc.integer({ min: 1, max: 3 }),
    cpulessNodes: fc.integer({ min: 0, max: 3 }),
    steps: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 9, maxLength: 9 }),
  });
  fc.assert(
    fc.property(shapes, ({ steps, ...shape }) => {
      let id = -1;
      const nodeIds = steps.slice(0, shape.packages + shape.cpulessNodes).map((step) => (id += step));
      const topology = machine({ ...shape, nodeIds });
      const run = measuredNodes(topology, { ns: (from, to) => 100 + from * 10 + to });
      const grid = nodeGrid(topology, run.results);
      assert.deepEqual(grid?.from, nodeIds.slice(0, shape.packages));
      assert.deepEqual(grid.to, nodeIds);
      const text = linesOf(run);
      for (const from of grid.from)
        for (const to of grid.to) assert.ok(text.includes(`node ${from} to node ${to} `), `${from} to ${to}`);
    }),
    { numRuns: 30 },
  );
});
