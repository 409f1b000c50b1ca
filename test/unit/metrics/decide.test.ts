// A service's reports as stretches of time joined with its placement, and the signs and the sentence that follow from them.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { decideService } from '../../../src/model/metrics/decide.ts';
import { serviceLines } from '../../../src/model/metrics/lines.ts';
import { placedInSample, placedOf } from '../../../src/model/metrics/placed.ts';
import { ServiceRecorder } from '../../../src/model/metrics/record.ts';
import { readLines } from '../../../src/model/metrics/told.ts';
import type { Sample } from '../../../src/model/live/sample.ts';
import { pearson } from '../../../src/model/run/correlation.ts';
import { randomFrom } from '../../../src/model/run/statistics.ts';
import { serviceSampleSchema, serviceSchema } from '../../../src/protocol/service.ts';
import { oneNode, twoSockets } from '../topologies.ts';

const two = twoSockets();

type Lines = Readonly<Record<string, unknown>>;

/** Tells a line a second. */
function told(lines: readonly Lines[], fromZero = true, place = true): ServiceRecorder {
  const recorder = new ServiceRecorder('-', fromZero);
  recorder.begin(1000);
  for (const [at, line] of lines.entries()) {
    const ms = 2000 + at * 1000;
    // Three quarters of the work on node 0, all pages on node 1.
    const work = [
      { cpu: 0, seconds: 0.75 },
      { cpu: 4, seconds: 0.25 },
    ];
    if (place) recorder.place(placedOf(two, [ms - 1000, ms], work, { 1: 4096 }));
    recorder.take(readLines(`${JSON.stringify(line)}\n`), ms, null);
  }
  return recorder;
}

/** Totals after so many seconds. */
const totals = (a: { polls: number; operations: number; stolen: number; slow: number }, seconds = 12): Lines[] =>
  Array.from({ length: seconds }, (_, at) => ({
    total_polls_count: a.polls * (at + 1),
    total_steal_operations: a.operations * (at + 1),
    total_steal_count: a.stolen * (at + 1),
    total_poll_duration_seconds: at + 1,
    total_slow_poll_duration_seconds: (a.slow / 100) * (at + 1),
  }));

const rowsOf = (recorder: ServiceRecorder, topology = two): Record<string, string> =>
  Object.fromEntries(
    decideService(recorder.record, topology).rows.map(({ sign, value, says, why }) => [
      sign,
      value === null ? `unavailable: ${why ?? ''}` : `${value.toFixed(3)} ${says ?? ''}`,
    ]),
  );

void test('counters grow from report to report, begin anew after a restart, and are joined with where the work was', () => {
  const recorder = told([{ total_polls_count: 10 }, { total_polls_count: 30 }, { total_polls_count: 5 }]);
  const { windows, resets, reports } = recorder.record;
  assert.deepEqual(
    windows.map(({ from, to, counts, farSeconds, busy }) => [from, to, counts.polls, farSeconds, busy['0'], busy['1']]),
    [
      [0, 1, 10, 0.75, 0.75, 0.25],
      [1, 2, 20, 0.75, 0.75, 0.25],
      [2, 3, 5, 0.75, 0.75, 0.25],
    ],
  );
  assert.deepEqual([resets, reports], [1, 3]);
  const older = told([{ total_polls_count: 10_000 }, { total_polls_count: 10_030 }], false);
  assert.deepEqual(
    older.record.windows.map(({ counts }) => counts.polls),
    [30],
  );
  const interval = told(
    [
      { total_polls_count: 7, elapsed: 1 },
      { total_polls_count: 7, elapsed: 1 },
    ],
    false,
  );
  assert.deepEqual(
    interval.record.windows.map(({ counts }) => counts.polls),
    [7, 7],
  );
  assert.deepEqual(v.parse(serviceSchema, JSON.parse(JSON.stringify(recorder.record))), recorder.record);
});

