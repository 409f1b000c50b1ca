// Worker pools as the board offers them: a worker on every CPU, or on those that are placed; orders, first touches and numbers of nodes by its fields.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { offerKindOf, planMs } from '../../../../src/model/bench/index.ts';
import type { Plan } from '../../../../src/model/bench/offer.ts';
import { plannerOf } from '../../../../src/model/bench/plans/index.ts';
import { evidenceTable } from '../../../../src/model/bench/pool/evidence-words.ts';
import { poolEvidence } from '../../../../src/model/bench/pool/evidence.ts';
import { DEFAULT_POOL_WORKLOAD } from '../../../../src/model/bench/pool/workload.ts';
import type { PoolWorkload } from '../../../../src/model/bench/pool/workload.ts';
import { questions } from '../../../../src/model/board/questions.ts';
import type { PoolCase } from '../../../../src/model/cases/pool.ts';
import type { Placement } from '../../../../src/model/placement/slots.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { REQUESTS } from '../../../../src/protocol/requests.ts';
import { emulated, fourNodes, machine, oneNode, twoSockets } from '../../topologies.ts';
import { measuredPools } from './measured.ts';

const two = twoSockets();

function plan(placement: Placement, change: Partial<PoolWorkload> = {}, on: Topology = two): Plan<PoolCase> {
  const made = plannerOf(DEFAULT_POOL_WORKLOAD).plan(on, placement, { ...DEFAULT_POOL_WORKLOAD, ...change }, null);
  assert.ok('cases' in made, JSON.stringify(made));
  return made as Plan<PoolCase>;
}

test('nothing placed: a worker on every CPU, three orders under six loads; placed ones are the pool', () => {
  const whole = plan({});
  assert.equal(whole.cases.length, 6 * 3);
  assert.equal(new Set(whole.labels).size, whole.cases.length);
  const { cpus = [] } = whole.cases.find(({ load }) => load === 'tree') ?? {};
  assert.equal(cpus.length, two.cpus.length);
  assert.equal(whole.question, 'Does it pay to steal from the nearest first?');
  const few = plan({ workers: [0, 1, 4] }, { loads: 'jobs', orders: 'flat', touches: 'all' });
  assert.equal(few.cases.length, 2 * 2 * 3);
  assert.deepEqual(few.cases[0]?.cpus, [0, 1, 4]);
  const counted = plan({}, { loads: 'jobs', orders: 'flat', across: true }, fourNodes());
  assert.deepEqual([...new Set(counted.cases.map((one) => one.cpus.length))].length, 3, 'on 1, 2 and 4 nodes');
});

test('how long it takes is said, longer where software plays the CPUs', () => {
  const [here, there] = [two, emulated(two)].map((on) => planMs(plan({}, {}, on), DEFAULT_POOL_WORKLOAD));
  assert.ok(here !== undefined && there !== undefined && here > 18 * 11 * 100 && there > 2 * here);
});

test('what is left out is said, and one CPU is no pool', () => {
  assert.match(plan({ workers: [0] }).notes?.join(' ') ?? '', /two pools need two CPUs/);
  const asked = (on: Topology) => questions(on, DEFAULT_POOL_WORKLOAD).find(({ key }) => key === '6');
  assert.deepEqual(asked(two)?.placement, { kind: 'pool', on: {} });
  assert.deepEqual(asked(oneNode())?.placement, { kind: 'pool', on: {} });
  assert.equal(asked(machine({ packages: 1, coresPerNode: 1 }))?.placement, null);
});

test('its settings pass from page to session, and its run chooses it again', () => {
  assert.deepEqual(v.parse(REQUESTS.configure, DEFAULT_POOL_WORKLOAD), DEFAULT_POOL_WORKLOAD);
  assert.ok(!v.safeParse(REQUESTS.configure, { ...DEFAULT_POOL_WORKLOAD, orders: 'nearest-first' }).success);
  assert.equal(offerKindOf(two, measuredPools(two, {})), 'pool');
});

test('what the nearest first is worth is a row for each that it is held against, with what the interval carries', () => {
  const rate = { flat: 1000, random: 1201, hierarchical: 1200 };
  const run = measuredPools(two, { rate: ({ order }) => rate[order], loads: ['tree', 'tiny'] });
  const { title, rows } = evidenceTable(poolEvidence(two, run.results), 'order') ?? assert.fail();
  assert.equal(title, 'the nearest first, against');
  assert.deepEqual(
    rows.map(({ load, against, change, says }) => [load, against, change, says]),
    [
      ['fork and join', 'flat order', '+20 %', 'pays'],
      ['fork and join', 'random order', '\u22120.1 %', 'alike'],
      ['tiny jobs', 'flat order', '+20 %', 'pays'],
      ['tiny jobs', 'random order', '\u22120.1 %', 'alike'],
    ],
  );
  const few = measuredPools(two, { rate: ({ order }) => rate[order], rounds: 2 });
  const [row] = evidenceTable(poolEvidence(two, few.results), 'order')?.rows ?? [];
  assert.deepEqual([row?.change, row?.interval, row?.says], ['', '', 'too few rounds']);
  assert.equal(evidenceTable(poolEvidence(two, few.results), 'touch'), null);
});
