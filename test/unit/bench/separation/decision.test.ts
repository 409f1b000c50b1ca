// Two pools: the decision claims what the intervals carry.
import assert from 'node:assert/strict';
import test from 'node:test';
import { separationOn } from '../../../../src/model/bench/separation/on-machine.ts';
import { separationCases } from '../../../../src/model/bench/separation/cases.ts';
import { counterWords } from '../../../../src/model/bench/separation/counter-words.ts';
import { decide } from '../../../../src/model/bench/separation/decision.ts';
import { separationLimits } from '../../../../src/model/bench/separation/thresholds.ts';
import { MEASURES, nodeImbalance } from '../../../../src/model/bench/separation/measures.ts';
import type { Measure } from '../../../../src/model/bench/separation/measures.ts';
import { signWords } from '../../../../src/model/bench/separation/sign-words.ts';
import { separationLines } from '../../../../src/model/bench/separation/lines.ts';
import { PRESET_LAYOUTS, SCENARIOS } from '../../../../src/model/cases/separation.ts';
import type { PresetLayout, Scenario, SeparationCase } from '../../../../src/model/cases/separation.ts';
import type { Result } from '../../../../src/model/run/run.ts';
import { randomFrom } from '../../../../src/model/run/statistics.ts';
import { oneNode, twoSockets } from '../../topologies.ts';
import { measuredLayouts, measuredOf } from './measured.ts';
import { varied } from '../../../support/long.ts';

const two = twoSockets();
const asked = { layouts: PRESET_LAYOUTS, scenarios: SCENARIOS, sizeBytes: 1 << 20, thp: true };

test('both pools on one node are no question of nodes', () => {
  const { sentence } = decide(measuredLayouts(oneNode()));
  assert.equal(sentence, 'Both pools are on one node: there is nothing to separate by node.');
});

test('a gain that was shown says separate, a loss skip, both investigate', () => {
  const apart = (layout: string): boolean => layout === 'separated' || layout === 'huge-pages';
  const gain = decide(measuredLayouts(two, { rate: ({ layout }) => (apart(layout) ? 1200 : 1000) }));
  assert.equal(gain.verdict, 'separate');
  assert.match(
    gain.sentence,
    /^Separating pays: against mixed pools, requests \+20 % separated, at 100 % load \(.*\), .* and 5 more alike\.$/,
  );
  const loss = decide(measuredLayouts(two, { rate: ({ layout }) => (apart(layout) ? 800 : 1000) }));
  assert.equal(loss.verdict, 'skip');
  assert.match(loss.sentence, /^Separating costs: .*−20 % separated/);
  const both = decide(
    measuredLayouts(two, {
      rate: ({ layout, scenario }) => (apart(layout) ? (scenario === '200%' ? 1300 : 900) : 1000),
    }),
  );
  assert.equal(both.verdict, 'investigate');
  assert.match(both.sentence, /^It depends on the load and the layout: /);
});

/** Machines on which nothing makes a difference. */
const ALIKE = varied(60, 200);

test(`of ${String(ALIKE)} machines on which layouts make no difference at most 5 % are said to have one`, () => {
  const random = randomFrom(11);
  const results = measuredLayouts(two);
  let claims = 0;
  for (let run = 0; run < ALIKE; run++) {
    const drawn = results.map((one) =>
      one.benchmark === 'separation' ? { ...one, repetitions: one.repetitions.map(() => 1 + random() / 4) } : one,
    );
    if (!['not-shown', 'investigate'].includes(decide(drawn).verdict)) claims++;
  }
  assert.ok(claims <= ALIKE / 20, `${String(claims)} of ${String(ALIKE)}`);
});