void test('workers add up where the whole is not told, and never twice', () => {
  const workers = (a: number, b: number): Lines => ({ workers: [{ total_polls_count: a }, { total_polls_count: b }] });
  const sum = told([workers(1, 2), workers(4, 6)]).record;
  assert.deepEqual(
    sum.windows.map(({ counts }) => counts.polls),
    [3, 7],
  );
  assert.deepEqual(
    sum.workers.map(({ worker, counts }) => [worker, counts.polls]),
    [
      ['0', 4],
      ['1', 6],
    ],
  );
  const both = told([{ ...workers(1, 2), total_polls_count: 3, tokio_total_polls_count: 3 }]).record;
  assert.deepEqual(
    both.windows.map(({ counts }) => counts.polls),
    [3],
  );
});

void test('days of reports are as much as minutes of them, and nothing is lost', () => {
  const recorder = told(totals({ polls: 10, operations: 1, stolen: 1, slow: 1 }, 5000));
  const { windows } = recorder.record;
  assert.ok(windows.length <= 301, String(windows.length));
  assert.equal(
    windows.reduce((sum, { counts }) => sum + (counts.polls ?? 0), 0),
    50_000,
  );
  assert.ok(Math.abs(windows.reduce((sum, { farSeconds }) => sum + (farSeconds ?? 0), 0) - 3750) < 1);
  const random = new ServiceRecorder('-', true);
  for (let at = 0; at < 3000; at++)
    random.take(readLines(`{"worker": "w${String(at)}", "total_polls_count": 1}`), at * 1000, null);
  assert.ok(random.record.workers.length <= 1024);
});

void test('a report says when it was: lines that a buffer held back are told apart', () => {
  const recorder = new ServiceRecorder('x', false);
  recorder.begin(50_000);
  const lines = [0, 1, 2, 3].map((at) => `{"time": ${String(1700 + at)}, "total_polls_count": ${String(at * 10)}}`);
  recorder.take(readLines(lines.join('\n')), 60_000, 1_703_000);
  assert.deepEqual(
    recorder.record.windows.map(({ from, to, counts }) => [to - from, counts.polls]),
    [
      [1, 10],
      [1, 10],
      [1, 10],
    ],
  );
});

