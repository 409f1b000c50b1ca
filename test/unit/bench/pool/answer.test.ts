// What is said of steal orders and first touches: as far as the intervals carry it together, and no further.
import assert from 'node:assert/strict';
import test from 'node:test';
import { poolSentence } from '../../../../src/model/bench/pool/answer.ts';
import { randomFrom } from '../../../../src/model/run/statistics.ts';
import { runText } from '../../../../src/model/verdict/text.ts';
import { emulated, fourNodes, oneNode, twoSockets } from '../../topologies.ts';
import { measuredPools } from './measured.ts';

const said = (...[topology, asked]: Parameters<typeof measuredPools>): string =>
  (measuredPools(topology, asked).verdict?.sentence ?? '').replaceAll('\u00a0', ' ');

test('where the nearest first is shown to be better than every other order, it pays, by so much', () => {
  const rate = { flat: 1000, random: 1100, hierarchical: 1200 };
  assert.equal(
    said(twoSockets(), { rate: ({ order }) => rate[order] }),
    'Stealing from the nearest first pays for fork and join, +20 % over flat order (+20 to +20 %) and +9.1 % over random order (+9.1 to +9.1 %). From how many nodes on was not measured; bench pool --across 1,2 does.',
  );
});

test('what was not shown is said beside what was, and a loss is a loss', () => {
  const wide = (round: number): number => (round % 2 === 0 ? 1.02 : 0.99);
  const partly = said(twoSockets(), {
    rate: ({ order }) => (order === 'flat' ? 1000 : 1200),
    noise: (round, { order }) => (order === 'random' ? 1 : wide(round)),
  });
  assert.match(
    partly,
    /^Stealing from the nearest first pays for fork and join, \+\d+ % over flat order \(.*\) \(no difference to random order could be shown\)\. From how many nodes on was not measured; bench pool --across 1,2 does\.$/,
  );
  const lost = said(twoSockets(), { rate: ({ order }) => ({ flat: 1000, random: 900, hierarchical: 950 })[order] });
  assert.match(
    lost,
    /^Stealing from the nearest first costs with fork and join, −5 % against flat order \(−5 to −5 %\), but \+5\.6 % over random order \(.*\)\.$/,
  );
});

test('no difference is an answer, and a negligible one another', () => {
  const loads = ['tree', 'tiny'] as const;
  const same = said(twoSockets(), {
    loads,
    noise: (round, { load, order }) => (load === 'tiny' && order === 'hierarchical' ? 1 + ((round % 3) - 1) / 20 : 1),
  });
  assert.equal(
    same,
    'No difference between steal orders could be shown for tiny jobs; between steal orders less than 2 % either way for fork and join.',
  );
});

test('of 300 runs without a difference at most 5 % claim one', () => {
  const random = randomFrom(7);
  const { topology, results } = measuredPools(fourNodes(), { loads: ['tree', 'tiny'], touches: ['worker', 'main'] });
  let claims = 0;
  for (let run = 0; run < 300; run++) {
    const drawn = results.map((one) => ({ ...one, repetitions: one.repetitions.map(() => 1 + random() / 5) }));
    if (/pays|costs/i.test(poolSentence(topology, drawn) ?? '')) claims++;
  }
  assert.ok(claims <= 15, `${String(claims)} of 300`);
});

test('first touch is asked of several nodes alone; one node degrades with words', () => {
  const touches = ['worker', 'main', 'interleave'] as const;
  const rate = { worker: 1500, main: 1000, interleave: 1500, bind: 0, replicate: 0 };
  const four = said(fourNodes(), { touches, orders: ['hierarchical'], rate: ({ touch }) => rate[touch] });
  assert.equal(
    four,
    'Memory that each worker touches first pays for fork and join, +50 % over first touch by one thread (+50 to +50 %) (no difference to interleaved could be shown).',
  );
  const one = said(oneNode(), { touches });
  assert.equal(
    one,
    'Between steal orders less than 2 % either way for fork and join. All workers are on one node: who is near is a matter of caches alone.',
  );
});

test('measured on 1, 2 and 4 nodes, it is said from how many on it pays', () => {
  const asked = (from: number) => ({
    loads: ['tree', 'tiny'] as const,
    across: [1, 2, 4],
    rate: ({ order, cpus, load }: { order: string; cpus: readonly number[]; load: string }) =>
      order === 'hierarchical' && load === 'tree' && cpus.length >= from ? 1200 : 1000,
  });
  assert.match(
    said(fourNodes(), asked(4)),
    /The nearest first pays from 2 nodes on for fork and join \(of 1, 2 and 4 nodes measured\)\./,
  );
  assert.match(said(fourNodes(), asked(99)), /On none of 1, 2 and 4 nodes was it shown to pay\./);
});

test('on one node, what the nearest first may cost at most is said where no loss was shown', () => {
  const noise = (round: number, { order }: { order: string }): number =>
    order === 'hierarchical' ? 1 + ((round % 5) - 2) / 40 : 1;
  assert.match(
    said(fourNodes(), { across: [1, 4], noise }),
    /On one node the nearest first costs [1-5](\.\d)? % at most, and no loss was shown\.$/,
  );
  const some = said(fourNodes(), {
    across: [1, 4],
    rate: ({ order, cpus }) => (order === 'hierarchical' ? (cpus.length > 4 ? 1200 : 900) : 1000),
  });
  assert.match(some, /pays from 4 nodes on for fork and join/);
  assert.match(some, /On one node the nearest first costs with fork and join, −10 % against flat order/);
  const lost = said(oneNode(), { rate: ({ order }) => (order === 'hierarchical' ? 900 : 1000) });
  assert.match(lost, /costs with fork and join, −10 % against flat order/);
  assert.doesNotMatch(lost, /no loss/);
});

test('without the nearest first and without first touch by worker, what was measured is what is told of', () => {
  const asked = { orders: ['flat', 'random'], touches: ['main', 'interleave'] } as const;
  const better = said(twoSockets(), {
    ...asked,
    rate: ({ order, touch }) => (order === 'flat' ? 1200 : 1000) * (touch === 'main' ? 1.1 : 1),
  });
  assert.match(better, /^Stealing in flat order pays for fork and join, \+20 % over random order/);
  assert.match(better, /Memory that one thread touches first pays for fork and join, \+10 % over interleaved/);
  assert.doesNotMatch(better, /nearest|each worker/);
});

test('too few rounds and slipped placements give no answer, with the reason', () => {
  assert.match(said(twoSockets(), { rounds: 3 }), /^Too few rounds: 2 comparisons at once need 7, and there were 3\.$/);
  const slipped = said(twoSockets(), {
    more: ({ order }) => (order === 'flat' ? { valid: false, why: 'the worker migrated 3 times' } : {}),
  });
  assert.match(slipped, /Part of the answer is missing for fork and join: the worker migrated 3 times\./);
});

test('in the terminal: a table a load, what was stolen from whom, and that a host is emulated', () => {
  const text = runText(
    measuredPools(emulated(twoSockets()), { loads: ['tree', 'distance'], touches: ['worker', 'main'] }),
  );
  assert.match(
    text,
    /Fork and join, k jobs\/s, 16 workers on 2 nodes\n +flat +random +hierarchical\n {4}first touch by worker +1 /,
  );
  assert.match(
    text,
    /15 % of jobs stolen \(67 % same core, 33 % same L3; 30 % of attempts\), 10 % run on another node, 25 % of the time idle, 1 % of jobs longer than 1 ms, 10 ns an allocation/,
  );
  assert.match(text, /Medians of 11 rounds; emulated\./);
  assert.match(text, /on an emulated host/);
});
