import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { memoryTarget, placementOf, SPSC_SLOTS } from '../../../src/model/bench/spsc/slots.ts';
import {
  fitPlacement,
  idsAt,
  memoryNodesOf,
  move,
  NEW_HISTORY,
  push,
  refusal,
  undo,
} from '../../../src/model/placement/placement.ts';
import type { Part } from '../../../src/model/placement/placement.ts';
import {
  EMPTY_PLACEMENT,
  lineCpus,
  otherSlot,
  samePlacement,
  withEndsSwapped,
} from '../../../src/model/placement/slots.ts';
import type { Placement, Slot } from '../../../src/model/placement/slots.ts';
import { cpuRefusal, nodeRefusal } from '../../../src/model/placement/usable.ts';
import { memoryNotes } from '../../../src/model/verdict/memory-notes.ts';
import { plan } from '../../../src/model/bench/spsc/plan.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { reportMarkdown } from '../../../src/model/report/markdown.ts';
import { runText } from '../../../src/model/verdict/text.ts';
import { formatCpuList } from '../../../src/model/text/cpulist.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { DEFAULT_WORKLOAD } from '../../../src/model/bench/spsc/workload.ts';
import type { SpscCase } from '../../../src/model/cases/spsc.ts';
import { DEFAULT_MEMORY_WORKLOAD } from '../../../src/model/bench/memory/workload.ts';
import { keptPlacementSchema, keptWorkloadSchema } from '../../../src/protocol/kept-board.ts';
import { parseRun } from '../../../src/protocol/run.ts';
import { CONSUMER, MEMORY, placed, PRODUCER } from '../../support/slots.ts';
import { syntheticProbe } from '../machines.ts';
import { machine, runOf, spscCase, twoSockets } from '../topologies.ts';

const ringNode = (topology: Topology, at: Readonly<Record<string, number>>): number | undefined =>
  memoryNodesOf(topology, MEMORY, placed(at))[0];

function planned(topology: Topology, placement: Placement): readonly SpscCase[] {
  const made = plan(topology, placement, DEFAULT_WORKLOAD, null);
  return 'cases' in made ? made.cases : assert.fail(made.why);
}

/** A benchmark that there is not: a pool of workers with memory of its own, and one CPU that feeds it. */
const WORKERS: Slot = {
  ...{ name: 'workers', letter: 'W', label: 'Workers', spoken: 'workers', dropped: 'a worker runs there' },
  ...{ on: 'cpus', many: true, shape: 'round', lineTo: null, follows: null },
};
const FEEDER: Slot = { ...WORKERS, name: 'feeder', many: false, lineTo: 'workers' };
const HEAP: Slot = { ...WORKERS, name: 'heap', on: 'nodes', shape: 'module', follows: 'workers' };
const POOL = [WORKERS, FEEDER, HEAP];

const made = fc.oneof(
  fc.record({ drop: fc.array(fc.nat(20), { maxLength: 3 }) }),
  fc.record({ take: fc.array(fc.nat(20), { maxLength: 3 }) }),
  fc.record({ put: fc.option(fc.oneof(fc.array(fc.nat(20), { maxLength: 3 }), fc.constant({ of: 'workers' }))) }),
);
const moves = fc.array(fc.tuple(fc.constantFrom(...SPSC_SLOTS, ...POOL), made), { maxLength: 60 });

test('a move changes its token and no other; what a token holds is ascending, without repeats, and never nothing', () => {
  fc.assert(
    fc.property(moves, (list) => {
      let placement = EMPTY_PLACEMENT;
      for (const [slot, how] of list) {
        const next = move(placement, slot, how);
        assert.equal(samePlacement(placement, next), placement === next, 'another only where something changed');
        for (const name of new Set([...Object.keys(placement), ...Object.keys(next)])) {
          if (name !== slot.name) assert.deepEqual(next[name], placement[name]);
        }
        const held = next[slot.name];
        if (held && !('of' in held))
          assert.deepEqual(
            held,
            [...new Set(held)].sort((a, b) => a - b),
          );
        assert.notDeepEqual(held, []);
        placement = next;
      }
    }),
  );
});

test('of one a drop replaces what it holds; of many a second drop adds, and taking away removes', () => {
  const one = move(move(EMPTY_PLACEMENT, FEEDER, { drop: [3] }), FEEDER, { drop: [5] });
  assert.deepEqual(one, { feeder: [5] });
  const first = move(one, WORKERS, { drop: [6, 4] });
  const second = move(first, WORKERS, { drop: [0, 4] });
  assert.deepEqual(second, { feeder: [5], workers: [0, 4, 6] });
  assert.equal(move(second, WORKERS, { drop: [4] }), second);
  assert.deepEqual(move(second, WORKERS, { take: [4, 9] }), { feeder: [5], workers: [0, 6] });
  assert.deepEqual(move(second, WORKERS, { take: [0, 4, 6] }), { feeder: [5] });
  assert.deepEqual(move(second, WORKERS, { put: [7] })['workers'], [7], 'a field says all of it');
  assert.deepEqual(move(second, FEEDER, { put: null }), { workers: [0, 4, 6] });
});

