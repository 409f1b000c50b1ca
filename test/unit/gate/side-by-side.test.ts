import assert from 'node:assert/strict';
import test from 'node:test';
import { casesBetween } from '../../../src/model/gate/between.ts';
import { answerAcross, casesSentence, headlineOf, sideBySide } from '../../../src/model/gate/side-by-side.ts';
import { compareAcross, weightOf } from '../../../src/model/run/compare.ts';
import type { Result, Run } from '../../../src/model/run/run.ts';
import { isSameMachine } from '../../../src/model/topology/same-machine.ts';
import { guidedRun } from '../bench/guide/guided.ts';
import { oneNode, runOf, spscCase, twoSockets } from '../topologies.ts';

const around = (figure: number): number[] => [1, 1.01, 0.99, 1.005, 0.995, 1, 1].map((factor) => figure * factor);
const wild = (figure: number): number[] => [1, 1.8, 0.4, 1.5, 0.6, 1, 1.2].map((factor) => figure * factor);
/** A run of one case. */
const alone = (figures: number[], one = spscCase(0, 4), more: Partial<Run> = {}): Run => ({
  ...runOf({ cases: [one], figures: [figures] }),
  ...more,
});

test('the settings that differ come by name, and nothing that is the same', () => {
  const a = alone(around(100), spscCase(0, 4), { environment: { governor: 'performance', loadBefore: 1 } });
  const b = alone(around(50), spscCase(0, 1, { padding: 64, pin: false }), {
    environment: { governor: 'powersave', loadBefore: 2 },
    partial: 'stopped',
  });
  const { settings, conditions, runs } = sideBySide([a, b]);
  assert.deepEqual(
    settings.map(({ name, values }) => [name, ...values]),
    [
      ['Consumer', '4', '1'],
      ['Pin', 'yes', 'no'],
      ['Padding', '128', '64'],
    ],
  );
  assert.deepEqual(
    conditions.map(({ name, values }) => [name, ...values]),
    [
      ['whole', 'yes', 'cut short'],
      ['governor', 'performance', 'powersave'],
    ],
  );
  assert.equal(runs[0]?.factor, null);
});

test('a factor is told where the figures carry one, else its bounds alone', () => {
  const base = alone(around(100));
  const of = (figures: number[], change: Partial<Result> = {}) => {
    const run = alone(figures);
    const changed = { ...run, results: run.results.map((one) => ({ ...one, ...change })) };
    const { factor } = sideBySide([base, changed]).runs[1] ?? {};
    assert.ok(factor);
    return factor;
  };
  const half = of(around(50));
  assert.ok('weight' in half);
  assert.equal(half.weight, 'shown');
  assert.equal(half.words, '0.5 \u00d7');
  assert.match(half.bounds ?? '', /^0\.(?:49\d*|5) to 0\.5/);
  for (const [found, weight, words] of [
    [of(around(100)), 'no-difference', 'not shown'],
    [of(wild(300), { noisy: true }), 'noisy', 'too noisy'],
  ] as const) {
    assert.ok('weight' in found);
    assert.deepEqual([found.weight, found.words], [weight, words]);
    assert.ok(found.bounds);
  }
  const slipped = of(around(50), { valid: false, why: 'seen on cpu 7' });
  assert.deepEqual(slipped, { weight: 'invalid', words: 'not valid', bounds: null });
  assert.match(JSON.stringify(of([1, 2])), /at least three/);
  assert.match(JSON.stringify(of(around(1), { benchmark: 'spsc-latency', metric: 'ns' })), /different things/);
  assert.match(JSON.stringify(of([], { median: null })), /no figure/);
});

test('two results of two runs are held against each other as the two of one run are', () => {
  const [one, two] = [alone(around(50)), alone(around(100))].map(({ results }) => results[0] ?? null);
  const held = compareAcross(one ?? null, two ?? null);
  assert.ok(!('why' in held));
  assert.equal(weightOf(held), 'shown');
  assert.ok(Math.abs((held.comparison?.change ?? 0) + 0.5) < 0.02);
});

test('the answer names no cause, and claims what the figures carry', () => {
  const { topology, environment } = alone([1]);
  const answer = (of: number[], against: number[], change: Partial<Result> = {}) => {
    const [one, two] = [of, against].map((figures) => ({ ...alone(figures).results[0], ...change }) as Result);
    const held = compareAcross(one ?? null, two ?? null);
    assert.ok(!('why' in held));
    return answerAcross({ topology, environment, ...held });
  };
  const half = answer(around(50), around(100));
  assert.deepEqual([half.sentence, half.tone], ['A gives 50 % less than B.', 'loss']);
  const time = answer(around(5e-5), around(1e-4), { benchmark: 'spsc-latency', metric: 'ns' });
  assert.deepEqual([time.sentence, time.tone], ['A takes 50 % less time than B.', 'gain']);
  const recall = answer(around(50), around(100), { metric: 'recall', emulated: true });
  assert.deepEqual([recall.sentence, recall.tone], ['A has 50 % less than B, on an emulated host.', 'neutral']);
  assert.match(answer(wild(100), around(100)).sentence, /^No difference could be shown/);
  assert.match(answer(around(50), around(100), { valid: false, why: 'seen on cpu 7' }).sentence, /^No answer: seen/);
});

test('of many cases none stands for the run; those that two runs share are told one by one', () => {
  const cases = [spscCase(0, 1), spscCase(0, 2), spscCase(0, 4)];
  const many = (factor: number): Run => ({
    ...runOf({ cases, figures: cases.map((_, at) => around((100 + at) * factor)) }),
    comparison: null,
  });
  assert.equal(headlineOf(many(1)), null);
  const { runs, settings } = sideBySide([many(1), many(2)]);
  assert.match(JSON.stringify(runs[1]?.factor), /no figure/);
  assert.deepEqual(settings, []);
  assert.deepEqual(
    casesBetween(many(1), many(2)).cases.map(({ verdict }) => verdict),
    ['better', 'better', 'better'],
  );
  assert.equal(casesSentence(casesBetween(many(1), many(2))), 'A against B, of 3 cases of both: 3 better.');
  assert.match(casesSentence(casesBetween(many(1), many(1))), /^No difference could be shown in any of 3 cases/);
  const noisy = { results: many(2).results.map((one) => ({ ...one, noisy: true })) };
  assert.match(casesSentence(casesBetween(many(1), noisy)), /^No difference could be shown/);
  assert.match(casesSentence(casesBetween(many(1), { results: [] })), /no case in common/);
  const guided = guidedRun(twoSockets(), { figure: ({ latency }) => (latency ? 300 : 5e7) });
  assert.equal(headlineOf({ ...guided, comparison: null }), null);
});

test('a machine is the same where every CPU and node lies as it did; a CPU that is offline says nothing', () => {
  const here = twoSockets();
  assert.ok(isSameMachine(here, twoSockets()));
  assert.ok(!isSameMachine(here, oneNode()));
  const offline = { ...here, nodes: here.nodes.map((node, at) => (at === 0 ? { ...node, cpus: '0' } : node)) };
  assert.ok(isSameMachine(here, offline) && isSameMachine(offline, here));
  const [first, second] = here.nodes;
  assert.ok(first && second);
  const swapped = {
    ...here,
    nodes: [
      { ...first, cpus: second.cpus },
      { ...second, cpus: first.cpus },
    ],
  };
  assert.ok(!isSameMachine(here, swapped));
});