void test('signs beyond the thresholds, and pages across, speak for separating; the sentence leaves the proof to a measurement', () => {
  const loud = told(totals({ polls: 1000, operations: 200, stolen: 40, slow: 50 }));
  assert.deepEqual(rowsOf(loud), {
    stealRate: '0.200 separate',
    slowPollRatio: '0.500 separate',
    crossNodeShare: '0.750 separate',
    stealEfficiency: '0.200 investigate',
    correlation: 'unavailable: one of both is the same for all of the time',
    imbalance: '0.667 investigate',
    degradation: 'unavailable: the load of a service is not set from here',
  });
  const { verdict, sentence, rows } = decideService(loud.record, two);
  assert.equal(verdict, 'separate');
  assert.equal(
    sentence,
    'Signs speak for separating by node: steal operations ÷ polls 20 %, time in slow polls ÷ in polls 50 % and memory on another node than the work 75 %; whether it pays, only a run under both placements shows.',
  );
  const looser = { 'steal-rate-low': 0.2, 'steal-rate-high': 0.3, 'slow-polls-low': 0.6, 'slow-polls-high': 0.7 };
  const set = decideService(loud.record, two, looser);
  assert.deepEqual(
    [set.verdict, set.rows[0]?.says, set.rows[0]?.thresholds],
    ['investigate', 'investigate', [0.2, 0.3]],
  );
  assert.match(
    serviceLines(loud.record, two, looser).join('\n'),
    /Steal operations ÷ polls +20 %.* 20 % \/ 30 % +investigate/,
  );
  assert.deepEqual(
    decideService(loud.record, two, { steals: 1 }),
    decideService(loud.record, two),
    'of another version',
  );
  const window = loud.record.windows.at(-1) ?? null;
  assert.ok(v.is(serviceSampleSchema, { window, decision: { rows, verdict, sentence } }));
  const quiet = told(totals({ polls: 1000, operations: 10, stolen: 9, slow: 1 }), true, false);
  const unseen = decideService(quiet.record, two);
  assert.equal(unseen.verdict, 'not-shown');
  assert.match(unseen.sentence, /unavailable: memory on another node than the work \(no process of it was followed/);
  // Of 3 seconds, 1 lies between: an interval that reaches over a threshold is to be looked into.
  const wide = told(
    [1, 2, 3, 4, 5].map((at) => ({ total_polls_count: 100 * at, total_steal_operations: at > 3 ? 30 : 3 })),
  );
  assert.match(rowsOf(wide)['stealRate'] ?? '', /investigate/);
});

void test('one node has nothing to separate, whatever the signs', () => {
  const { verdict, sentence } = decideService(
    told(totals({ polls: 1000, operations: 500, stolen: 1, slow: 90 })).record,
    oneNode(),
  );
  assert.deepEqual([verdict, sentence], ['skip', 'This host has one node: there is nothing to separate by node.']);
});

void test('what a service does not tell is unavailable with the reason, and so is what cannot be true', () => {
  const rows = (lines: readonly Lines[]): Record<string, string> => rowsOf(told(lines));
  assert.match(
    rows([{ total_polls_count: 1 }, { total_polls_count: 2 }])['stealRate'] ?? '',
    /does not tell total_steal_operations$/,
  );
  assert.match(rows([{ a: 1 }])['stealRate'] ?? '', /nothing came|no.* name that is known/);
  assert.match(
    rows([
      { total_slow_poll_duration_ns: 1, total_poll_duration: 9 },
      { total_slow_poll_duration_ns: 2, total_poll_duration: 99 },
    ])['slowPollRatio'] ?? '',
    /one says no unit/,
  );
  const still = { total_polls_count: 5, total_steal_operations: 1 };
  assert.match(rowsOf(told([still, still], false))['stealRate'] ?? '', /total_polls_count did not grow/);
  assert.match(rowsOf(told([still], false))['stealRate'] ?? '', /reported once/);
  const intervals = [5, 9, 3, 8, 2, 7, 1, 6].map((polls) => ({ total_polls_count: polls, total_steal_operations: 1 }));
  assert.match(rows(intervals)['stealRate'] ?? '', /fall again and again.*"elapsed"/);
  const go = [1, 2].map((at) => ({ '/cpu/classes/user:cpu-seconds': at, go_sched_latencies_seconds_count: at * 100 }));
  assert.equal(rows(go)['stealRate'], 'unavailable: Go’s runtime counts no steals');
  const refused = new ServiceRecorder('http://127.0.0.1:1/', false);
  refused.fail('Connection refused');
  assert.match(rowsOf(refused)['stealRate'] ?? '', /^unavailable: Connection refused$/);
  assert.match(serviceLines(refused.record, two).join('\n'), /No answer: Connection refused\./);
});

void test('a correlation is of workers where they are told apart; of what is independent it is seldom claimed', () => {
  const worker = (at: number, share: number): Lines => ({
    ...{ worker: at, total_polls_count: 100, total_steal_count: share, total_slow_poll_count: share / 2 },
  });
  const lines = serviceLines(told([{ workers: [1, 5, 9, 20].map((share, at) => worker(at, share)) }, {}]).record, two);
  assert.match(lines.join('\n'), /Correlation of stolen and slow, by worker +1 +0\.02 \/ 0\.05 +investigate/);
  const random = randomFrom(3);
  const outside = Array.from({ length: 200 }, () => {
    const [low, high] = pearson(Array.from({ length: 20 }, () => [random(), random()] as const))?.interval ?? [0, 0];
    return low > 0 || high < 0;
  }).filter(Boolean).length;
  assert.ok(outside <= 20, String(outside));
});

void test('of a sample the pages of the whole selection count, or what a plain shell tells of its processes', () => {
  const thread = { tid: 1, name: 'w', cpu: 0, migrations: null, busy: 0.5 };
  const process = { pid: 1, name: 'w', residentBytes: { 0: 4096, 1: 12_288 }, threads: [thread] };
  const sample = { processes: [process], intervalMs: 2000 } as unknown as Sample;
  assert.deepEqual(placedInSample(two, sample, 5000), { fromMs: 3000, toMs: 5000, busy: { 0: 1 }, farSeconds: 0.75 });
  const grouped = { ...sample, groups: [{ pages: { unavailable: 'not allowed' } }] } as unknown as Sample;
  assert.equal(placedInSample(two, grouped, 5000)?.farSeconds, null);
  assert.equal(placedInSample(two, { ...sample, processes: [] }, 5000), null);
});