test('dropped on a core, L3, node or package a token of many takes all of its CPUs that may be used; one of one takes none', () => {
  // Two packages of four cores; a core is two CPUs, eight apart. An L3 is as far as a package.
  const topology = machine({ packages: 2, coresPerNode: 4, threads: 2, allowed: '0-3,5,8-15' });
  const ids = (kind: Part['kind'], id: number, slot = WORKERS): string =>
    formatCpuList(idsAt(topology, slot, { kind, id }));
  assert.equal(ids('cpu', 9), '9');
  assert.equal(ids('core', 9), '1,9');
  assert.equal(ids('core', 4), '12', 'of its two CPUs one may be used');
  assert.equal(ids('l3', 0), '0-3,8-11');
  assert.equal(ids('node', 1), '5,12-15');
  assert.equal(ids('package', 1), '5,12-15');
  assert.equal(ids('cpu', 4), '4', 'what cannot be used is refused by name');
  assert.equal(refusal(topology, WORKERS, idsAt(topology, WORKERS, { kind: 'cpu', id: 4 }))?.code, 'cpu-forbidden');
  assert.equal(refusal(topology, WORKERS, idsAt(topology, WORKERS, { kind: 'package', id: 1 })), null);
  assert.equal(ids('core', 0, FEEDER), '');
  assert.equal(ids('cpu', 0, FEEDER), '0');
  assert.equal(ids('node', 1, HEAP), '1');
  assert.equal(ids('cpu', 1, HEAP), '');
});

test('memory lies where it was placed, on the node of the slot it was given to, or of the one that it follows', () => {
  const topology = twoSockets();
  const pool = { workers: [4, 5], feeder: [0] };
  assert.deepEqual(memoryNodesOf(topology, HEAP, pool), [1]);
  assert.deepEqual(memoryNodesOf(topology, HEAP, { ...pool, heap: { of: 'feeder' } }), [0]);
  assert.deepEqual(memoryNodesOf(topology, HEAP, { ...pool, heap: [0, 1] }), [0, 1]);
  assert.deepEqual(memoryNodesOf(topology, HEAP, { feeder: [0] }), []);
});

test('a line joins the slots that the benchmark says, and prices are told from its other end', () => {
  assert.deepEqual(lineCpus(SPSC_SLOTS, placed({ producer: 3, consumer: 1 })), [3, 1]);
  assert.equal(lineCpus(SPSC_SLOTS, placed({ producer: 3 })), null);
  assert.deepEqual(lineCpus(POOL, { feeder: [7], workers: [2, 3] }), [7, 2]);
  assert.equal(lineCpus([WORKERS, HEAP], { workers: [2, 3] }), null);
  const other = (slots: readonly Slot[], slot: Slot): string | undefined => otherSlot(slots, slot)?.name;
  assert.deepEqual(
    [PRODUCER, CONSUMER, MEMORY].map((slot) => other(SPSC_SLOTS, slot)),
    ['consumer', 'producer', 'producer'],
  );
  assert.deepEqual(
    [WORKERS, FEEDER, HEAP].map((slot) => other(POOL, slot)),
    ['feeder', 'workers', 'workers'],
  );
});

test('the tokens of a run lie where it was measured; memory that was interleaved has none', () => {
  assert.deepEqual(placementOf(spscCase(1, 4, { memory: 0 })), placed({ producer: 1, consumer: 4, memory: 0 }));
  assert.deepEqual(placementOf(spscCase(1, 4, { memory: 'interleave' })), placed({ producer: 1, consumer: 4 }));
  const consumers = placementOf(spscCase(1, 4, { memory: 'consumer' }));
  assert.equal(memoryTarget(twoSockets(), consumers), 1);
  assert.equal(memoryTarget(twoSockets(), placed({ producer: 1, consumer: 4 })), 0);
});

