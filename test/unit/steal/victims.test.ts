// One worker's victims, as a picture numbers them: the order of the pool it is in, class by class, with nothing lost.
import assert from 'node:assert/strict';
import test from 'node:test';
import { stealOrders } from '../../../src/model/steal/order.ts';
import { placesOf } from '../../../src/model/steal/victim-class.ts';
import { victimSentence, victimsOf } from '../../../src/model/steal/victims.ts';
import { fourNodes, machine, oneNode, twoSockets } from '../topologies.ts';

test('classes follow each other without a gap, and together are the order of the worker', () => {
  for (const topology of [
    twoSockets(),
    fourNodes(),
    oneNode(),
    machine({ packages: 2, coresPerNode: 8, threads: 2, l3PerNode: 4 }),
  ]) {
    const workers = topology.cpus.map(({ id }) => id);
    for (const { cpu, victims, classes } of stealOrders(topology, workers).workers) {
      const found = victimsOf(topology, workers, cpu) ?? assert.fail();
      assert.deepEqual(
        found.classes.flatMap(({ cpus }) => cpus),
        victims,
      );
      let next = 1;
      for (const one of found.classes) {
        assert.equal(one.first, next);
        next += one.cpus.length;
      }
      assert.equal(found.classes.length, new Set(classes).size);
    }
  }
});

test('a pool is asked apart from all CPUs; who is not in it steals from nobody', () => {
  const topology = twoSockets();
  const pool = [0, 1, 4];
  const found = victimsOf(topology, pool, 0) ?? assert.fail();
  assert.deepEqual(
    found.classes.map((one) => [placesOf(one), one.words, one.short, ...one.cpus]),
    [
      ['1', 'same L3', 'L3', 1],
      ['2', 'node at distance 21', 'd21', 4],
    ],
  );
  assert.equal(victimSentence(found), 'cpu 0 steals first from cpu 1, same L3; then from cpu 4, node at distance 21.');
  assert.equal(victimsOf(topology, pool, 9), null);
  const whole = victimsOf(
    topology,
    topology.cpus.map(({ id }) => id),
    0,
  );
  assert.deepEqual(whole?.classes.map(placesOf), ['1', '2–7', '8–15']);
  assert.equal(victimSentence({ thief: 3, classes: [] }), 'cpu 3 has nobody to steal from.');
});
