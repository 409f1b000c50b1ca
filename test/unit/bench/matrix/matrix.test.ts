import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from '../../../../src/model/bench/matrix/infer/explore.ts';
import { classNames } from '../../../../src/model/bench/matrix/infer/sites.ts';
import { allPairs, measurable, orderedPairs } from '../../../../src/model/bench/matrix/pairs.ts';
import type { Pair, PairClass } from '../../../../src/model/cases/matrix.ts';
import {
  matrixSentence,
  matrixResult,
  measuredWords,
  NOTHING_SEEN,
} from '../../../../src/model/bench/matrix/result.ts';
import { median, randomFrom } from '../../../../src/model/run/statistics.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { FAMILIES, hiddenMachine } from './machines.ts';
import { fourNodes, machine, twoSockets } from '../../topologies.ts';
import { varied } from '../../../support/long.ts';

type Latency = (a: number, b: number) => number;

interface Explored {
  readonly classes: readonly PairClass[];
  readonly asked: readonly Pair[];
}

/** As many pairs as a simulation may look up. */
function explored(topology: Topology, latency: Latency, seed: number): Explored {
  const pairs = allPairs(measurable(topology));
  const explorer = explore(topology, pairs, false, randomFrom(seed));
  const asked: Pair[] = [];
  for (let left = Math.max(400, Math.floor(pairs.length / 10)); left > 0; left--) {
    const pair = explorer.next();
    if (!pair) break;
    asked.push(pair);
    explorer.add(pair, latency(...pair));
  }
  return { classes: explorer.classes(), asked };
}

/** How far the worst class's median is off that of all its pairs. */
function worstError({ classes }: Explored, latency: Latency): number {
  return Math.max(
    ...classes.map((own) => Math.abs((own.median ?? Infinity) / median(own.pairs.map((pair) => latency(...pair))) - 1)),
  );
}

const key = ([a, b]: Pair): string => `${String(a)},${String(b)}`;

test('every pair is in one class, is asked for once at most, and what was measured stands as measured', () => {
  for (const family of FAMILIES) {
    const { topology, latency } = hiddenMachine(family, randomFrom(6));
    const { classes, asked } = explored(topology, latency, 6);
    const all = allPairs(measurable(topology)).map(key).sort();
    assert.deepEqual(classes.flatMap((own) => own.pairs.map(key)).sort(), all, family);
    assert.equal(new Set(asked.map(key)).size, asked.length, family);
    const measured = classes.flatMap((own) =>
      own.measured.map((at) => {
        const pair = own.pairs[at] ?? [-1, -1];
        assert.equal(own.figures[at], latency(...pair));
        return key(pair);
      }),
    );
    assert.deepEqual(measured.sort(), asked.map(key).sort(), family);
    assert.equal(new Set(classes.map((own) => own.name)).size, classes.length, 'no two of one name');
  }
});

test('of machines whose structure no topology tells, the medians of nearly all are found within 5 %', () => {
  const missed: string[] = [];
  let runs = 0;
  for (const family of FAMILIES) {
    for (let seed = 1; seed <= varied(6, 12); seed++) {
      const { name, topology, latency } = hiddenMachine(family, randomFrom(seed * 31 + family.length));
      const count = measurable(topology).length;
      // Smaller ones are measured whole, larger ones take seconds.
      if (count < 30 || count > 72) continue;
      runs++;
      const error = worstError(explored(topology, latency, seed), latency);
      if (error > 0.05) missed.push(`${name}, seed ${String(seed)}: ${(error * 100).toFixed(1)} %`);
    }
  }
  assert.ok(runs >= varied(10, 20), `only ${String(runs)} machines were large enough`);
  assert.ok(missed.length <= runs * 0.05, `${String(missed.length)} of ${String(runs)}: ${missed.join('; ')}`);
});

