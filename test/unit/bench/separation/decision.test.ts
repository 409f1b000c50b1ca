// Two pools: the decision claims what the intervals carry.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decide } from '../../../../src/model/bench/separation/decision.ts';
import { separationLines } from '../../../../src/model/bench/separation/lines.ts';
import { randomFrom } from '../../../../src/model/run/statistics.ts';
import { oneNode, twoSockets } from '../../topologies.ts';
import { measuredLayouts } from './measured.ts';

const two = twoSockets();

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