test('signs are read off the mixed layout at 100 % load, each with its interval and thresholds', () => {
  const results = measuredLayouts(two, {
    p99: ({ scenario }) => (scenario === '200%' ? 5e5 : 1e5),
    worker: ({ layout }, cpu) =>
      layout === 'mixed'
        ? {
            node: cpu % 2,
            got: [200 + cpu],
            searches: 1000,
            slowPolls: 300 + cpu,
            local: 850,
            remote: 150,
            idleSeconds: cpu % 2 ? 0.1 : 0.4,
          }
        : {},
  });
  const { rows, verdict, sentence } = decide(results);
  assert.deepEqual(
    rows.map(({ sign, says }) => `${sign} ${String(says)}`),
    [
      ...['stealRate separate', 'slowPollRatio investigate', 'crossNodeShare investigate'],
      ...['stealEfficiency investigate', 'correlation investigate', 'imbalance investigate'],
      ...['crossNodePages null', 'crossNodeCost separate', 'degradation investigate', 'poolSteals skip'],
    ],
  );
  const [steal] = rows;
  assert.ok(steal?.value && steal.value > 0.2 && steal.value < 0.22 && steal.interval);
  assert.ok(Math.abs((rows.at(-2)?.value ?? 0) - 5) < 0.1);
  assert.equal(verdict, 'investigate');
  assert.match(
    sentence,
    /^No difference could be shown between mixed and separated pools; yet signs speak for looking further: jobs stolen and distances slower for reading across\.$/,
  );
  const quiet = decide(measuredLayouts(two));
  assert.equal(quiet.verdict, 'not-shown');
  assert.ok(quiet.rows.every(({ says, why }) => says === 'skip' || (says === null && why !== null)));
  const lines = separationLines(results)?.join('\n') ?? '';
  assert.match(
    lines,
    /Requests, k jobs\/s\n +60 % load +100 % load +200 % load +mostly walks +mostly distances\n {4}mixed +1 /,
  );
  assert.match(lines, /Jobs stolen +21 % +.*5 % \/ 15 % +separate/);
});

test('of mixed pools the half that is read across says nothing by itself: what it costs does, where that was measured', () => {
  /** Busy a batch; with pages on node 0 alone, and readers on both. */
  const rowsOf = (
    busy: number,
    layouts: readonly PresetLayout[] = PRESET_LAYOUTS,
    node = (cpu: number): number => cpu % 2,
  ) => {
    const { cases } = separationCases(two, { ...asked, layouts, scenarios: ['100%'] });
    const results = measuredOf(two, cases, {
      worker: ({ layout }, cpu) => (layout === 'mixed' ? { node: node(cpu), idleSeconds: 1 - busy } : {}),
    });
    return decide(results).rows.filter(({ sign }) => sign === 'crossNodePages' || sign === 'crossNodeCost');
  };
  for (const [busy, says] of [
    [0.51, 'skip'],
    [0.58, 'investigate'],
    [0.7, 'separate'],
    [0.4, 'skip'],
  ] as const) {
    const [share, cost] = rowsOf(busy);
    assert.ok((share?.value ?? 0) > 0.3, String(share?.value));
    assert.deepEqual([share?.says, cost?.says], [null, says], String(busy));
    assert.ok(Math.abs((cost?.value ?? 0) - (busy / 0.5 - 1)) < 1e-9);
    assert.match(share?.why ?? '', /inevitable/);
    assert.equal(signWords(share ?? assert.fail()).thresholds, '');
  }
  const [, unknown] = rowsOf(0.7, ['mixed', 'single']);
  assert.deepEqual([unknown?.value, unknown?.says], [null, null]);
  assert.match(unknown?.why ?? '', /no layout whose store is read on its own node/);
  // Pages where no reader is are more than the layout makes inevitable.
  const [astray] = rowsOf(0.5, PRESET_LAYOUTS, () => 1);
  assert.deepEqual([astray?.value, astray?.says], [1, 'investigate']);
});

test('a gain that stays within 2 % is none to move pools for', () => {
  const by = (gain: number) =>
    decide(measuredLayouts(two, { rate: ({ layout }) => (layout === 'separated' ? 1000 * gain : 1000) }));
  const small = by(1.01);
  assert.deepEqual(
    [small.verdict, small.sentence],
    ['not-shown', 'No difference of 2 % or more could be shown between mixed and separated pools.'],
  );
  assert.equal(by(0.99).verdict, 'not-shown');
  assert.equal(by(1.03).verdict, 'separate');
});

test('below what can be served latency tells, for requests come by the clock', () => {
  const faster = measuredLayouts(two, { p99: ({ layout }) => (layout === 'separated' ? 5e4 : 1e5) });
  const { verdict, sentence } = decide(faster);
  assert.equal(verdict, 'separate');
  assert.match(sentence, /^Separating pays: against mixed pools, p99 \u221250 % separated, at 60 % load \(.*\)\.$/);
  const { agentWords, agentCase } = separationOn(two, separationCases(two, asked).cases, []);
  const words = agentWords([], null);
  assert.match(words[words.indexOf('--base') + 1] ?? '', /^load=dispatch,.*first=4,.*open=6,walks=1,batches=1$/);
  const told = (scenario: Scenario): string => {
    const {
      offered = '',
      queue = '',
      open = '',
    } = agentCase(separationCases(two, { ...asked, scenarios: [scenario] }).cases[0]!);
    return [offered, queue, open].join(' ');
  };
  assert.deepEqual((['60%', '100%', '200%'] as const).map(told), ['60  6', '  6', '200 6 6']);
});

