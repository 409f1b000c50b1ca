// What a plan costs: bytes that cross, times only where something was measured, and the arithmetic of both.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { planMachine } from '../../../src/model/plan/machine.ts';
import type { PlanMachine } from '../../../src/model/plan/machine.ts';
import { placePlan } from '../../../src/model/plan/place.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { pricePlan } from '../../../src/model/plan/price/price.ts';
import type { PhasePrice, PlanPrice } from '../../../src/model/plan/price/price.ts';
import { firmwareRates, measuredRates } from '../../../src/model/plan/price/rates.ts';
import { planPriceJson, planPriceText } from '../../../src/model/plan/price/text.ts';
import type { Run } from '../../../src/model/run/run.ts';
import { drive } from '../../../src/model/plan/slices.ts';
import { runOf, twoSockets } from '../topologies.ts';
import { EXAMPLE_FILE, example, guideQuotes, ownMachine, PAPER, planFrom, planOf } from './machines.ts';

const MB = 2 ** 20;
const never = (): boolean => false;
const priceOf = (plan: Plan, machine: PlanMachine, rates = firmwareRates(machine)): PlanPrice =>
  drive(pricePlan(plan, machine, rates), never);

/** A table of nodes as `bench nodes` writes it: 10 GB/s and 100 ns at home, 4 GB/s and 250 ns across. */
function tableOf({ topology }: PlanMachine): Run {
  const run = runOf({ topology, figures: [[1], [1]] });
  const [result] = run.results;
  assert.ok(result);
  const cells = [0, 1].flatMap((from) => [0, 1].map((to) => ({ from, to })));
  const cpus = (node: number): number[] => (node === 0 ? [0, 1, 2, 3] : [4, 5, 6, 7]);
  const results = (['latency', 'bandwidth'] as const).flatMap((what) =>
    cells.map(({ from, to }) => ({
      ...result,
      valid: true,
      metric: what === 'latency' ? 'ns' : 'B/s',
      median: what === 'latency' ? (from === to ? 100 : 250) : from === to ? 10e9 : 4e9,
      placement: {
        kind: 'memory' as const,
        what,
        pages: '4k' as const,
        cpu: cpus(from)[0] ?? 0,
        node: to,
        cpus: what === 'latency' ? cpus(from).slice(0, 1) : cpus(from),
        policy: 'bind' as const,
        nodes: [to],
        sizeBytes: MB,
      },
    })),
  );
  return { ...run, results };
}

test('the worked example: staging alone crosses, and nothing has a time without measurements', () => {
  const machine = planMachine(ownMachine(example()));
  const price = priceOf(example(), machine);
  const phase = (name: string): PhasePrice | undefined => price.phases.find((one) => one.phase === name);
  assert.deepEqual(phase('inference')?.planned.crossing, [0, 0]);
  assert.deepEqual(phase('cross-check')?.planned.crossing, [0, 0]);
  const staging = phase('staging');
  assert.deepEqual(staging?.bytes, [200 * MB, 1000 * MB]);
  assert.deepEqual(staging.planned.crossing, [140 * MB, 700 * MB]);
  assert.deepEqual(staging.leastCrossing, [140 * MB, 700 * MB]);
  assert.deepEqual([staging.asynchronous, phase('inference')?.asynchronous], [true, false]);
  // Two nodes, threads and memory anywhere: about half.
  for (const { bytes, unpinned } of price.phases) {
    assert.ok(unpinned.crossing[0] > 0.3 * bytes[0] && unpinned.crossing[0] < 0.5 * bytes[0]);
    assert.ok(unpinned.crossing[1] > 0.5 * bytes[1] && unpinned.crossing[1] < 0.7 * bytes[1]);
  }
  assert.ok(price.phases.every(({ planned, unpinned }) => planned.seconds === null && unpinned.seconds === null));
  assert.equal(price.rates.source, 'distance');
  const text = planPriceText(EXAMPLE_FILE, price, placePlan(example(), machine));
  guideQuotes(`price ${EXAMPLE_FILE}`, text);
  assert.match(text, /not priced/);
  assert.match(
    text,
    /Given to blocks: 32 of 36 cores \(89 %\) and 234 GB of 252 GB \(93 %\); emulator threads have 4 cores more/,
  );
  // No percentage without what it is of.
  for (const [, before] of text.matchAll(/(\S+ \S+ \S+ )\(\d+ %\)/g)) assert.match(before ?? '', /of \d+/);
});

