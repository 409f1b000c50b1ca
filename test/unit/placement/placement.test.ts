import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { fitPlacement, memoryNode, move, NEW_HISTORY, push, undo } from '../../../src/model/placement/placement.ts';
import { cpuRefusal, nodeRefusal } from '../../../src/model/placement/usable.ts';
import { memoryNotes } from '../../../src/model/verdict/memory-notes.ts';
import { plan } from '../../../src/model/bench/spsc/plan.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { reportMarkdown } from '../../../src/model/report/markdown.ts';
import { runText } from '../../../src/model/verdict/text.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { DEFAULT_WORKLOAD } from '../../../src/model/bench/spsc/workload.ts';
import { EMPTY_PLACEMENT, ROLES } from '../../../src/model/cases/spsc.ts';
import type { Placement, SpscCase } from '../../../src/model/cases/spsc.ts';
import { parseSnapshot } from '../../../src/protocol/snapshot.ts';
import { syntheticProbe } from '../machines.ts';
import { machine, runOf, spscCase, twoSockets } from '../topologies.ts';

function planned(topology: Topology, placement: Placement): readonly SpscCase[] {
  const made = plan(topology, placement, DEFAULT_WORKLOAD, null);
  return 'cases' in made ? made.cases : assert.fail(made.why);
}

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
  assert.equal(cpuRefusal(topology, 3), null);
  assert.equal(cpuRefusal(topology, 99)?.code, 'cpu-absent');
  assert.equal(cpuRefusal(topology, 6)?.code, 'cpu-forbidden');
  assert.match(cpuRefusal(topology, 6)?.hint ?? '', /CPUs 0-5 can be used/);
  assert.match(cpuRefusal(topology, 15)?.message ?? '', /offline/);
  assert.match(cpuRefusal(topology, 15)?.hint ?? '', /cpu15\/online/);
  assert.equal(nodeRefusal(topology, 7)?.code, 'node-absent');
  assert.equal(nodeRefusal(topology, 1), null);
});

test('memory in the tray lies on the producer’s node, or the nearest that has some', () => {
  const placed = { producer: 4, consumer: 0, memory: null };
  assert.equal(memoryNode(twoSockets(), placed), 1);
  assert.equal(memoryNode(twoSockets(), { ...placed, memory: 0 }), 0);
  assert.equal(memoryNode(twoSockets(), EMPTY_PLACEMENT), null);
  const bare = machine({ packages: 2, coresPerNode: 4, memoryGiB: 0, cpulessNodes: 1 });
  assert.equal(nodeRefusal(bare, 0)?.code, 'node-without-memory');
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

test('memory goes to nodes of the cpuset alone: refused elsewhere by name, and the ring lies where the kernel lets it', () => {
  const topology = twoSockets({ allowedNodes: '1' });
  const refused = nodeRefusal(topology, 0);
  assert.equal(refused?.code, 'node-forbidden');
  assert.match(refused.hint ?? '', /memory of node 1 can be used/);
  assert.equal(nodeRefusal(topology, 1), null);
  assert.equal(memoryNode(topology, { producer: 0, consumer: 1, memory: null }), 1);
  assert.equal(fitPlacement(topology, { producer: 0, consumer: 1, memory: 0 }).memory, null);
  const cases = planned(topology, { producer: 0, consumer: 4, memory: null });
  assert.deepEqual(
    cases.map(({ memory }) => memory),
    [1, 1],
  );
  // The nearest of several, and one without CPUs where no other is left.
  const three = machine({ packages: 3, coresPerNode: 2, cpulessNodes: 1, allowedNodes: '3', allowed: '0-3' });
  assert.equal(memoryNode(three, { producer: 2, consumer: 0, memory: null }), 3);
  assert.match(nodeRefusal(three, 9)?.hint ?? '', /nodes 0-3/);
});

test('a node that the reader made up is bound to by nothing', () => {
  const files = new Map([...syntheticProbe({ packages: 1, coresPerNode: 4, allowedNodes: '1' })]);
  for (const path of files.keys()) if (path.startsWith('sys/devices/system/node')) files.delete(path);
  const topology = readTopology(files);
  assert.deepEqual(
    topology.nodes.map(({ inferred, allowed }) => [inferred, allowed]),
    [[true, true]],
  );
  const cases = planned(topology, { producer: 0, consumer: 1, memory: null });
  assert.deepEqual([...new Set(cases.map(({ memory }) => memory))], ['producer']);
  assert.match(memoryNotes(topology, []).join(' '), /shows no NUMA nodes: memory was bound to none/);
});

test('a run names the memory it left out, and where that of other CPUs lay', () => {
  const topology = twoSockets({ allowedNodes: '0' });
  const run = runOf({ topology, cases: [spscCase(4, 5, { memory: 'producer' })], figures: [[1, 2, 3]] });
  const said = run.notes?.join('\n') ?? '';
  assert.match(said, /NUMA node 1 left out: outside the cpuset/);
  assert.match(said, /Memory of CPU 4 lies on node 0/);
  for (const words of [runText(run), reportMarkdown(run, [])]) {
    assert.match(words, /node 1 left out/);
  }
  assert.deepEqual(parseSnapshot(JSON.stringify(run)).notes, run.notes);
  assert.equal('notes' in runOf({ figures: [[1]] }), false);
});
