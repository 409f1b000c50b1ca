import assert from 'node:assert/strict';
import test from 'node:test';
import { between } from '../../../src/model/gate/between.ts';
import { check } from '../../../src/model/gate/check.ts';
import type { GateOutcome, Limits } from '../../../src/model/gate/check.ts';
import { betweenText, checkText } from '../../../src/model/gate/text.ts';
import { betterOf } from '../../../src/model/run/better.ts';
import type { Result, Run } from '../../../src/model/run/run.ts';
import { emulated, oneNode, runOf, spscCase, twoSockets } from '../topologies.ts';
import type { RunOfTests } from '../topologies.ts';

const around = (figure: number): number[] => [1, 1.01, 0.99, 1.005, 0.995, 1, 1].map((factor) => figure * factor);
const wild = (figure: number): number[] => [1, 1.8, 0.4, 1.5, 0.6, 1, 1.2].map((factor) => figure * factor);
/** Across sockets, and within one. */
const run = (far: number[], near: number[], more: Partial<RunOfTests> = {}): Run =>
  runOf({ figures: [far, near], ...more });

const outcomes = (run: Run, limits: Partial<Limits>): GateOutcome['outcome'][] =>
  check(run, { maxPenalty: null, regression: null, ...limits }).findings.map(({ outcome }) => outcome);

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
  const [finding] = check(times as Run, { maxPenalty: 1.5, regression: null }).findings;
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
});

test('a baseline with no case in common guards nothing and breaks, but for a runner that has one node', () => {
  const before = run(around(50), around(100));
  const limits = { regression: { baseline: before, max: 0.1 } };
  const other = run(around(50), around(100), { cases: [spscCase(0, 5), spscCase(0, 2)] });
  assert.deepEqual(outcomes(other, limits), ['broke']);
  assert.match(checkText(check(other, { maxPenalty: null, ...limits })), /1 broke\n.*no case in common/);
  const small = run(around(50), around(100), { topology: oneNode(), cases: [spscCase(0, 1, { pin: false })] });
  const [finding] = check(small, { maxPenalty: null, ...limits }).findings;
  assert.equal(finding?.outcome, 'skipped');
  assert.match(finding.why ?? '', /one NUMA node with CPUs, that of the baseline 2/);
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

/** A program that printed one metric. */
function printed(metric: string, figure: number): Run {
  const own = run(around(figure), around(figure));
  const placement = { kind: 'program' as const, command: ['./search'], pins: [] };
  const of = (result: Result): Result => ({ ...result, benchmark: 'run', metric, placement });
  return { ...own, comparison: null, results: own.results.slice(0, 1).map(of) };
}

test('what is worse follows from the unit that a program prints, and is not guessed without one', () => {
  for (const metric of ['ns', 's', 'p99 ms', 'wait_us', 'latency (µs)']) assert.equal(betterOf(metric), 'less', metric);
  for (const metric of ['items/s', 'B/s', 'queries/s', 'queries per second', 'rows/min'])
    assert.equal(betterOf(metric), 'more', metric);
  for (const metric of ['recall', 'items', 'misses', 'QPS']) assert.equal(betterOf(metric), null, metric);
  const gate = (metric: string): GateOutcome | undefined =>
    check(printed(metric, 80), { maxPenalty: null, regression: { baseline: printed(metric, 50), max: 0.1 } })
      .findings[0];
  assert.equal(gate('p99 ms')?.outcome, 'broke');
  assert.equal(gate('queries/s')?.outcome, 'held');
  assert.equal(gate('recall')?.outcome, 'skipped');
  assert.match(gate('recall')?.why ?? '', /recall is neither a time nor a rate/);
  assert.match(gate('p99 ms')?.name ?? '', /search, p99 ms/);
  assert.equal(between(printed('recall', 50), printed('recall', 80)).cases[0]?.verdict, 'different');
});

test('a case that was measured before and not now is named, and a run that was cut short says so', () => {
  const before = run(around(50), around(100));
  const cut = { ...run([], around(100)), partial: 'The connection was lost.' };
  const checked = check(cut, { maxPenalty: null, regression: { baseline: before, max: 0.1 } });
  assert.deepEqual(
    checked.findings.map(({ outcome }) => outcome),
    ['held', 'skipped'],
  );
  assert.match(checked.findings[1]?.why ?? '', /the baseline has it/);
  const said = checkText(checked);
  assert.match(said, /cut short: The connection was lost\./);
  assert.match(said, /whole: yes, then cut short/);
});

test('a baseline that slipped, that is emulated or was measured by another agent says so', () => {
  const good = run(around(50), around(100), { environment: { agentSha256: 'a'.repeat(64) } });
  const slipped = { ...good, results: good.results.map((one) => ({ ...one, valid: false, why: 'seen on cpu 7' })) };
  const [finding] = check(good, { maxPenalty: null, regression: { baseline: slipped, max: 0.1 } }).findings;
  assert.equal(finding?.outcome, 'broke');
  assert.equal(finding.why, 'not valid before: seen on cpu 7');
  const played = run(around(50), around(100), { topology: emulated(twoSockets()) });
  assert.deepEqual(outcomes(good, { regression: { baseline: played, max: 0.1 } }), ['skipped']);
  const other = { ...good, environment: { agentSha256: 'b'.repeat(64) } };
  assert.deepEqual(between(good, other).differences, ['agent: aaaaaaaaaaaa, then bbbbbbbbbbbb']);
});

test('what cannot be told is not called held', () => {
  const said = checkText(check(run(wild(50), around(100)), { maxPenalty: 2, regression: null }));
  assert.match(said, /: nothing broke, but not everything could be shown\n/);
});

test('the terminal gets no character of a file that it would obey', () => {
  const own = run(around(50), around(100));
  const escape = '\u001b[31m\u202e\u0007';
  const hostile = {
    ...own,
    host: { ...own.host, name: escape },
    partial: escape,
    environment: { [escape]: escape },
    results: own.results.map((one) => ({ ...one, valid: false, why: escape })),
  };
  const texts = [
    checkText(check(hostile, { maxPenalty: 2, regression: { baseline: own, max: 0.1 } })),
    betweenText(between(own, hostile)),
  ];
  for (const text of texts) assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
});
