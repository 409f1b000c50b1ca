import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { nodeBoxOf, puOf } from '../../src/model/layout/find.ts';
import { layoutMachine } from '../../src/model/layout/layout.ts';
import { stepFrom, STEPS } from '../../src/model/layout/step.ts';
import type { Step } from '../../src/model/layout/step.ts';
import { anyTopology, FOUR_AND_CXL, machine, TWO_SOCKETS } from './topologies-layout.ts';

const BOARD = { width: 912, height: 766 };

test('arrows go where they point, and stay where nothing lies', () => {
  const layout = layoutMachine(TWO_SOCKETS, BOARD);
  for (const pu of layout.pus) {
    for (const step of ['left', 'right', 'up', 'down'] as const) {
      const to = puOf(layout, stepFrom(layout, 'cpu', pu.cpu, step) ?? -1);
      assert.ok(to);
      if (to.cpu === pu.cpu) continue;
      const [dx, dy] = [to.x - pu.x, to.y - pu.y];
      const ahead = { left: -dx, right: dx, up: -dy, down: dy }[step];
      assert.ok(ahead > 0);
    }
  }
  assert.equal(stepFrom(layout, 'cpu', 0, 'right'), 36);
  assert.equal(stepFrom(layout, 'cpu', 36, 'right'), 1);
  assert.equal(stepFrom(layout, 'cpu', 0, 'up'), 0);
});

test('every CPU can be reached by arrows from every other', () => {
  for (const topology of [TWO_SOCKETS, FOUR_AND_CXL, machine({ packages: 3, coresPerNode: 5, offline: [4] })]) {
    const layout = layoutMachine(topology, BOARD);
    const reached = new Set<number>();
    const next = [layout.pus[0]?.cpu ?? 0];
    for (let cpu = next.pop(); cpu !== undefined; cpu = next.pop()) {
      if (reached.has(cpu)) continue;
      reached.add(cpu);
      for (const step of ['left', 'right', 'up', 'down'] as const) next.push(stepFrom(layout, 'cpu', cpu, step) ?? cpu);
    }
    assert.equal(reached.size, topology.cpus.length);
  }
});

test('home, end and pages go by package', () => {
  const layout = layoutMachine(TWO_SOCKETS, BOARD);
  assert.equal(stepFrom(layout, 'cpu', 40, 'first'), 0);
  assert.equal(stepFrom(layout, 'cpu', 40, 'last'), 53);
  assert.equal(stepFrom(layout, 'cpu', 40, 'next'), 58);
  assert.equal(stepFrom(layout, 'cpu', 58, 'previous'), 40);
  assert.equal(stepFrom(layout, 'cpu', 58, 'next'), 58);
});

test('memory moves over nodes, those without CPUs too', () => {
  const layout = layoutMachine(FOUR_AND_CXL, BOARD);
  assert.equal(stepFrom(layout, 'node', 0, 'right'), 2);
  assert.equal(stepFrom(layout, 'node', 0, 'down'), 1);
  assert.equal(stepFrom(layout, 'node', 0, 'up'), 4);
  assert.ok(nodeBoxOf(layout, 4)?.bare);
});

test('a step from nowhere starts at the first, and no step leaves the machine', () => {
  const first = layoutMachine(TWO_SOCKETS, BOARD);
  assert.equal(stepFrom(first, 'cpu', null, 'right'), 0);
  fc.assert(
    fc.property(anyTopology, fc.constantFrom<Step>(...STEPS), fc.nat(40), (topology, step, from) => {
      const layout = layoutMachine(topology, BOARD);
      const to = stepFrom(layout, 'cpu', from, step);
      assert.ok(to === null ? topology.cpus.length === 0 : puOf(layout, to) !== null);
    }),
    { numRuns: 100 },
  );
});
