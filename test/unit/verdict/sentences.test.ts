// Sentences of every benchmark against figures that should change them: none, one, equal, noisy, slipped, emulated.
import assert from 'node:assert/strict';
import test from 'node:test';
import { matrixResult, NOTHING_SEEN } from '../../../src/model/bench/matrix/result.ts';
import { programTogether } from '../../../src/model/bench/program/together.ts';
import type { ProgramCase } from '../../../src/model/cases/program.ts';
import type { PairClass } from '../../../src/model/cases/matrix.ts';
import { isNoisy, median, medianInterval, spread } from '../../../src/model/run/statistics.ts';
import type { Environment, Result } from '../../../src/model/run/run.ts';
import { farSentence } from '../../../src/model/topology/far.ts';
import { unsureBecause } from '../../../src/model/verdict/unsure.ts';
import { verdict } from '../../../src/model/verdict/verdict.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { measuredNodes } from '../bench/nodes/measured.ts';
import { emulated, fourNodes, machine, oneNode, runOf, spscCase, twoSockets } from '../topologies.ts';

const say = (topology: Topology, results: readonly Result[], environment: Environment = {}): string =>
  verdict({ topology, results, environment }, 'What?', null).sentence;

function program(metric: string, figures: readonly number[], more: Partial<Result> = {}): Result {
  const [whole] = runOf({ figures: [[1, 2, 3]], cases: [spscCase(0, 1)] }).results;
  assert.ok(whole);
  const placement: ProgramCase = { kind: 'program', command: ['./db'], pins: [] };
  const [middle, interval] = [median(figures), medianInterval(figures)];
  return {
    ...{ ...whole, benchmark: 'run', metric, placement, repetitions: figures, median: middle, interval },
    ...{ spread: spread(figures), noisy: isNoisy(middle, interval) },
    ...more,
  };
}

test('a program: how long it took or ran, and what it printed, with intervals', () => {
  const steady = [800, 810, 805, 802, 808];
  const table: readonly (readonly [readonly Result[], string | RegExp])[] = [
    [[program('s', [5.2])], 'It took 5.2 s.'],
    [[program('s', [12.3], { stopped: true })], 'It was stopped after 12.3 s.'],
    [[program('s', [5.2]), program('queries/s', [812.5])], 'It took 5.2 s. Printed: 813 queries/s.'],
    [[program('s', [5.2]), program('queries/s', steady)], /^It took 5\.2 s\. Printed: 805 queries\/s \(95 % 80\d queries\/s to 8\d\d queries\/s\)\.$/],
    [[program('s', [5.2]), program('queries/s', [100, 900, 400, 700, 50])], /Printed: \d+ queries\/s to \d+ queries\/s \(noisy\)\.$/],
    [[program('s', [5.2], { valid: false, why: 'the program exited with status 3' })], 'No answer: the program exited with status 3.'],
    [['a', 'b', 'c', 'd'].reduce<Result[]>((all, name) => [...all, program(name, [1])], [program('s', [1])]), /Printed: 1 a, 1 b, 1 c and 1 more figure\.$/],
  ]; // oxfmt-ignore
  for (const [results, words] of table) {
    const told = say(twoSockets(), results);
    if (typeof words === 'string') assert.equal(told, words);
    else assert.match(told, words);
  }
  assert.equal(programTogether([program('s', [1], { valid: false })]), null);
});

test('a matrix: pairs that were left out are said beside what is left', () => {
  const own = (name: string, ns: number): PairClass => ({
    ...{ name, pairs: [[0, 1]], median: ns, interval: null, measuredPairs: 1, figures: [ns], measured: [0] },
  });
  const placement = { kind: 'matrix', matrix: 'latency', cpus: '0-1', line: 'first', simulated: null } as const;
  const of = (classes: readonly PairClass[], why: string | null): Result =>
    matrixResult({ placement, classes, seen: NOTHING_SEEN, why, emulated: false });
  const two = [own('same L3', 50), own('other package', 120)];
  const far = 'From 50 ns (same L3) to 120 ns (other package)';
  assert.equal(say(twoSockets(), [of(two, null)]), `${far}.`);
  assert.equal(say(twoSockets(), [of(two, 'cpu 4 went offline')]), `${far}; pairs were left out: cpu 4 went offline.`);
  assert.equal(say(oneNode(), [of(two.slice(0, 1), null)]), '50 ns between any two (same L3).');
});

test('between nodes: another’s memory is called slower only where that was shown', () => {
  const sentence = (ns: (from: number, to: number) => number): string =>
    measuredNodes(twoSockets(), { measures: ['latency'], ns }).verdict?.sentence ?? '';
  assert.match(sentence((from, to) => (from === to ? 80 : 140)), /answers in 80\.2 ns, another’s in up to 140 ns \(1\.75 ×, node 0 to node 1\)\.$/);
  assert.match(sentence(() => 80), /answers in 80\.2 ns; no difference to another’s could be shown\.$/);
}); // oxfmt-ignore

test('why figures are unsure: a busy machine, else the noisiest of them, else nothing', () => {
  const { results } = runOf({ figures: [[20, 50, 30, 60, 25], [100, 100, 100, 100, 100]] }); // oxfmt-ignore
  const table: readonly (readonly [Environment, number, RegExp | null])[] = [
    [{ loadBefore: 3.31 }, 2, /^The machine was busy: load 3\.31 on 2 CPUs before the run\.$/],
    [{ loadBefore: 3.31 }, 384, /^The repetitions \(P#0 → P#4\) spread over \d+ % of their median/],
    [{ loadBefore: 0.9 }, 2, /^The repetitions/],
    [{ loadBefore: { unavailable: 'no /proc' } }, 2, /^The repetitions/],
  ];
  for (const [environment, cpus, words] of table)
    assert.match(unsureBecause(results, environment, cpus) ?? '', words ?? /^$/);
  assert.equal(unsureBecause(results.slice(1), {}, 2), null);
});

test('a recorded machine: how far memory is, by firmware, and no more than it says', () => {
  const bare = (topology: Topology): Topology => ({
    ...topology,
    nodes: topology.nodes.map((node) => ({ ...node, distances: {} })),
  });
  assert.equal(farSentence(oneNode()), 'One NUMA node: no memory is remote here.');
  assert.equal(farSentence(twoSockets()), 'By firmware, memory of another node is 2.1 × as far as a node’s own.');
  assert.equal(farSentence(fourNodes()), 'By firmware, memory of another node is 1.2 to 2.1 × as far as a node’s own.');
  assert.equal(farSentence(bare(twoSockets())), '2 NUMA nodes, and no distances between them are recorded.');
  const hidden = machine({ packages: 1, coresPerNode: 2 });
  const unknown = { ...hidden, nodes: hidden.nodes.map((node) => ({ ...node, inferred: true })) };
  assert.match(farSentence(unknown), /shows no NUMA nodes/);
});

test('an emulated host is named in the answer, not behind the reason', () => {
  const run = runOf({
    figures: [[20, 50, 30, 60, 25], [100, 100, 100, 100, 100]], // oxfmt-ignore
    topology: emulated(twoSockets()),
    environment: { loadBefore: 9 },
  });
  assert.match(
    run.verdict?.sentence ?? '',
    /, on an emulated host\. The machine was busy: load 9 on 16 CPUs before the run\.$/,
  );
});
