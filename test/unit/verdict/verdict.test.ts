import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { conditions, runConditions } from '../../../src/model/verdict/conditions.ts';
import type { Result, Run } from '../../../src/model/run/run.ts';
import { verdict } from '../../../src/model/verdict/verdict.ts';
import { emulated, runOf, spscCase, twoSockets } from '../topologies.ts';
import type { RunOfTests } from '../topologies.ts';

const around = (figure: number): number[] => [1, 1.01, 0.99, 1.005, 0.995, 1, 1].map((factor) => figure * factor);
const UNPINNED = [spscCase(0, 1), spscCase(0, 1, { pin: false })];

function say(run: RunOfTests): string {
  return runOf(run).verdict?.sentence ?? '';
}

test('a loss across sockets is a no, with what is left of the rate', () => {
  const { verdict: answer } = runOf({ figures: [around(42), around(100)] });
  assert.equal(answer?.sentence, 'No. Across sockets it keeps 42 % of its rate.');
  assert.equal(answer.question, 'Does the queue hold its rate across sockets?');
  assert.equal(answer.tone, 'loss');
});

test('a gain is a yes', () => {
  const run = runOf({ figures: [around(125), around(100)], cases: [spscCase(0, 8), spscCase(0, 1)] });
  assert.equal(run.verdict?.sentence, 'Yes. Between SMT siblings it is 25 % faster.');
  assert.equal(run.verdict.tone, 'gain');
});

test('pinning that pays, and pinning that does not, whichever side was unpinned', () => {
  assert.equal(say({ figures: [around(120), around(100)], cases: UNPINNED }), 'Yes. Pinned it is 20 % faster.');
  assert.equal(say({ figures: [around(80), around(100)], cases: UNPINNED }), 'No. Pinned it keeps 80 % of its rate.');
  const turned = [...UNPINNED].reverse();
  assert.equal(
    say({ figures: [around(80), around(100)], cases: turned }),
    'Yes. Not pinned it keeps 80 % of its rate.',
  );
  assert.equal(say({ figures: [around(120), around(100)], cases: turned }), 'No. Not pinned it is 20 % faster.');
});

test('the same pair changed in one thing answers whether that changes it', () => {
  const cases = [spscCase(0, 1, { padding: 0 }), spscCase(0, 1)];
  assert.equal(say({ figures: [around(50), around(100)], cases }), 'Yes. It keeps 50 % of its rate.');
});

test('where the interval spans zero nothing is shown', () => {
  const wide = runOf({
    figures: [
      [49.2, 47, 51.1, 48.8, 46.1, 50.2, 49.6],
      [40.2, 52.3, 31.8, 47.4, 50.8, 36, 49.1],
    ],
    cases: UNPINNED,
  });
  assert.match(
    wide.verdict?.sentence ?? '',
    /^No difference could be shown: the change lies between −[\d.]+ % and \+[\d.]+ %\. The repetitions \((?:not )?pinned\) spread over \d+ % of their median; take more rounds\.$/,
  );
  assert.equal(wide.verdict?.tone, 'even');
  const tight = say({ figures: [around(100), [...around(100)].reverse()] });
  assert.equal(tight, 'No measurable difference: the change stays within 2 % either way.');
});

test('equality is claimed only where the whole interval carries it', () => {
  const base = [100, 100, 100, 100, 100, 100, 100];
  assert.match(say({ figures: [base.map((n) => n * 0.99), base] }), /^Yes\. The two differ by less than 2 %\.$/);
  const skewed = [98.5, 98.5, 98.5, 98.5, 90, 91, 92];
  assert.doesNotMatch(say({ figures: [skewed, base] }), /less than 2 %/);
});

