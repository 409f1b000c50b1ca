/** The real agent's worker pools on this machine: every job done once, where memory lies, what is counted, what is refused. */
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { varied } from '../support/long.ts';
import { first, last, node } from './here.ts';
import { agent, assertDone, assertFails, haveAgent, linesOf, measure } from './process.ts';

before(haveAgent);

const two = first !== last;
const cpus = two ? `${first}+${last}` : String(first);
const order = ['--order', two ? '0:1/0:0' : ''];
const at = (load: string, more = ''): string[] => ['--case', `load=${load},cpu=${cpus},order=0,size=2097152${more}`];
const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

void test('every load gets what one thread gets, in memory of every touch, and what its workers did adds up', async () => {
  const cases = [
    ...['tiny', 'tree'].flatMap((load) => [
      at(load),
      at(load, ',touch=main'),
      at(load, ',touch=interleave,pick=random'),
    ]),
    ...['traversal', 'distance', 'sparse'].flatMap((load) => [
      at(load),
      at(load, ',touch=replicate'),
      at(load, `,touch=bind,node=${node}`),
    ]),
  ].flat();
  const answer = await measure(40, 'pool', '--rounds', '1', ...order, ...cases);
  assertDone(answer);
  const all = linesOf(answer, 'repetition');
  assert.equal(all.length, cases.length / 2);
  for (const one of all) {
    assert.ok(one.valid, `${one.benchmark}: ${one.why}`);
    assert.equal(one.metric, 'jobs/s');
    assert.ok(one.value !== null && one.value > 0 && one.frames !== undefined && one.frames > 0);
    assert.ok(sum(Object.values(one.seen.nodes)) * one.seen.pageBytes! >= 1 << 20);
    for (const worker of one.workers ?? []) {
      assert.ok(worker.timedPolls <= worker.polls && worker.slowPolls <= worker.timedPolls);
      assert.ok(worker.got.every((count, of) => count <= (worker.tried[of] ?? 0)));
      assert.ok(sum(worker.got) <= worker.polls && worker.local + worker.remote <= worker.polls + 1);
      assert.ok(worker.idleSeconds <= worker.seconds * 1.01 + 0.001);
    }
    assert.equal(one.workers?.length, two ? 2 : 1);
    assert.ok(
      sum((one.histogram ?? []).map(([, count]) => count)) === sum((one.workers ?? []).map((own) => own.timedPolls)),
    );
  }
  const tiny = all.find(({ benchmark }) => benchmark === 'pool-tiny')?.workers ?? [];
  assert.ok(tiny.some(({ allocations, allocationNs }) => allocations > 0 && (allocationNs ?? 0) > 0));
});

void test('no job is lost or done twice, whoever steals it', async () => {
  const jobs = varied(1e5, 1e7);
  let done = 0;
  for (let ms = varied(100, 2000); done < jobs && ms < 60_000; ms *= 2) {
    const answer = await measure(ms, 'pool', ...order, ...at('tiny', ',pick=random'));
    assertDone(answer);
    const [one] = linesOf(answer, 'repetition');
    assert.ok(one?.valid, one?.why ?? '');
    done = sum((one.workers ?? []).map(({ polls }) => polls));
  }
  assert.ok(done >= jobs, `${String(done)} jobs`);
});

void test('a service of two pools hands every request over and back', async (t) => {
  if (!two) {
    t.skip('one CPU');
    return;
  }
  const answer = await measure(60, 'pool', '--order', '/', ...at('dispatch', ',first=1'));
  assertDone(answer);
  const [one] = linesOf(answer, 'repetition');
  assert.ok(one?.valid, one?.why ?? '');
  assert.ok(sum((one.histogram ?? []).map(([, count]) => count)) > 0, 'requests are timed from end to end');
  assert.ok(one.handed !== undefined && one.traffic !== undefined && one.arrived === undefined);
  const more = ',first=1,open=20,walks=2,batches=3';
  const larger = await measure(60, 'pool', '--order', '/', ...at('dispatch', more));
  assertDone(larger);
  const [other] = linesOf(larger, 'repetition');
  assert.ok(other?.valid, other?.why ?? '');
});

void test('requests that come by the clock are served or dropped, each counted, with the results that one thread gets', async (t) => {
  if (!two) {
    t.skip('one CPU');
    return;
  }
  const [, base = ''] = at('dispatch', ',first=1');
  const cases = [`${base},offered=60`, `${base},offered=1000,queue=1`].flatMap((one) => ['--case', one]);
  const answer = await measure(150, 'pool', '--order', '/', '--base', base, ...cases);
  assertDone(answer);
  const [light, heavy] = linesOf(answer, 'repetition');
  for (const one of [light, heavy]) {
    assert.ok(one?.valid, one?.why ?? '');
    assert.ok((one.arrived ?? 0) > 0 && (one.dropped ?? 0) <= (one.arrived ?? 0));
  }
  assert.ok((heavy?.dropped ?? 0) > 0, 'ten times what can be served does not fit');
});

void test('what pool cannot do is refused before anything is measured', async () => {
  const wrong = [
    [...order, '--case', `load=dance,cpu=${cpus},order=0`],
    [...order, '--case', `load=tiny,cpu=${cpus},order=1`],
    [...order, ...at('tiny', ',touch=replicate')],
    [...order, ...at('tiny', ',touch=bind')],
    [...order, ...at('tiny', ',first=1')],
    [...order, ...at('tiny', ',pick=best')],
    ['--order', '0:1/0:0/0:0', ...at('tiny')],
    ['--order', '0:0/', ...at('tiny')],
    ['--order', '99:1/0:0', ...at('tiny')],
    ...(two
      ? [
          ['--order', '0:1+1/', ...at('tiny')],
          [...order, ...at('dispatch', ',first=1')],
          ['--order', '/', ...at('dispatch', ',first=1,offered=60')],
        ]
      : []),
  ];
  for (const words of wrong) assertFails(await agent('pool', ...words), 2, 'usage');
  assertFails(await agent('pool', ...order, ...at('tiny', ',touch=bind,node=1000')), 4, 'node-absent');
});
