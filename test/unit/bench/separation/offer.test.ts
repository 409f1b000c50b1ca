// Two pools as the board offers them: the standard layouts need nothing placed and fit their time, both pools placed are one layout more.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { benchOf, offerKindOf, planMs } from '../../../../src/model/bench/index.ts';
import type { Plan } from '../../../../src/model/bench/offer.ts';
import { plannerOf } from '../../../../src/model/bench/plans/index.ts';
import { separationWords } from '../../../../src/model/bench/separation/repeat.ts';
import { DEFAULT_SEPARATION_WORKLOAD } from '../../../../src/model/bench/separation/workload.ts';
import type { SeparationWorkload } from '../../../../src/model/bench/separation/workload.ts';
import { questions } from '../../../../src/model/board/questions.ts';
import type { SeparationCase } from '../../../../src/model/cases/separation.ts';
import type { Placement } from '../../../../src/model/placement/slots.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { REQUESTS } from '../../../../src/protocol/requests.ts';
import { emulated, fourNodes, oneNode, twoSockets } from '../../topologies.ts';
import { measuredLayouts } from './measured.ts';

const planner = plannerOf(DEFAULT_SEPARATION_WORKLOAD);
const topology = twoSockets();
const PLACED: Placement = { walkers: [0, 1], workers: [4, 5, 6], store: [0, 1] };

type Made = Plan<SeparationCase> | { readonly why: string };
function planned(placement: Placement, change: Partial<SeparationWorkload> = {}, on: Topology = topology): Made {
  return planner.plan(on, placement, { ...DEFAULT_SEPARATION_WORKLOAD, ...change }, null) as Made;
}
function plan(...asked: Parameters<typeof planned>): Plan<SeparationCase> {
  const made = planned(...asked);
  assert.ok('cases' in made, JSON.stringify(made));
  return made;
}
const why = (...asked: Parameters<typeof planned>): string => {
  const made = planned(...asked);
  return 'why' in made ? made.why : 'a plan';
};

test('nothing placed: all layouts under all loads, as many rounds as fit the limit, and how long is said beforehand', () => {
  const { cases, labels, rounds = 0 } = plan({});
  assert.equal(cases.length, 6 * 5);
  assert.equal(new Set(labels).size, cases.length);
  assert.ok(rounds > 1 && rounds <= DEFAULT_SEPARATION_WORKLOAD.rounds);
  for (const budgetMs of [10_000, 60_000, 300_000]) {
    const made = plan({}, { budgetMs });
    const ms = planMs(made, { ...DEFAULT_SEPARATION_WORKLOAD, budgetMs });
    assert.ok(made.rounds === 1 || ms <= budgetMs, `${String(ms)} of ${String(budgetMs)}`);
  }
  assert.ok((plan({}, { budgetMs: 60_000 }).rounds ?? 0) < (plan({}, { budgetMs: 300_000 }).rounds ?? 0));
  // Few real CPUs take turns at all that software plays: fewer rounds fit, and that is said beforehand.
  const played = emulated(topology);
  const [there, here] = [plan({}, {}, played), plan({})];
  assert.ok((there.rounds ?? 0) < (here.rounds ?? 0));
  const round = ({ ms = 0, rounds: of = 1 }: Plan): number => ms / of;
  assert.ok(round(there) > 3 * round(here), `${String(round(there))} and ${String(round(here))}`);
  assert.match(plan({}, {}, fourNodes()).notes?.join(' ') ?? '', /walks have/);
  assert.equal(plan({}), plan({}), 'asked several times a second, worked out once');
});

test('both pools placed are the custom layout, beside those that were chosen', () => {
  const { cases } = plan(PLACED, { layouts: 'mixed', loads: 'full' });
  assert.deepEqual(
    cases.map(({ layout, scenario }) => [layout, scenario]),
    [
      ['mixed', '100%'],
      ['custom', '100%'],
    ],
  );
  const [, custom] = cases;
  assert.deepEqual(
    [custom?.walkers, custom?.workers, custom?.store],
    [
      [0, 1],
      [4, 5, 6],
      [0, 1],
    ],
  );
  assert.equal(plan(PLACED).cases.length, 7 * 5);
  const { store: _, ...pools } = PLACED;
  assert.equal(plan(pools, { loads: 'full' }).cases.at(-1)?.store, undefined);
});

test('a part of a layout is no plan but the reason, as is what cannot be', () => {
  assert.match(why({ walkers: [0] }), /^Place the pool that takes distances as well/);
  assert.match(why({ workers: [0] }), /^Place the pool that walks as well/);
  assert.match(why({ store: [0] }), /^Place both pools as well/);
  assert.match(why({}, { layouts: 'mixed' }), /held against mixed ones/);
  assert.match(why({ walkers: [0, 1], workers: [1, 2] }), /in both pools/);
});

test('one node: both pools on it, and the words for why nothing is separated; the question says so', () => {
  const one = oneNode();
  const { cases, notes = [] } = plan({}, {}, one);
  assert.ok(cases.every(({ layout }) => layout === 'single'));
  assert.match(notes.join(' '), /nothing can be separated/);
  const asked = (on: Topology) => questions(on, DEFAULT_SEPARATION_WORKLOAD).find(({ key }) => key === '5');
  assert.equal(asked(one)?.placement, null);
  assert.match(asked(one)?.detail ?? '', /One node/);
  assert.deepEqual(asked(topology)?.placement, { kind: 'separation', on: {} });
  assert.match(asked(topology)?.detail ?? '', /5 min at most/);
});

test('a run of layouts chooses the benchmark again; only its custom layout had tokens', () => {
  const results = measuredLayouts(topology, { rounds: 2 });
  assert.equal(offerKindOf(topology, { results, comparison: null }), 'separation');
  for (const { placement } of results) assert.deepEqual(benchOf(placement).placement(placement), {});
  const custom = plan(PLACED).cases.find(({ layout }) => layout === 'custom') ?? assert.fail();
  assert.deepEqual(benchOf(custom).placement(custom), PLACED);
});

test('its settings pass from page to session, and what they asked for is a command line', () => {
  const params = REQUESTS.configure;
  assert.deepEqual(v.parse(params, DEFAULT_SEPARATION_WORKLOAD), DEFAULT_SEPARATION_WORKLOAD);
  assert.ok(!v.safeParse(params, { ...DEFAULT_SEPARATION_WORKLOAD, layouts: 'custom' }).success);
  const words = separationWords({
    ...{ layouts: ['mixed'], scenarios: ['100%'], budgetMs: 60_000, rounds: 3, durationMs: 150, sizeBytes: 1 << 20 },
    custom: { walkers: '0-1', workers: '4-6', store: [0, 1] },
  });
  assert.equal(
    words.join(' '),
    'bench separation --layouts mixed --scenarios 100% --budget 60s --walkers 0-1 --workers 4-6 --store 0-1 --size 1048576 --duration 150ms --repeat 3',
  );
});