/** As on a published EPYC: pairs of the second package cross to the first, where the line lies. */
test('a class of one name with two kinds of pairs is split, and both medians are right', () => {
  const topology = machine({ packages: 2, coresPerNode: 24, l3PerNode: 6 });
  const noise = randomFrom(9);
  const figures = new Map(allPairs(measurable(topology)).map((pair) => [key(pair), 1 + (noise() - 0.5) / 20]));
  const l3 = (cpu: number): number => Math.floor(cpu / 4);
  const home = (cpu: number): boolean => cpu < 24;
  const latency: Latency = (a, b) => {
    const base = l3(a) === l3(b) ? 23 : home(a) && home(b) ? 108 : 200;
    return base * (figures.get(key(a < b ? [a, b] : [b, a])) ?? NaN);
  };
  const found = explored(topology, latency, 1);
  assert.ok(worstError(found, latency) < 0.03);
  const parts = found.classes.filter((own) => own.name.startsWith('same socket'));
  assert.deepEqual(
    parts.map((own) => [own.name, own.pairs.every(([a]) => home(a)), Math.round((own.median ?? 0) / 10)]),
    [
      ['same socket, within socket 0', true, 11],
      ['same socket, within socket 1', false, 20],
    ],
  );
});

test('the same seed makes the same choices', () => {
  const { topology, latency } = hiddenMachine('mesh', randomFrom(3));
  assert.deepEqual(explored(topology, latency, 7), explored(topology, latency, 7));
});

test('a machine of few pairs is measured whole', () => {
  const { classes, asked } = explored(machine({ packages: 1, coresPerNode: 4 }), () => 30, 1);
  assert.equal(asked.length, 6);
  assert.deepEqual(
    classes.map((own) => [own.median, own.interval, own.measuredPairs]),
    [[30, [30, 30], 6]],
  );
});

test('a pair that cannot be measured is inferred from its class', () => {
  const topology = twoSockets();
  const explorer = explore(topology, allPairs(measurable(topology)), false, randomFrom(1));
  const first = explorer.next();
  assert.ok(first);
  explorer.add(first, null);
  for (let pair = explorer.next(); pair; pair = explorer.next()) explorer.add(pair, 50);
  assert.equal(explorer.measuredPairs, allPairs(measurable(topology)).length - 1);
  assert.ok(explorer.classes().every((own) => own.figures.every((figure) => figure === 50)));
});

test('answers may come late and in any order', () => {
  const { topology, latency } = hiddenMachine('ccx', randomFrom(2));
  const pairs = allPairs(measurable(topology));
  const explorer = explore(topology, pairs, false, randomFrom(1));
  for (;;) {
    const batch: Pair[] = [];
    for (let pair = explorer.next(); pair; pair = batch.length < 20 ? explorer.next() : null) batch.push(pair);
    if (batch.length === 0) break;
    for (const pair of batch.reverse()) explorer.add(pair, latency(...pair));
  }
  assert.equal(explorer.measuredPairs, pairs.length);
  assert.equal(worstError({ classes: explorer.classes(), asked: [] }, latency), 0);
});

test('classes are named by what is shared and by distance, both ways where they differ', () => {
  const pairs: Pair[] = [
    [0, 8],
    [0, 1],
    [0, 4],
  ];
  assert.deepEqual(classNames(twoSockets(), pairs, false), ['same core', 'same L3', 'other socket, distance 21']);
  const odd = twoSockets({
    distances: [
      [10, 20],
      [30, 10],
    ],
  });
  assert.deepEqual(classNames(odd, [[0, 4]], false), ['other socket, distance 20 one way and 30 the other']);
  assert.deepEqual(
    classNames(
      odd,
      [
        [0, 4],
        [4, 0],
      ],
      true,
    ),
    ['other socket, distance 20 there and 30 back', 'other socket, distance 30 there and 20 back'],
  );
});

test('pairs on two nodes are there both ways where the line is placed', () => {
  const topology = fourNodes();
  const cpus = measurable(topology);
  assert.equal(orderedPairs(topology, cpus).length, cpus.length * (cpus.length - 1) - 4, 'all but one way of 4 pairs');
});

test('the words say what was measured and what was inferred', () => {
  const { topology, latency } = hiddenMachine('mesh', randomFrom(3));
  const { classes, asked } = explored(topology, latency, 7);
  const placement = { kind: 'matrix', matrix: 'latency', cpus: '0', line: 'first', simulated: null } as const;
  const result = matrixResult({ placement, classes, seen: NOTHING_SEEN, why: null, emulated: false });
  assert.equal(result.measuredPairs, asked.length);
  assert.match(
    measuredWords(result),
    new RegExp(`^${String(asked.length)} of .* pairs measured .*the others inferred$`),
  );
  assert.match(matrixSentence(result) ?? '', /^From .* ns \(.*\) to .* ns \(.*\)\.$/);
});
