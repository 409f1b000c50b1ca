// Moving by keys: by topology, never against the picture, and back by the way one came.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parseCpuList } from '../../../src/model/text/cpulist.ts';
import { borderBetween } from '../../../src/model/topology/borders.ts';
import { nodeBoxOf, puOf } from '../../../src/model/layout/find.ts';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import { sameHome, stepFrom, STEPS } from '../../../src/model/layout/step.ts';
import type { Step, Way } from '../../../src/model/layout/step.ts';
import type { Layout } from '../../../src/model/layout/types.ts';
import { indexTopology, nodeOf } from '../../../src/model/topology/relation.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { stepPlace } from '../../../src/webview/machine/focus.ts';
import type { Place } from '../../../src/webview/machine/focus.ts';
import { stepWords } from '../../../src/webview/machine/steps.ts';
import { anyTopology, FOUR_AND_CXL, machine, SHAPES, TWO_SOCKETS } from './topologies.ts';
import { varied } from '../../support/long.ts';

const BOARD = { width: 912, height: 766 };
const BOARDS = [BOARD, { width: 1500, height: 700 }, { width: 420, height: 900 }];
const WAYS = ['left', 'right', 'up', 'down'] as const;
const BACK: Readonly<Record<Way, Way>> = { left: 'right', right: 'left', up: 'down', down: 'up' };

const go = (layout: Layout, cpu: number, step: Step): number => stepFrom(layout, 'cpu', cpu, step) ?? -1;

/** Machines with two rows of nodes in a package, several L3, stacked threads, holes in their grids, cores of two kinds. */
const MACHINES: readonly Topology[] = [
  TWO_SOCKETS,
  FOUR_AND_CXL,
  ...SHAPES.filter(({ packages, coresPerNode }) => packages * coresPerNode <= 256).map(machine),
  machine({ packages: 3, coresPerNode: 5, offline: [4] }),
  machine({ packages: 2, nodesPerPackage: 4, coresPerNode: 7, threads: 2, l3PerNode: 2 }),
];

test('arrows go where they point, and stay where nothing lies', () => {
  for (const topology of MACHINES) {
    for (const board of BOARDS) {
      const layout = layoutMachine(topology, board);
      for (const pu of layout.pus) {
        for (const way of WAYS) {
          const to = puOf(layout, go(layout, pu.cpu, way));
          assert.ok(to);
          if (to.cpu === pu.cpu) continue;
          const [dx, dy] = [to.x + to.w / 2 - pu.x - pu.w / 2, to.y + to.h / 2 - pu.y - pu.h / 2];
          assert.ok({ left: -dx, right: dx, up: -dy, down: dy }[way] > 0, `${pu.cpu} ${way} to ${to.cpu}`);
        }
      }
    }
  }
});

test('first within the core, then core to core, then into the next node', () => {
  const layout = layoutMachine(TWO_SOCKETS, BOARD);
  assert.equal(go(layout, 0, 'right'), 36, 'its sibling');
  assert.equal(go(layout, 36, 'right'), 1, 'the next core');
  assert.equal(go(layout, 0, 'up'), 0);
  const row = layout.pus.filter((pu) => pu.section === 0 && pu.y === puOf(layout, 0)?.y).sort((a, b) => a.x - b.x);
  assert.ok(row.length > 2);
  const last = row.at(-1)?.cpu ?? -1;
  assert.equal(go(layout, last, 'right'), 18, 'over the gap, into the same row');
  assert.equal(go(layout, 18, 'left'), last);
  const stacked = layoutMachine(machine({ packages: 2, coresPerNode: 96, threads: 2, l3PerNode: 12 }), BOARD);
  const [one, two] = [puOf(stacked, 0), puOf(stacked, 192)];
  assert.ok(one && one.x === two?.x, 'threads stand one above the other');
  assert.equal(go(stacked, 0, 'down'), 192);
  assert.equal(go(stacked, 0, 'right'), 1);
});

test('an arrow keeps to the node as long as it has a core there in that line', () => {
  for (const topology of MACHINES) {
    const layout = layoutMachine(topology, BOARD);
    const inLine = (a: number, b: number, way: Way): boolean => {
      const [one, two] = [puOf(layout, a), puOf(layout, b)];
      const [from, to] = [layout.cores[one?.core ?? -1], layout.cores[two?.core ?? -1]];
      if (!from || !to || one?.section !== two?.section) return false;
      if (way === 'right') return from.y === to.y && to.x > from.x;
      return from.x === to.x && to.y > from.y;
    };
    for (const pu of layout.pus) {
      for (const way of ['right', 'down'] as const) {
        if (!layout.pus.some((other) => inLine(pu.cpu, other.cpu, way))) continue;
        assert.ok(sameHome(layout, pu.cpu, go(layout, pu.cpu, way)));
      }
    }
  }
});