test('thresholds that a person set judge the signs, and an unknown one is refused with those there are', () => {
  const results = measuredLayouts(two, { worker: () => ({ got: [100], searches: 200 }) });
  const says = (thresholds: Record<string, number>): unknown => decide(results, thresholds).rows[0]?.says;
  assert.deepEqual(
    [says({}), says({ 'steal-rate-high': 0.08 }), says({ 'steal-rate-low': 0.2, 'steal-rate-high': 0.3 })],
    ['investigate', 'separate', 'skip'],
  );
  assert.deepEqual(decide(results, { 'steal-rate-high': 0.08 }).rows[0]?.thresholds, [0.05, 0.08]);
  assert.throws(() => separationLimits({ steal: 1 }), /The separation of pools has no threshold named "steal"/);
  const crossed = /steal-rate-low \(0\.5\) is above steal-rate-high \(0\.15\)/;
  assert.throws(() => separationLimits({ 'steal-rate-low': 0.5 }), crossed);
  assert.equal(separationLimits({ 'steal-rate-low': 0.5, 'steal-rate-high': 0.5 })['steal-rate-low'], 0.5);
  assert.deepEqual(decide(results, { steal: 1 }), decide(results), 'a run of another version can be read');
});

test('one pool that steals more than twice as much as the other is a sign, of loads that are not even', () => {
  const results = measuredLayouts(two, {
    worker: ({ scenario, walkers }, cpu) => ({
      got: [scenario === 'traversal' && walkers.includes(cpu) ? 400 : 100],
    }),
  });
  const row = decide(results).rows.at(-1);
  assert.equal(row?.title, 'Jobs stolen, walks \u00f7 distances, mostly walks');
  assert.equal(row.says, 'investigate');
  assert.ok(row.value !== null && row.value > 2 && row.interval);
});

test('each argument against separating is held against the figures, with its interval, in words', () => {
  const separated = ({ layout }: SeparationCase): boolean => layout === 'separated';
  const { counter } = decide(
    measuredLayouts(two, {
      rate: (one) => (separated(one) ? 800 : 1000),
      handed: (one) => (separated(one) ? 600 : 400),
      worker: (one, cpu) => ({
        node: separated(one) ? Number(!one.walkers.includes(cpu)) : cpu % 2,
        idleSeconds: separated(one) && one.walkers.includes(cpu) ? 0.8 : 0.2,
      }),
    }),
  );
  assert.deepEqual(
    counter.map(({ argument, holds }) => `${argument} ${String(holds)}`),
    [
      ...['idle-node yes', 'parallelism yes', 'parallelism yes', 'hand-over yes', 'balancing yes', 'batching yes'],
      'operations null',
    ],
  );
  const words = counter.map((row) => counterWords(row).join(' | ')).join('\n');
  assert.match(
    words,
    /^A node idles \| \+60 points \| .* \| Holds: separated, the nodes that walk are idle 80 % of the time/,
  );
  assert.match(
    words,
    /Hand-over across nodes, 60 % load \| \+50 % .*Holds: 600 ns there and back separated, 400 ns mixed/,
  );
  assert.match(words, /Operations \| {2}\| {2}\| Not measurable: it needs a CPU list for each pool/);
  const alike = decide(measuredLayouts(two)).counter;
  assert.ok(
    alike.slice(0, 4).every(({ holds, says }) => holds === 'not-shown' && says === 'No difference could be shown.'),
  );
  const few = decide(measuredLayouts(two, { rounds: 3 })).counter;
  assert.match(few[0]?.says ?? '', /Not measured: it takes 8 rounds in which there is something to count\./);
  assert.match(
    (separationLines(measuredLayouts(two)) ?? []).join('\n'),
    /Said against separating, held against mixed pools\n/,
  );
});