const machine = planMachine(twoSockets());
const BLOCKS =
  'blocks: [{ name: a, kind: pool, node: 0, cores: 2, memory: 1GB }, { name: b, kind: pool, node: 1, cores: 2, memory: 1GB }]';

test('times are measured bandwidth by pair of nodes, and a memory gives no more than its own CPUs get', () => {
  const rates = measuredRates('run', tableOf(machine), machine);
  const plan = planOf(`${BLOCKS}
phases: [{ name: one }, { name: two }, { name: three }]
flows:
  - { from: a, to: b, bytes: 400MB, phase: one }
  - { from: a, to: a, bytes: 400MB, phase: one }
  - { from: a, to: a, bytes: 900MB, phase: two }
  - { from: a, to: b, bytes: 350MB, phase: two }
  - { from: b, to: a, bytes: 64MB, bound: latency, phase: three }
`);
  const [one, two, three] = priceOf(plan, machine, rates).phases;
  const close = (of: typeof one, seconds: number): void =>
    assert.ok(Math.abs((of?.planned.seconds?.[1] ?? 0) / seconds - 1) < 1e-9);
  close(one, (400 * MB) / 4e9);
  close(two, (1250 * MB) / 10e9);
  // One line of 64 bytes after the other.
  close(three, ((64 * MB) / 64) * 250e-9);
  assert.ok((one?.unpinned.seconds?.[0] ?? 0) > 0);
  assert.equal(rates.source, 'measured');
});

test('what a table does not hold is not priced and named, and figures of an emulated host carry the word', () => {
  const run = tableOf(machine);
  const priced = (results: Run['results'], flow: string): { text: string; price: PlanPrice; json: unknown } => {
    const rates = measuredRates('run', { ...run, results }, machine);
    const plan = planOf(`${BLOCKS}\nflows: [${flow}]`);
    const price = priceOf(plan, machine, rates);
    const placement = placePlan(plan, machine);
    return { text: planPriceText('x', price, placement), price, json: planPriceJson('x', price, placement) };
  };
  const latency = run.results.filter(({ metric }) => metric === 'ns');
  const across = '{ from: a, to: b, bytes: 1GB }';
  const silent = priced(latency, across);
  assert.equal(silent.price.phases[0]?.planned.seconds, null);
  assert.match(silent.text, /It holds no valid bandwidth: flows bound by bandwidth are not priced\./);
  const hole = run.results.map((one, i) => (i === 5 ? { ...one, valid: false, why: 'slipped' } : one));
  assert.match(
    priced(hole, across).text,
    /no valid bandwidth from the CPUs of one node to the memory of another \(0\u21921\)/,
  );
  assert.match(priced(run.results, across).text, /takes: planned/);
  const played = priced(
    run.results.map((one) => ({ ...one, emulated: true })),
    '{ from: a, to: b, bytes: 10GB, per: second }',
  );
  assert.match(played.text, /takes \(emulated\): planned/);
  assert.match(
    played.text,
    /\(no phase\), a second: its bytes take longer than the second in which they are to pass\./,
  );
  assert.equal((played.json as { rates: { emulated: boolean } }).rates.emulated, true);
});

test('an access brings a line of the machine', () => {
  const long = { ...machine.topology, caches: machine.topology.caches.map((cache) => ({ ...cache, lineBytes: 128 })) };
  const plan = planOf(`${BLOCKS}\nflows: [{ from: a, to: a, bytes: 64MB, bound: latency }]`);
  const rates = measuredRates('run', tableOf(machine), machine);
  const [usual, longer] = [machine, planMachine(long)].map((on) => priceOf(plan, on, rates).phases[0]?.planned.seconds);
  assert.equal((usual?.[0] ?? 0) / 2, longer?.[0]);
});