test('a step back leads back: to the same CPU within a node, and over the gap between equal nodes', () => {
  for (const topology of MACHINES) {
    const alike = new Set(topology.cores.map((core) => parseCpuList(core.cpus).length)).size === 1;
    for (const board of BOARDS) {
      const layout = layoutMachine(topology, board);
      for (const { cpu } of layout.pus) {
        for (const way of WAYS) {
          const to = go(layout, cpu, way);
          if (to === cpu || !sameHome(layout, cpu, to)) continue;
          const back = go(layout, to, BACK[way]);
          assert.equal(puOf(layout, back)?.core, puOf(layout, cpu)?.core, `${cpu} ${way}`);
          // Where an offline thread leaves a core with fewer, its other thread is come back to.
          if (alike) assert.equal(back, cpu, `${cpu} ${way}`);
        }
      }
    }
  }
  const layout = layoutMachine(TWO_SOCKETS, BOARD);
  for (const { cpu } of layout.pus) {
    assert.equal(
      go(layout, go(layout, cpu, 'right'), 'left'),
      go(layout, cpu, 'right') === cpu ? go(layout, cpu, 'left') : cpu,
    );
  }
});

test('every CPU can be reached by arrows from every other', () => {
  for (const topology of MACHINES) {
    for (const board of BOARDS) {
      const layout = layoutMachine(topology, board);
      const reached = new Set<number>();
      const next = [layout.pus[0]?.cpu ?? 0];
      for (let cpu = next.pop(); cpu !== undefined; cpu = next.pop()) {
        if (reached.has(cpu)) continue;
        reached.add(cpu);
        for (const way of WAYS) next.push(go(layout, cpu, way));
      }
      assert.equal(reached.size, topology.cpus.length);
    }
  }
});

test('home and end stay in the node; pages and Shift lead to the same place in another', () => {
  const layout = layoutMachine(TWO_SOCKETS, BOARD);
  assert.equal(go(layout, 40, 'first'), 0);
  assert.equal(go(layout, 40, 'last'), 53);
  for (const [there, back] of [
    ['next', 'previous'],
    ['node-right', 'node-left'],
  ] as const) {
    assert.equal(go(layout, 40, there), 58);
    assert.equal(go(layout, 58, back), 40);
    assert.equal(go(layout, 58, there), 58);
  }
  const snc = machine({ packages: 2, nodesPerPackage: 4, coresPerNode: 4, threads: 2 });
  const nodes = layoutMachine(snc, BOARD);
  let cpu = 1;
  for (const id of [0, 1, 2, 3, 4, 5, 6, 7]) {
    assert.equal(nodeOf(snc, cpu)?.id, id, 'node by node, not package by package');
    assert.equal(cpu % 4, 1, 'the same core of each');
    cpu = go(nodes, cpu, 'next');
  }
});

test('memory moves over nodes, those without CPUs too', () => {
  const layout = layoutMachine(FOUR_AND_CXL, BOARD);
  for (const prefix of ['', 'node-'] as const) {
    assert.equal(stepFrom(layout, 'node', 0, `${prefix}right`), 2);
    assert.equal(stepFrom(layout, 'node', 0, `${prefix}down`), 1);
    assert.equal(stepFrom(layout, 'node', 0, `${prefix}up`), 4);
  }
  assert.ok(nodeBoxOf(layout, 4)?.bare);
  const seen = new Set<number>();
  for (
    let id = stepFrom(layout, 'node', 2, 'first'), i = 0;
    id !== null && i < 9;
    i++, id = stepFrom(layout, 'node', id, 'next')
  )
    seen.add(id);
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    [0, 1, 2, 3, 4],
  );
  assert.equal(stepFrom(layout, 'node', 2, 'last'), 4);
});

