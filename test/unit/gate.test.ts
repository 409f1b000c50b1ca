import assert from 'node:assert/strict';
import test from 'node:test';
import { between } from '../../src/model/gate/between.ts';
import { check } from '../../src/model/gate/check.ts';
import type { Finding, Limits } from '../../src/model/gate/check.ts';
import { betweenText, checkText } from '../../src/model/gate/text.ts';
import type { Snapshot } from '../../src/model/run.ts';
import { emulated, oneNode, runOf, spscCase, twoSockets } from './topologies.ts';
import type { RunOfTests } from './topologies.ts';

const around = (figure: number): number[] => [1, 1.01, 0.99, 1.005, 0.995, 1, 1].map((factor) => figure * factor);
const wild = (figure: number): number[] => [1, 1.8, 0.4, 1.5, 0.6, 1, 1.2].map((factor) => figure * factor);
/** Across sockets, and within one. */
const run = (far: number[], near: number[], more: Partial<RunOfTests> = {}): Snapshot =>
  runOf({ figures: [far, near], ...more });

const outcomes = (snapshot: Snapshot, limits: Partial<Limits>): Finding['outcome'][] =>
  check(snapshot, { maxPenalty: null, regression: null, ...limits }).findings.map(({ outcome }) => outcome);

test('a penalty beyond the limit breaks, one within it holds, one whose interval holds the limit is not shown', () => {
  const half = run(around(50), around(100));
  assert.deepEqual(outcomes(half, { maxPenalty: 1.5 }), ['broke']);
  assert.deepEqual(outcomes(half, { maxPenalty: 2.5 }), ['held']);
  assert.deepEqual(outcomes(run(wild(50), around(100)), { maxPenalty: 2 }), ['not shown']);
  const { ok, findings } = check(half, { maxPenalty: 1.5, regression: null });
  assert.equal(ok, false);
  assert.ok(Math.abs((findings[0]?.value ?? 0) - 2) < 0.05);
  const said = checkText(check(half, { maxPenalty: 1.5, regression: null }));
  assert.match(said, /paper, run \S+: 1 broke\n {2}broke: penalty, P#0 → P#4.* against P#0 → P#1.*: 2 ×, 95 % /);
});

test('of a latency the factor is that of the times', () => {
  const latency = (figure: number): number[] => around(figure / 1e6);
  const { results, ...rest } = run(latency(200), latency(100));
  const times = { ...rest, results: results.map((result) => ({ ...result, benchmark: 'spsc-latency', metric: 'ns' })) };
  const [finding] = check(times as Snapshot, { maxPenalty: 1.5, regression: null }).findings;
  assert.equal(finding?.outcome, 'broke');
  assert.ok(Math.abs((finding.value ?? 0) - 2) < 0.05);
});

test('what is held against each other differs in nothing but where it is', () => {
  const cases = [spscCase(0, 4), spscCase(0, 1, { padding: 0 }), spscCase(0, 1, { pin: false })];
  const other = run(around(50), around(100), { cases, figures: [around(50), around(100), around(100)] });
  assert.deepEqual(outcomes(other, { maxPenalty: 1.5 }), ['skipped']);
});

test('where there is no crossing, or software plays the CPU, a gate says so and lets pass', () => {
  const alone = run(around(50), around(100), { topology: oneNode(), cases: [spscCase(0, 1), spscCase(0, 2)] });
  const [finding] = check(alone, { maxPenalty: 1.5, regression: null }).findings;
  assert.match(finding?.why ?? '', /one NUMA node/);
  const played = run(around(50), around(100), { topology: emulated(twoSockets()) });
  assert.deepEqual(outcomes(played, { maxPenalty: 1.5 }), ['skipped']);
  assert.equal(check(played, { maxPenalty: 1.5, regression: null }).ok, true);
});

test('a placement that slipped breaks the gate: it was measured elsewhere than it says', () => {
  const { results, ...rest } = run(around(90), around(100));
  const slipped = { ...rest, results: results.map((one) => ({ ...one, valid: false, why: 'seen on cpu 7' })) };
  assert.deepEqual(outcomes(slipped, { maxPenalty: 1.5 }), ['broke']);
  assert.match(checkText(check(slipped, { maxPenalty: 1.5, regression: null })), /seen on cpu 7/);
});

test('a regression is a rate that fell or a time that grew, by more than the limit', () => {
  const before = run(around(50), around(100));
  const worse = run(around(40), around(99));
  const limits = (max: number): Partial<Limits> => ({ regression: { baseline: before, max } });
  assert.deepEqual(outcomes(worse, limits(0.1)), ['broke', 'held']);
  assert.deepEqual(outcomes(worse, limits(0.3)), ['held', 'held']);
  assert.deepEqual(outcomes(run(around(60), around(120)), limits(0.1)), ['held', 'held']);
  const other = run(around(50), around(100), { cases: [spscCase(0, 5), spscCase(0, 2)] });
  assert.deepEqual(outcomes(other, limits(0.1)), ['skipped']);
});

test('two runs are held against each other case by case, whatever their order', () => {
  const before = run(around(50), around(100));
  const turned = run(around(101), around(40), { cases: [spscCase(0, 1), spscCase(0, 4)] });
  const found = between(before, turned);
  assert.deepEqual(
    found.cases.map(({ verdict, change }) => [verdict, Math.round(change * 100)]),
    [
      ['not shown', 1],
      ['worse', -20],
    ],
  );
  assert.deepEqual(found.differences, []);
  const itself = between(before, before);
  assert.ok(itself.cases.every(({ verdict, change }) => verdict === 'not shown' && change === 0));
});

test('what is only in one run, and what else was another, is listed', () => {
  const before = run(around(50), around(100), { environment: { governor: 'performance', loadBefore: 0.1 } });
  const after = run(around(50), around(100), {
    cases: [spscCase(0, 4), spscCase(0, 2)],
    environment: { governor: 'powersave', loadBefore: 3 },
  });
  const found = between(before, after);
  assert.equal(found.onlyBefore.length, 1);
  assert.equal(found.onlyAfter.length, 1);
  assert.deepEqual(found.differences, ['governor: performance, then powersave']);
  const said = betweenText(found);
  assert.match(said, /Only before:\n.*P#0 → P#1/);
  assert.match(said, /no difference could be shown/);
});
