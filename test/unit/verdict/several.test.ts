// Several results of which no two are the question: the best, and how much worse the others are, as far as that was shown.
import assert from 'node:assert/strict';
import test from 'node:test';
import { MEASURED_MEMORY } from '../../../src/model/bench/memory/measured.ts';
import { memoryCase } from '../../../src/model/cases/memory.ts';
import type { MemoryAsked } from '../../../src/model/cases/memory.ts';
import { buildResults } from '../../../src/model/run/results.ts';
import type { RawRepetition } from '../../../src/model/run/results.ts';
import type { Result } from '../../../src/model/run/run.ts';
import { severalSentence } from '../../../src/model/verdict/several.ts';
import { verdict } from '../../../src/model/verdict/verdict.ts';
import { twoSockets } from '../topologies.ts';

const around = (figure: number, noise = 0.005): number[] =>
  [0, 1, 2, 3, 4, 5, 6].map((round) => figure * (1 + noise * ((round % 3) - 1)));

interface Taken {
  readonly asked: Partial<MemoryAsked>;
  readonly figures: readonly number[];
  readonly more?: Partial<RawRepetition>;
}

function resultsOf(taken: readonly Taken[]): Result[] {
  const base = {
    what: 'bandwidth',
    cpus: [0, 1],
    policy: 'bind',
    nodes: [0],
    pages: 'thp',
    sizeBytes: 2 ** 28,
  } as const;
  const cases = taken.map(({ asked }) => memoryCase({ ...base, ...asked }));
  const lines = taken.flatMap(({ figures, more }, index) =>
    figures.map((value, round): RawRepetition => ({
      ...MEASURED_MEMORY.figure(cases[index] ?? memoryCase(base), null),
      ...{ case: index, round, value, valid: true, why: null, counters: {} },
      seen: { cpus: {}, nodes: {}, pageBytes: null, migrations: 0 },
      ...more,
    })),
  );
  return buildResults(cases, lines, { kind: (one) => MEASURED_MEMORY.figure(one, null), emulated: false });
}

test('kernels: which moves the most, and the others against it', () => {
  const results = resultsOf([
    { asked: { kernel: 'read' }, figures: around(30e9) },
    { asked: { kernel: 'write' }, figures: around(15e9) },
    { asked: { kernel: 'copy' }, figures: around(24e9) },
  ]);
  assert.match(
    severalSentence(results) ?? '',
    /^Read gives the most, 30 GB\/s; copy gives 0\.8 × as much \([\d.]+ to [\d.]+\); write gives 0\.5 × as much \([\d.]+ to [\d.]+\)\.$/,
  );
});

test('no difference, noise, a slip and too few rounds are said, and a time is the least', () => {
  const latency = (policy: 'bind' | 'preferred', figures: readonly number[], more = {}): Taken => ({
    asked: { what: 'latency', cpus: [0], policy },
    figures,
    more,
  });
  assert.match(
    severalSentence(resultsOf([latency('bind', around(90)), latency('preferred', around(90.1, -0.005))])) ?? '',
    /^No difference could be shown between .* and .*\.$/,
  );
  assert.match(
    severalSentence(resultsOf([latency('bind', around(90)), latency('preferred', around(180))])) ?? '',
    /^Node 0 takes the least, 90 ns; node 0, preferred takes 2 × as long \(.*\)\.$/,
  );
  assert.match(
    severalSentence(
      resultsOf([latency('bind', around(90)), latency('preferred', [100, 900, 300, 120, 700, 101, 99])]),
    ) ?? '',
    /could be shown/,
  );
  assert.match(
    severalSentence(resultsOf([latency('bind', [90]), latency('preferred', [95])])) ?? '',
    /^Too few rounds/,
  );
  assert.equal(severalSentence(resultsOf([latency('bind', around(90))])), null);
});

test('figures of two kinds have a sentence each, and the verdict is no count of figures', () => {
  const results = resultsOf([
    { asked: { what: 'latency', cpus: [0] }, figures: around(90) },
    { asked: { kernel: 'read' }, figures: around(30e9) },
    { asked: { kernel: 'write' }, figures: around(15e9) },
  ]);
  const { sentence } = verdict({ topology: twoSockets(), results, environment: {} }, 'What?', null);
  assert.match(
    sentence,
    /Memory latency: 90 ns\. Memory bandwidth: read gives the most, 30 GB\/s; write gives 0\.5 × as much/,
  );
  assert.doesNotMatch(sentence, /more figure/);
});
