import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { fitPlacement, memoryNode, move, NEW_HISTORY, push, refusal, undo } from '../../src/model/placement.ts';
import { EMPTY_PLACEMENT, ROLES } from '../../src/model/workload.ts';
import { machine, twoSockets } from './topologies.ts';

const moves = fc.array(fc.tuple(fc.constantFrom(...ROLES), fc.option(fc.nat(20))), { maxLength: 60 });

test('a move changes its token and no other; none is ever lost', () => {
  fc.assert(
    fc.property(moves, (list) => {
      let placement = EMPTY_PLACEMENT;
      for (const [role, target] of list) {
        const next = move(placement, role, target);
        assert.deepEqual(Object.keys(next).sort(), [...ROLES].sort());
        assert.equal(next[role], target);
        for (const other of ROLES) if (other !== role) assert.equal(next[other], placement[other]);
        placement = next;
      }
    }),
  );
});

test('undo takes back every move that changed something, in turn', () => {
  fc.assert(
    fc.property(moves, (list) => {
      let history = NEW_HISTORY;
      const seen = [history.now];
      for (const [role, target] of list) {
        const next = push(history, move(history.now, role, target));
        if (next !== history) seen.push(next.now);
        history = next;
      }
      for (const placement of seen.reverse()) {
        assert.deepEqual(history.now, placement);
        history = undo(history);
      }
      assert.equal(undo(history), history);
    }),
  );
});

test('the past is bounded', () => {
  let history = NEW_HISTORY;
  for (let i = 0; i < 1000; i++) history = push(history, move(history.now, 'producer', i));
  assert.equal(history.past.length, 100);
  assert.equal(undo(history).now.producer, 998);
});

test('a token is refused where it cannot be, with what can be done', () => {
  const topology = twoSockets({ offline: [15], allowed: '0-5' });
  assert.equal(refusal(topology, 'producer', 3), null);
  assert.equal(refusal(topology, 'consumer', 99)?.code, 'cpu-absent');
  assert.equal(refusal(topology, 'consumer', 6)?.code, 'cpu-forbidden');
  assert.match(refusal(topology, 'consumer', 6)?.hint ?? '', /CPUs 0-5 can be used/);
  assert.match(refusal(topology, 'producer', 15)?.message ?? '', /offline/);
  assert.match(refusal(topology, 'producer', 15)?.hint ?? '', /cpu15\/online/);
  assert.equal(refusal(topology, 'memory', 7)?.code, 'node-absent');
  assert.equal(refusal(topology, 'memory', 1), null);
});

test('memory in the tray lies on the producer’s node, or the nearest that has some', () => {
  const placed = { producer: 4, consumer: 0, memory: null };
  assert.equal(memoryNode(twoSockets(), placed), 1);
  assert.equal(memoryNode(twoSockets(), { ...placed, memory: 0 }), 0);
  assert.equal(memoryNode(twoSockets(), EMPTY_PLACEMENT), null);
  const bare = machine({ packages: 2, coresPerNode: 4, memoryGiB: 0, cpulessNodes: 1 });
  assert.equal(refusal(bare, 'memory', 0)?.code, 'node-without-memory');
  assert.equal(memoryNode(bare, placed), 2);
});

test('tokens that another machine has no place for go back into the tray', () => {
  const topology = twoSockets({ allowed: '0-5' });
  assert.deepEqual(fitPlacement(topology, { producer: 2, consumer: 6, memory: 9 }), {
    producer: 2,
    consumer: null,
    memory: null,
  });
});