test('a noisy figure gets no verdict, but says in which range the change lies', () => {
  const noisy = runOf({ figures: [[20, 50, 30, 60, 25, 55, 40], around(100)] });
  assert.match(
    noisy.verdict?.sentence ?? '',
    /^Too noisy for a verdict: the change lies between −[\d.]+ % and −[\d.]+ %\. The repetitions \(P#0 → P#4\) spread over \d+ % of their median; take more rounds\.$/,
  );
  assert.equal(noisy.verdict?.tone, 'neutral');
});

test('an invalid run says what slipped and nothing else', () => {
  const more = { valid: false, why: 'the consumer left cpu 4.' };
  assert.equal(say({ figures: [around(42), around(100)], more }), 'No answer: the consumer left cpu 4.');
});

test('one figure is a figure; too few rounds are no answer', () => {
  assert.equal(say({ figures: [around(42)], cases: [spscCase(0, 4)] }), '42 M items/s.');
  assert.match(say({ figures: [[42], [100]] }), /^Too few rounds/);
  assert.match(say({ figures: [[42]], cases: [spscCase(0, 4)] }), /^42 M items\/s, measured once\.$/);
});

test('a latency takes so many times as long', () => {
  const run = runOf({ figures: [around(230), around(100)] });
  const results = run.results.map((result): Result => ({ ...result, benchmark: 'spsc-latency', metric: 'ns' }));
  const answer = verdict({ ...run, results }, 'Does the round trip stay short across sockets?', run.comparison);
  assert.equal(answer.sentence, 'No. Across sockets it takes 2.3 × as long.');
  assert.equal(answer.tone, 'loss');
});

test('on an emulated host every sentence carries that word', () => {
  const figure = fc.double({ min: 1, max: 1000, noNaN: true });
  const figures = fc.array(fc.array(figure, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(figures, fc.boolean(), (lists, valid) => {
      const cases = [spscCase(0, 4), spscCase(0, 1)].slice(0, lists.length);
      const sentence = say({ topology: emulated(twoSockets()), figures: lists, cases, more: { valid } });
      assert.match(sentence, /emulated/);
      assert.match(sentence, /^[A-Z0-9].*\.$/);
    }),
    { numRuns: 60 },
  );
});

const lines = ({ results: [first], environment }: Run): string[] =>
  first ? conditions(first, environment).map(({ kind, text }) => `${kind} ${text}`) : [];

test('what held is named, with the CPUs and the pages', () => {
  assert.deepEqual(lines(runOf({ figures: [around(42), around(100)], environment: { governor: 'performance' } })), [
    'ok Threads seen on cpu 0 and cpu 4 only',
    'ok Ring on node 0, 16 of 16 pages, 4 KB each',
    'ok Governor performance',
  ]);
});

test('what did not hold is a warning', () => {
  const seen = { cpus: { producer: '0-1', consumer: '4' }, nodes: { '0': 12, '1': 4 }, pageBytes: 4096, migrations: 3 };
  const counters = { cycles: { unavailable: 'no PMU' }, instructions: { unavailable: 'no PMU' } };
  const run = runOf({
    figures: [[20, 50, 30]],
    cases: [spscCase(0, 4, { pages: '2m' })],
    environment: { governor: 'powersave', numaBalancing: 2, loadBefore: 3.5 },
    more: { seen, counters, valid: false, why: 'the producer moved' },
  });
  assert.deepEqual(lines(run), [
    'warn Not valid: the producer moved',
    'warn Threads seen on P#0–1, 4',
    'warn Threads moved 9 times',
    'ok Ring on node 0, 12 of 16 pages, 4 KB each',
    'warn Ring on node 1, 4 of 16 pages, 4 KB each: asked for node 0',
    'warn Asked for 2m pages, got 4 KB',
    'warn Spread 100 % of the median; take more rounds',
    'warn cycles, instructions: unavailable, no PMU',
    'warn numa_balancing was on: remote access can look local',
    'warn Governor powersave: the clock may have moved',
    'warn Load before the run was 3.5: other work was running',
  ]);
  const once = lines(runOf({ figures: [[20]], cases: [spscCase(0, 4)] }));
  assert.ok(once.includes('warn Too few rounds for an interval; take at least 3'), once.join());
  assert.doesNotMatch(once.join(), /Spread/);
});

test('of several cases: what is alike once, what differs by case, and of many what they have in common', () => {
  const labels = (cases: readonly unknown[]): string[] => cases.map((_, at) => `case ${String(at)}`);
  const told = (run: Run): string[] => runConditions(run, labels).map(({ kind, text }) => `${kind} ${text}`);
  const environment = { governor: 'performance' };
  const cases = (consumers: readonly number[]): Run => {
    const run = runOf({
      figures: consumers.map(() => around(42)),
      cases: consumers.map((to) => spscCase(0, to)),
      environment,
    });
    const seenOn = (to: number): Record<string, string> => ({ producer: '0', consumer: String(to) });
    const results = run.results.map((one, at) => ({ ...one, seen: { ...one.seen, cpus: seenOn(consumers[at] ?? 0) } }));
    return { ...run, results };
  };
  assert.deepEqual(told(cases([4, 1])), [
    'ok case 0: Threads seen on cpu 0 and cpu 4 only',
    'ok case 1: Threads seen on cpu 0 and cpu 1 only',
    'ok Ring on node 0, 16 of 16 pages, 4 KB each',
    'ok Governor performance',
  ]);
  const many = cases([1, 2, 3, 4, 5, 6]);
  const [first, second, ...others] = many.results;
  assert.ok(first && second);
  const slipped = { ...many, results: [first, { ...second, valid: false, why: 'the producer moved' }, ...others] };
  assert.deepEqual(told(slipped), [
    'ok Threads seen only on the CPUs that were asked for: in 5 of 6 cases, first case 0',
    'ok Ring on node 0, 16 of 16 pages, 4 KB each',
    'ok Governor performance',
    'warn case 1: Not valid: the producer moved',
    'warn case 1: Threads seen on cpu 0 and cpu 2',
  ]);
});