test('whatever flows: no more crosses than there is, as planned no less than at least, of phases and the whole batch', () => {
  const flow = fc.record({
    from: fc.constantFrom('a', 'b', 'c'),
    to: fc.constantFrom('a', 'b', 'c'),
    bytes: fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 50, max: 99 })),
    phase: fc.constantFrom('one', 'two'),
  });
  const nodes = fc.tuple(fc.nat(1), fc.nat(1), fc.nat(1));
  // What has warnings where it is may still be where least crosses.
  const aside = fc.tuple(fc.nat(16), fc.nat(16), fc.option(fc.nat(1)), fc.boolean());
  fc.assert(
    fc.property(fc.array(flow, { minLength: 1, maxLength: 6 }), nodes, aside, (flows, at, [here, there, named, vm]) => {
      const plan = planFrom({
        reserve: [
          { node: 0, memory: `${here}GB` },
          { node: 1, memory: `${there}GB` },
        ],
        blocks: ['a', 'b', 'c'].map((name, i) => ({
          ...{ name, kind: 'vm', node: at[i], cores: 1, memory: '1GB' },
          ...(i === 0 && named !== null ? { memoryNodes: String(named) } : {}),
          ...(i === 1 && vm ? { emulatorCpus: '0,8', devices: [{ name: 'eth0', node: 0 }] } : {}),
        })),
        flows: flows.map((one) => ({ ...one, bytes: one.bytes.map((megabytes) => `${megabytes}MB`) })),
      });
      const { phases, batch } = priceOf(plan, machine);
      for (const bound of [0, 1] as const) {
        for (const { bytes, planned, unpinned, leastCrossing } of phases) {
          assert.ok(
            (leastCrossing?.[bound] ?? Infinity) <= planned.crossing[bound] && planned.crossing[bound] <= bytes[bound],
          );
          assert.ok(unpinned.crossing[bound] <= bytes[bound] && unpinned.crossing[bound] >= 0);
        }
        assert.ok((batch.leastCrossing?.[bound] ?? Infinity) <= batch.crossing[bound]);
        const sum = phases.reduce((all, { leastCrossing }) => all + (leastCrossing?.[bound] ?? 0), 0);
        assert.ok(
          sum <= (batch.leastCrossing?.[bound] ?? -1),
          'one placement for all lets no less cross than one for each',
        );
      }
    }),
    { numRuns: 30 },
  );
});

test('what firmware rates is priced for the CPUs nearest to it, and what crosses is not', () => {
  const rated = planMachine(twoSockets({ rated: true }));
  const rates = firmwareRates(rated);
  assert.equal(rates.source, 'rated');
  const plan = planOf(`${BLOCKS}
phases: [{ name: near }, { name: far }]
flows: [{ from: a, to: a, bytes: 1GB, phase: near }, { from: a, to: b, bytes: 1GB, phase: far }]`);
  const [near, far] = priceOf(plan, rated, rates).phases;
  assert.ok((near?.planned.seconds?.[0] ?? 0) > 0);
  assert.equal(far?.planned.seconds, null);
});

test('a table of another machine is refused, and what is no table', () => {
  const paper = planMachine(ownMachine(planOf(`${PAPER}\nblocks: []`)));
  assert.throws(
    () => measuredRates('run', tableOf(machine), paper),
    /run was measured on another machine: node 0 has CPUs/,
  );
  assert.throws(
    () => measuredRates('run', runOf({ figures: [[1], [1]] }), machine),
    /run does not hold a table of nodes/,
  );
});

test('flows a second stand apart, those of a block without a place are left out, a plan without flows says so', () => {
  const plan = planOf(`blocks: [{ name: a, kind: pool, node: 0, cores: 2 }, { name: c, kind: pool, cores: 1 }]
flows: [{ from: a, to: a, bytes: 1GB, per: second }, { from: a, to: a, bytes: 1GB }, { from: c, to: a, bytes: 1GB }]`);
  const price = priceOf(plan, machine);
  assert.deepEqual(priceOf(plan, machine).phases, price.phases, 'the same draws again');
  assert.deepEqual(
    price.phases.map(({ per }) => per),
    ['batch', 'second'],
  );
  assert.deepEqual(price.open, ['c']);
  assert.match(planPriceText('x', price, placePlan(plan, machine)), /Left out are the flows of c/);
  assert.equal(
    (planPriceJson('x', price, placePlan(plan, machine)) as { schema: string }).schema,
    'numa-pinboard/plan-price/1',
  );
  const silent = planOf('blocks: []');
  assert.match(planPriceText('x', priceOf(silent, machine), placePlan(silent, machine)), /The plan has no flows/);
});
