// Two pools: which CPUs each layout gives them, what is left out with words, and the decision, which claims what the intervals carry.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { separationOn } from '../../../../src/model/bench/separation/bench.ts';
import { separationCases } from '../../../../src/model/bench/separation/cases.ts';
import { decide } from '../../../../src/model/bench/separation/decision.ts';
import { separationLines } from '../../../../src/model/bench/separation/lines.ts';
import { LAYOUTS, SCENARIOS } from '../../../../src/model/cases/separation.ts';
import { randomFrom } from '../../../../src/model/run/statistics.ts';
import { caseSchema } from '../../../../src/protocol/cases.ts';
import { fourNodes, oneNode, twoSockets } from '../../topologies.ts';
import { measuredLayouts } from './measured.ts';

const asked = { layouts: LAYOUTS, scenarios: SCENARIOS, sizeBytes: 1 << 20, thp: true };
const two = twoSockets();

test('each layout has as many workers in each pool, on the nodes that its name says', () => {
  const { cases, notes } = separationCases(two, { ...asked, scenarios: ['100%'] });
  const node = (cpu: number): number =>
    two.nodes[0]?.cpus.includes('0-3,8-11') && (cpu < 4 || (cpu > 7 && cpu < 12)) ? 0 : 1;
  const nodes = (cpus: readonly number[]): string =>
    [0, 1].filter((one) => cpus.some((cpu) => node(cpu) === one)).join();
  assert.deepEqual(
    cases.map(({ layout, walkers, workers, pages }) => [
      layout,
      nodes(walkers),
      nodes(workers),
      walkers.length,
      workers.length,
      pages,
    ]),
    [
      ['mixed', '0,1', '0,1', 8, 8, '4k'],
      ['separated', '0', '1', 8, 8, '4k'],
      ['huge-pages', '0', '1', 8, 8, 'thp'],
      ['reversed', '1', '0', 8, 8, '4k'],
      ['single', '0', '0', 3, 5, '4k'],
      ['replicated', '0,1', '0,1', 8, 8, '4k'],
    ],
  );
  assert.match(notes.join(' '), /transparent ones: no 2m pages are free/);
  for (const one of cases) {
    assert.deepEqual(v.parse(caseSchema, JSON.parse(JSON.stringify(one))), one);
    assert.equal(new Set([...one.walkers, ...one.workers]).size, one.walkers.length + one.workers.length);
  }
  const told = separationOn(two, cases, []).agentCase(cases[1]!);
  assert.deepEqual([told['load'], told['first'], told['open'], told['pace']], ['dispatch', 8, 1, 100]);
});

test('what cannot be laid out is left out with words: huge pages, a store too large, nodes beyond two, one node', () => {
  const without = separationCases(two, { ...asked, thp: false });
  assert.ok(without.cases.every(({ layout }) => layout !== 'huge-pages'));
  assert.match(without.notes.join(' '), /"huge-pages" was left out: node 1 has not enough huge pages/);
  const large = separationCases(two, { ...asked, sizeBytes: 2 ** 50 });
  assert.deepEqual([...new Set(large.cases.map(({ layout }) => layout))], ['mixed', 'replicated']);
  assert.match(large.notes.join(' '), /does not fit its node/);
  assert.match(separationCases(fourNodes(), asked).notes.join(' '), /Of 4 nodes, 0 and 1 were measured/);
  const one = separationCases(oneNode(), asked);
  assert.ok(one.cases.length > 0 && one.cases.every(({ layout }) => layout === 'single'));
  assert.match(one.notes.join(' '), /nothing can be separated by node/);
  assert.equal(
    decide(measuredLayouts(oneNode())).sentence,
    'Both pools are on one node: there is nothing to separate by node.',
  );
});

test('a gain that was shown says separate, a loss skip, both investigate', () => {
  const apart = (layout: string): boolean => layout === 'separated' || layout === 'huge-pages';
  const gain = decide(measuredLayouts(two, { rate: ({ layout }) => (apart(layout) ? 1200 : 1000) }));
  assert.equal(gain.verdict, 'separate');
  assert.match(
    gain.sentence,
    /^Separating pays: against mixed pools, requests change by \+20 % separated, at 60 % load \(.*\) and 7 more alike\.$/,
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

test('of 200 machines on which layouts make no difference at most 5 % are said to have one', () => {
  const random = randomFrom(11);
  const results = measuredLayouts(two);
  let claims = 0;
  for (let run = 0; run < 200; run++) {
    const drawn = results.map((one) =>
      one.benchmark === 'separation' ? { ...one, repetitions: one.repetitions.map(() => 1 + random() / 4) } : one,
    );
    if (!['not-shown', 'investigate'].includes(decide(drawn).verdict)) claims++;
  }
  assert.ok(claims <= 10, `${String(claims)} of 200`);
});

test('signs are read off the mixed layout at 100 % load, each with its interval and thresholds', () => {
  const results = measuredLayouts(two, {
    p99: ({ scenario }) => (scenario === '200%' ? 5e5 : 1e5),
    worker: ({ layout }, cpu) =>
      layout === 'mixed'
        ? {
            node: cpu % 2,
            got: [200 + cpu],
            tried: [1000],
            slowPolls: 300 + cpu,
            local: 850,
            remote: 150,
            idleSeconds: cpu % 2 ? 0.1 : 0.6,
          }
        : {},
  });
  const { rows, verdict, sentence } = decide(results);
  assert.deepEqual(
    rows.map(({ sign, says }) => `${sign} ${String(says)}`),
    [
      ...[
        'stealRate separate',
        'slowPollRatio investigate',
        'crossNodeShare investigate',
        'stealEfficiency investigate',
      ],
      ...['correlation investigate', 'imbalance investigate', 'degradation investigate'],
    ],
  );
  const [steal] = rows;
  assert.ok(steal?.value && steal.value > 0.2 && steal.value < 0.22 && steal.interval);
  assert.ok(Math.abs((rows.at(-1)?.value ?? 0) - 5) < 0.1);
  assert.equal(verdict, 'investigate');
  assert.match(
    sentence,
    /^No difference could be shown between mixed and separated pools; yet jobs stolen speak for looking further\.$/,
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

test('too few rounds are no answer', () => {
  const { verdict, sentence } = decide(measuredLayouts(two, { rounds: 3 }));
  assert.equal(verdict, 'not-shown');
  assert.match(sentence, /^No answer: 15 comparisons at once need 10 rounds, and there were 3\.$/);
});