test('a custom layout is held against mixed pools, on one node against both on it', () => {
  const { cases } = separationCases(oneNode(), {
    ...asked,
    scenarios: ['100%'],
    custom: { walkers: [1], workers: [0] },
  });
  const answer = (rate: number): string =>
    decide(measuredOf(oneNode(), cases, { rate: ({ layout }) => (layout === 'custom' ? rate : 1000) })).sentence;
  assert.match(
    answer(1200),
    /^The custom layout pays: against both pools on one node, requests \+20 % custom, at 100 % load/,
  );
  assert.match(answer(1000), /^No difference could be shown between both pools on one node and the custom layout\.$/);
});

test('of a hundred requests there is no p99.9', () => {
  const [p99, rare] = (['separation-p99', 'separation-p99.9'] as const).map(
    (wanted) => MEASURES.find(({ benchmark }) => benchmark === wanted) ?? assert.fail(),
  ) as [Measure, Measure];
  const { cases } = separationCases(two, asked);
  const of = (measure: Measure, requests: number): number | null =>
    measure.value(
      {
        ...{
          benchmark: 'pool-dispatch',
          metric: 'jobs/s',
          case: 0,
          round: 0,
          value: 1,
          valid: true,
          why: null,
          counters: {},
        },
        seen: { cpus: {}, nodes: {}, pageBytes: 4096, migrations: 0 },
        histogram: [
          [1000, requests - 1],
          [9000, 1],
        ],
      },
      cases[0] ?? assert.fail(),
    );
  assert.deepEqual([of(p99, 100), of(rare, 100), of(rare, 999), of(rare, 1000)], [1000, null, null, 1000]);
});

test('a node whose workers seem idle for longer than they were there is idle, no more', () => {
  const workers = [0, 1].map((node) => ({
    ...{ cpu: node, node, polls: 1, timedPolls: 1, slowPolls: 0, tried: [], got: [], local: 1, remote: 0 },
    ...{ seconds: 1, idleSeconds: node === 0 ? 0.5 : 1.2, allocations: 0, allocationNs: null, migrations: 0 },
  }));
  assert.equal(nodeImbalance(workers), 1);
});

test('too few rounds are no answer', () => {
  const { verdict, sentence } = decide(measuredLayouts(two, { rounds: 3 }));
  assert.equal(verdict, 'not-shown');
  assert.match(sentence, /^No answer: 15 comparisons at once need 10 rounds, and there were 3\.$/);
});

/** As it was measured, but for results that slipped. */
const slipping = (results: readonly Result[], slips: (one: SeparationCase) => boolean): Result[] =>
  results.map((one) => {
    const { placement } = one;
    return placement.kind === 'separation' && slips(placement)
      ? { ...one, valid: false, why: 'the worker migrated 3 times' }
      : one;
  });

test('what slipped judges nothing, and what is missing of an answer is said', () => {
  const loud = measuredLayouts(two, { worker: () => ({ got: [400], slowPolls: 500, remote: 400, local: 600 }) });
  assert.equal(decide(loud).rows[0]?.says, 'separate');
  const { rows, counter, sentence } = decide(slipping(loud, ({ layout }) => layout === 'mixed'));
  for (const { title, says, why } of rows) assert.ok(says === null && why !== null, `${title} says ${String(says)}`);
  assert.equal(rows[0]?.why, 'does not count: the worker migrated 3 times');
  assert.equal(sentence, 'No answer: the worker migrated 3 times.');
  for (const { argument, holds, says } of counter)
    if (argument === 'idle-node' || argument === 'parallelism' || argument === 'hand-over')
      assert.deepEqual([holds, says], [null, 'Not decided: the worker migrated 3 times.'], argument);
  const some = decide(slipping(measuredLayouts(two), ({ layout }) => layout === 'reversed'));
  assert.equal(
    some.sentence,
    'No difference could be shown between mixed and separated pools. Part of the answer is missing: the worker migrated 3 times.',
  );
  const apart = decide(slipping(measuredLayouts(two), ({ layout }) => layout === 'separated')).counter;
  assert.equal(apart.find(({ argument }) => argument === 'batching')?.holds, null);
});

test('a sign of one or two rounds has a value, and says nothing', () => {
  const once = measuredLayouts(two, { rounds: 2, worker: () => ({ got: [400] }) });
  const [steal] = decide(once).rows;
  assert.ok(steal?.value && steal.value > 0.15);
  assert.deepEqual([steal.says, steal.why], [null, 'too few rounds for an interval']);
  assert.ok(decide(once).rows.every(({ says }) => says === null));
});
