// Which placements a machine offers to a race: those it makes possible, no two alike, on what the session may use.
import assert from 'node:assert/strict';
import test from 'node:test';
import { allCandidates, chooseCandidates, ownCandidate } from '../../../../src/model/bench/race/candidates.ts';
import type { Candidate } from '../../../../src/model/bench/race/candidates.ts';
import { pinNodes } from '../../../../src/model/bench/program/command.ts';
import { PinboardError } from '../../../../src/model/problem.ts';
import { parseCpuList } from '../../../../src/model/text/cpulist.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { fourNodes, machine, oneNode, twoSockets } from '../../topologies.ts';

const raced = { program: 'server', thp: null, threads: [] };
const offered = (topology: Topology): Candidate[] => allCandidates(topology, raced);
const names = (candidates: readonly Candidate[]): string[] => candidates.map(({ name }) => name);

function pinned(topology: Topology, name: string): string {
  const found = offered(topology).find((one) => one.name === name);
  return (found ?? assert.fail(`no ${name}: ${names(offered(topology)).join()}`)).pins
    .map(({ cpus, node, memory }) => `${cpus}@${memory ?? String(node)}`)
    .join(' ');
}

test('two sockets: nodes bound, local, preferred, interleave, without siblings, spread; unpinned first', () => {
  const topology = twoSockets();
  assert.deepEqual(names(offered(topology)).slice(0, 3), ['unpinned', 'node:0', 'node:1']);
  assert.equal(pinned(topology, 'node:1'), '4-7,12-15@1');
  assert.equal(pinned(topology, 'node:0+local'), '0-3,8-11@null');
  assert.equal(pinned(topology, 'node:0+preferred'), '0-3,8-11@preferred:0');
  assert.equal(pinned(topology, 'node:0+cores'), '0-3@0');
  assert.equal(pinned(topology, 'node:1+interleave'), '4-7,12-15@interleave:0-1');
  assert.equal(pinned(topology, 'interleave'), '@interleave:0-1');
  assert.equal(pinned(topology, 'cores'), '0-7@null');
  assert.equal(pinned(topology, 'spread'), '0-1,4-5,8-9,12-13@null');
});

test('several nodes a socket offer the socket, several L3 a node the L3', () => {
  assert.equal(pinned(fourNodes(), 'socket:1'), '4-7@2-3');
  const l3 = machine({ packages: 1, nodesPerPackage: 2, coresPerNode: 4, l3PerNode: 2 });
  assert.equal(pinned(l3, 'l3:1'), '2-3@null');
});

test('one node and nothing to choose between offers fewer CPUs, and huge pages where the host lets a program ask', () => {
  assert.deepEqual(names(offered(oneNode())), ['unpinned', 'half']);
  const huge = allCandidates(oneNode(), { ...raced, thp: 'madvise' });
  assert.deepEqual(names(huge), ['unpinned', 'half', 'thp']);
  assert.deepEqual(names(allCandidates(oneNode(), { ...raced, thp: 'always' })), ['unpinned', 'half']);
});

test('weighted interleave is offered by kernels that have it', () => {
  const kernel = (version: string): Topology => {
    const topology = twoSockets();
    return { ...topology, machine: { ...topology.machine, kernel: version } };
  };
  assert.ok(names(offered(kernel('6.9.1'))).includes('weighted-interleave'));
  assert.ok(!names(offered(kernel('6.1.0-13-amd64'))).includes('weighted-interleave'));
});

test('threads whose names are known are put on nodes by name, the busy ones apart', () => {
  const threads = [
    { name: 'parser', cpuSeconds: 9 },
    { name: 'writer', cpuSeconds: 6 },
    { name: 'log', cpuSeconds: 2 },
    { name: 'timer', cpuSeconds: 0.1 },
  ];
  const [found] = allCandidates(twoSockets(), { ...raced, threads }).filter(({ name }) => name === 'threads');
  assert.deepEqual(
    found?.pins.map(({ name, cpus }) => `${name}=${cpus}`),
    ['parser=0-3,8-11', 'writer=4-7,12-15', 'log=4-7,12-15'],
  );
  const one = allCandidates(twoSockets(), { ...raced, threads: threads.slice(0, 1) });
  assert.ok(!names(one).includes('threads'));
});

test('only CPUs and nodes that the session may use are named, and no two candidates come to the same', () => {
  for (const topology of [
    twoSockets({ allowed: '0-2,4-15', allowedNodes: '1' }),
    fourNodes({ offline: [3], allowedNodes: '0,2-3' }),
    machine({ packages: 2, coresPerNode: 2, cpulessNodes: 2 }),
    machine({ packages: 2, nodesPerPackage: 4, coresPerNode: 4, l3PerNode: 2, threads: 2 }),
  ]) {
    const usable = new Set(topology.cpus.filter(({ online, allowed }) => online && allowed).map(({ id }) => id));
    const memory = new Set(
      topology.nodes.filter(({ allowed, memoryBytes }) => allowed && memoryBytes !== 0).map(({ id }) => id),
    );
    const all = offered(topology);
    for (const { name, pins } of all) {
      for (const pin of pins) {
        assert.ok(
          parseCpuList(pin.cpus).every((cpu) => usable.has(cpu)),
          `${name}: ${pin.cpus}`,
        );
        assert.ok(
          pinNodes(pin).every((node) => memory.has(node)),
          `${name}: nodes ${pinNodes(pin).join()}`,
        );
      }
    }
    const keys = all.map(({ pins, before }) => JSON.stringify([pins, before]));
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(chooseCandidates(all, null, []).length <= 12);
  }
});

test('named candidates are raced in that order, beside unpinned; an unknown name is refused with what there is', () => {
  const all = offered(twoSockets());
  assert.deepEqual(names(chooseCandidates(all, ['spread', 'unpinned', 'node:1'], [])), [
    'unpinned',
    'spread',
    'node:1',
  ]);
  const mine = ownCandidate({ name: 'mine', cpus: '0', node: 1 }, 'server');
  assert.deepEqual(names(chooseCandidates(all, ['node:1'], [mine])), ['unpinned', 'mine', 'node:1']);
  assert.throws(
    () => chooseCandidates(all, ['nod:1'], []),
    (error) =>
      error instanceof PinboardError && error.code === 'usage' && (error.hint ?? '').includes('node:1+local: One node'),
  );
  assert.throws(() => chooseCandidates(all, ['node:1', 'node:1'], []), /Two candidates are called "node:1"/);
  assert.throws(() => chooseCandidates(all, ['unpinned'], []), /nothing to race/);
});