test('a step from nowhere starts at the first, and no step leaves the machine', () => {
  const first = layoutMachine(TWO_SOCKETS, BOARD);
  assert.equal(stepFrom(first, 'cpu', null, 'right'), 0);
  fc.assert(
    fc.property(anyTopology, fc.constantFrom<Step>(...STEPS), fc.nat(40), (topology, step, from) => {
      const layout = layoutMachine(topology, BOARD);
      const to = stepFrom(layout, 'cpu', from, step);
      assert.ok(to === null ? topology.cpus.length === 0 : puOf(layout, to) !== null);
      const node = stepFrom(layout, 'node', from, step);
      assert.ok(node === null ? topology.nodes.length === 0 : nodeBoxOf(layout, node) !== null);
    }),
    { numRuns: varied(70, 200) },
  );
});

test('without a token a node lies between its CPUs and what is above; with one, moves stay among its kind', () => {
  const layout = layoutMachine(TWO_SOCKETS, BOARD);
  assert.deepEqual(stepPlace(TWO_SOCKETS, layout, { kind: 'cpu', id: 18 }, 'up', false), { kind: 'node', id: 1 });
  assert.deepEqual(stepPlace(TWO_SOCKETS, layout, { kind: 'node', id: 1 }, 'down', false), { kind: 'cpu', id: 18 });
  assert.deepEqual(stepPlace(TWO_SOCKETS, layout, { kind: 'cpu', id: 18 }, 'up', true), { kind: 'cpu', id: 18 });
  const four = layoutMachine(FOUR_AND_CXL, BOARD);
  const step = (from: Place, way: Way): Place => stepPlace(FOUR_AND_CXL, four, from, way, false);
  assert.deepEqual(step({ kind: 'node', id: 0 }, 'up'), { kind: 'node', id: 4 }, 'memory without CPUs');
  const above = step({ kind: 'node', id: 1 }, 'up');
  assert.equal(above.kind, 'cpu');
  assert.equal(nodeOf(FOUR_AND_CXL, above.id)?.id, 0, 'the lowest CPUs of the node above');
  assert.deepEqual(step(above, 'down'), { kind: 'node', id: 1 }, 'and back');
});

test('free arrows reach every CPU and every node', () => {
  for (const topology of [TWO_SOCKETS, FOUR_AND_CXL, machine({ packages: 2, nodesPerPackage: 4, coresPerNode: 4 })]) {
    const layout = layoutMachine(topology, BOARD);
    const seen = new Set<string>();
    const next: Place[] = [{ kind: 'cpu', id: 0 }];
    for (let at = next.pop(); at; at = next.pop()) {
      if (seen.has(`${at.kind} ${at.id}`)) continue;
      seen.add(`${at.kind} ${at.id}`);
      for (const way of WAYS) next.push(stepPlace(topology, layout, at, way, false));
    }
    assert.equal(seen.size, topology.cpus.length + topology.nodes.length);
  }
});

test('a border that is crossed is named, the outermost first, and so is an edge', () => {
  const epyc = machine({ packages: 2, diesPerPackage: 2, coresPerNode: 8, threads: 2, l3PerNode: 4 });
  const said = (to: number): readonly [string, string] => {
    const { border, words } = borderBetween(epyc, 0, to);
    return [border, words];
  };
  assert.deepEqual(said(0), ['none', '']);
  assert.deepEqual(said(16), ['none', ''], 'a sibling');
  assert.deepEqual(said(1), ['core', 'core 1']);
  assert.deepEqual(said(2), ['cache', 'L3 of CPUs 2\u20133, 18\u201319']);
  assert.deepEqual(said(4), ['die', 'die 1']);
  assert.deepEqual(said(8), ['package', 'socket 1, node 1']);
  const snc = machine({ packages: 1, nodesPerPackage: 2, coresPerNode: 2 });
  assert.deepEqual(borderBetween(snc, 0, 2), { border: 'node', words: 'node 1' });
  const cpu = (id: number): Place => ({ kind: 'cpu', id });
  assert.equal(stepWords(epyc, cpu(0), cpu(8), 'right', false), 'Into socket 1, node 1.');
  assert.equal(stepWords(epyc, cpu(0), cpu(1), 'right', false), '', 'its name says the core');
  assert.equal(stepWords(epyc, cpu(0), cpu(1), 'right', true), 'Core 1.');
  assert.equal(stepWords(epyc, cpu(0), cpu(0), 'up', true), 'Nothing above.');
  assert.equal(stepWords(epyc, cpu(0), { kind: 'node', id: 0 }, 'up', false), '');
  assert.ok(indexTopology(epyc).places.get(4)?.die);
});