test('undo takes back every move that changed something, in turn', () => {
  fc.assert(
    fc.property(moves, (list) => {
      let history = NEW_HISTORY;
      const seen = [history.now];
      for (const [slot, how] of list) {
        const next = push(history, move(history.now, slot, how));
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
  for (let i = 0; i < 1000; i++) history = push(history, move(history.now, PRODUCER, { drop: [i] }));
  assert.equal(history.past.length, 100);
  assert.deepEqual(undo(history).now, placed({ producer: 998 }));
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
  assert.equal(ringNode(twoSockets(), { producer: 4, consumer: 0 }), 1);
  assert.equal(ringNode(twoSockets(), { producer: 4, consumer: 0, memory: 0 }), 0);
  assert.equal(ringNode(twoSockets(), {}), undefined);
  const bare = machine({ packages: 2, coresPerNode: 4, memoryGiB: 0, cpulessNodes: 1 });
  assert.equal(nodeRefusal(bare, 0)?.code, 'node-without-memory');
  assert.equal(ringNode(bare, { producer: 4, consumer: 0 }), 2);
});

test('tokens that another machine, or another benchmark, has no place for go back into the tray', () => {
  const topology = twoSockets({ allowed: '0-5' });
  const before = placed({ producer: 2, consumer: 6, memory: 9 });
  assert.deepEqual(fitPlacement(topology, SPSC_SLOTS, before), placed({ producer: 2 }));
  assert.deepEqual(fitPlacement(topology, POOL, { ...before, workers: [5, 6], heap: { of: 'workers' } }), {
    workers: [5],
    heap: { of: 'workers' },
  });
  assert.deepEqual(fitPlacement(topology, SPSC_SLOTS, { memory: { of: 'workers' } }), {});
});

test('a placement that an earlier version kept is read', () => {
  const kept = { producer: 0, consumer: null, memory: 1 };
  assert.deepEqual(v.parse(keptPlacementSchema, kept), placed({ producer: 0, memory: 1 }));
  assert.deepEqual(v.parse(keptPlacementSchema, { workers: [0, 1] }), { workers: [0, 1] });
  assert.equal(v.safeParse(keptPlacementSchema, { workers: [] }).success, false);
  const { kind, ...former } = DEFAULT_WORKLOAD;
  assert.deepEqual(v.parse(keptWorkloadSchema, former), { kind, ...former }, 'settings, too');
  assert.deepEqual(v.parse(keptWorkloadSchema, DEFAULT_MEMORY_WORKLOAD), DEFAULT_MEMORY_WORKLOAD);
  assert.equal(v.safeParse(keptWorkloadSchema, { ...former, kind: 'pools' }).success, false);
});

test('memory goes to nodes of the cpuset alone: refused elsewhere by name, and the ring lies where the kernel lets it', () => {
  const topology = twoSockets({ allowedNodes: '1' });
  const refused = nodeRefusal(topology, 0);
  assert.equal(refused?.code, 'node-forbidden');
  assert.match(refused.hint ?? '', /memory of node 1 can be used/);
  assert.equal(nodeRefusal(topology, 1), null);
  assert.equal(ringNode(topology, { producer: 0, consumer: 1 }), 1);
  assert.equal(
    fitPlacement(topology, SPSC_SLOTS, placed({ producer: 0, consumer: 1, memory: 0 }))['memory'],
    undefined,
  );
  const cases = planned(topology, placed({ producer: 0, consumer: 4 }));
  assert.deepEqual(
    cases.map(({ memory }) => memory),
    [1, 1],
  );
  // The nearest of several, and one without CPUs where no other is left.
  const three = machine({ packages: 3, coresPerNode: 2, cpulessNodes: 1, allowedNodes: '3', allowed: '0-3' });
  assert.equal(ringNode(three, { producer: 2, consumer: 0 }), 3);
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
  const cases = planned(topology, placed({ producer: 0, consumer: 1 }));
  assert.deepEqual([...new Set(cases.map(({ memory }) => memory))], ['producer']);
  assert.match(memoryNotes(topology, []).join(' '), /shows no NUMA nodes: memory was not bound/);
});

test('a run names the memory it left out, and where that of other CPUs lay', () => {
  const topology = twoSockets({ allowedNodes: '0' });
  const run = runOf({ topology, cases: [spscCase(4, 5, { memory: 'producer' })], figures: [[1, 2, 3]] });
  const said = run.notes?.join('\n') ?? '';
  assert.match(said, /NUMA node 1 left out: outside the cpuset/);
  assert.match(said, /Memory of CPU 4 is on node 0/);
  for (const words of [runText(run), reportMarkdown(run, [])]) {
    assert.match(words, /node 1 left out/);
  }
  assert.deepEqual(parseRun(JSON.stringify(run)).notes, run.notes);
  assert.equal('notes' in runOf({ figures: [[1]] }), false);
});

test('the ends of a line change places, and what follows one of them goes on following it', () => {
  const placement = { ...placed({ producer: 1, consumer: 18 }), memory: { of: 'producer' } };
  const swapped = withEndsSwapped(SPSC_SLOTS, placement);
  assert.deepEqual(swapped, { producer: [18], consumer: [1], memory: { of: 'producer' } });
  assert.equal(withEndsSwapped(SPSC_SLOTS, placed({ producer: 1 })), null);
  assert.equal(withEndsSwapped([MEMORY], placed({ memory: 0 })), null);
});
