import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { contains } from '../../../src/model/layout/box.ts';
import type { Box, Point } from '../../../src/model/layout/box.ts';
import { nodeBoxOf, puOf } from '../../../src/model/layout/find.ts';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import { memoryRoute, routeBetween } from '../../../src/model/layout/route.ts';
import { chipBox } from '../../../src/model/svg/chip.ts';
import { softPath } from '../../../src/model/layout/soft-path.ts';
import type { Layout } from '../../../src/model/layout/types.ts';
import { FOUR_AND_CXL, machine, TWO_SOCKETS } from './topologies.ts';
import { varied } from '../../support/long.ts';

const BOARD = { width: 912, height: 766 };
const MACHINES = [
  TWO_SOCKETS,
  FOUR_AND_CXL,
  machine({ packages: 2, coresPerNode: 96, threads: 2, l3PerNode: 12 }),
  machine({ packages: 8, coresPerNode: 16, threads: 2 }),
  machine({ packages: 2, nodesPerPackage: 4, coresPerNode: 8, threads: 2, l3PerNode: 2 }),
  machine({
    packages: 4,
    coresPerNode: 4,
    cpulessNodes: 9,
    nodeIds: [0, 4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 250],
  }),
].map((topology) => ({ topology, layout: layoutMachine(topology, BOARD) }));

/** Boxes that the segment runs through, touching edges not counted. */
function crossed([x0, y0]: Point, [x1, y1]: Point, boxes: readonly Box[]): Box[] {
  const line = { x: Math.min(x0, x1), y: Math.min(y0, y1), w: Math.abs(x1 - x0), h: Math.abs(y1 - y0) };
  return boxes.filter(
    (box) =>
      line.x < box.x + box.w - 0.5 &&
      line.x + line.w > box.x + 0.5 &&
      line.y < box.y + box.h - 0.5 &&
      line.y + line.h > box.y + 0.5,
  );
}

function through(points: readonly Point[], boxes: readonly Box[]): Box[] {
  return points.slice(1).flatMap((to, i) => crossed(points[i] ?? to, to, boxes));
}

const anyPair = (layout: Layout): fc.Arbitrary<readonly [number, number]> =>
  fc.tuple(fc.nat(layout.pus.length - 1), fc.nat(layout.pus.length - 1)).filter(([a, b]) => a !== b);

test('a line runs in right angles and over no thread, cache or node bar', () => {
  for (const { layout } of MACHINES) {
    fc.assert(
      fc.property(anyPair(layout), ([a, b]) => {
        const [from, to] = [layout.pus[a]?.cpu ?? 0, layout.pus[b]?.cpu ?? 0];
        const route = routeBetween(layout, from, to);
        assert.ok(route);
        for (const [i, [x, y]] of route.points.entries()) {
          const next = route.points[i + 1];
          if (next) assert.ok(Math.abs(next[0] - x) < 0.01 || Math.abs(next[1] - y) < 0.01, 'right angles');
        }
        assert.deepEqual(through(route.points, layout.pus), []);
        assert.deepEqual(through(route.points, layout.nodes), []);
        const shared = layout.caches.filter((cache) => cache.over !== 'core');
        assert.deepEqual(through(route.points, shared), []);
      }),
      { numRuns: varied(70, 200) },
    );
  }
});

test('it starts at the producer and ends at the consumer', () => {
  for (const { layout } of MACHINES) {
    const [a, b] = [layout.pus[0], layout.pus.at(-1)];
    assert.ok(a && b);
    const route = routeBetween(layout, a.cpu, b.cpu);
    const [first, last] = [route?.points[0], route?.points.at(-1)];
    assert.ok(first && last && contains(a, first, 1) && contains(b, last, 1));
  }
});

test('neighbours are reached over their link, and the chip sits on it', () => {
  const layout = layoutMachine(TWO_SOCKETS, BOARD);
  const route = routeBetween(layout, 0, 18);
  const link = layout.links[0];
  assert.ok(route && link);
  assert.equal(route.link, link);
  assert.ok(route.points.some(([, y]) => y === link.from[1]));
  assert.ok(route.chip[0] > link.from[0] && route.chip[0] < link.to[0]);
});

test('pairs that do not face each other go along the streets; pairs of one body hang the chip below it', () => {
  const four = layoutMachine(FOUR_AND_CXL, BOARD);
  assert.equal(routeBetween(four, 0, 36)?.link, null);
  const one = layoutMachine(machine({ packages: 1, coresPerNode: 2 }), BOARD);
  const body = one.bodies[0];
  const chip = routeBetween(one, 0, 1)?.chip;
  assert.ok(body && chip && chip[1] > body.y + body.h && chip[1] < BOARD.height);
  assert.equal(routeBetween(one, 0, 99), null);
});

test('memory is reached from its bar, from a node without CPUs too', () => {
  for (const { topology, layout } of MACHINES) {
    for (const node of topology.nodes) {
      for (const pu of [layout.pus[0], layout.pus.at(-1)]) {
        const route = memoryRoute(layout, node.id, pu?.cpu ?? 0);
        const [bar, first] = [nodeBoxOf(layout, node.id), route?.points[0]];
        assert.ok(bar && first && contains(bar, first, 1));
        assert.deepEqual(through(route?.points ?? [], layout.pus), []);
        assert.deepEqual(through(route?.points ?? [], layout.nodes), [], 'through no bar');
      }
    }
  }
  assert.ok(puOf(MACHINES[0]?.layout ?? layoutMachine(TWO_SOCKETS, BOARD), 0));
});

/** px by which the lines run along each other, nearer than that they could be told apart. */
function together(one: readonly Point[], other: readonly Point[], apart: number): number {
  const segments = (points: readonly Point[]): [Point, Point][] =>
    points.slice(1).map((to, i) => [points[i] ?? to, to]);
  let sum = 0;
  for (const [a, b] of segments(one)) {
    for (const [c, d] of segments(other)) {
      for (const [along, over] of [
        [0, 1],
        [1, 0],
      ] as const) {
        if (a[over] !== b[over] || c[over] !== d[over] || Math.abs(a[over] - c[over]) >= apart) continue;
        const low = Math.max(Math.min(a[along], b[along]), Math.min(c[along], d[along]));
        sum += Math.max(0, Math.min(Math.max(a[along], b[along]), Math.max(c[along], d[along])) - low);
      }
    }
  }
  return sum;
}

test("memory's dots are seen beside the line between the threads", () => {
  for (const { topology, layout } of MACHINES) {
    for (const node of topology.nodes) {
      for (const pu of [layout.pus[1], layout.pus.at(-2)]) {
        const [from, to] = [layout.pus[0]?.cpu ?? 0, pu?.cpu ?? 0];
        const [main, dots] = [routeBetween(layout, from, to, 2), memoryRoute(layout, node.id, from)];
        assert.ok(main && dots);
        assert.ok(together(main.points, dots.points, 3.5) < 20, `node ${node.id}, ${from} to ${to}`);
      }
    }
  }
});

test('the figure stands between bodies, never over their edges, however narrow the street', () => {
  const chip = { head: '−58.3 %', tone: 'loss', lines: ['21.5 M items/s', 'emulated, noisy'] } as const;
  for (const board of [BOARD, { width: 640, height: 700 }]) {
    for (const { topology } of MACHINES) {
      const layout = layoutMachine(topology, board);
      fc.assert(
        fc.property(anyPair(layout), ([a, b]) => {
          const route = routeBetween(layout, layout.pus[a]?.cpu ?? 0, layout.pus[b]?.cpu ?? 0);
          if (typeof route?.room !== 'number') return;
          const box = chipBox(route, chip);
          const over = layout.bodies.filter(
            (body) =>
              box.x < body.x + body.w && box.x + box.w > body.x && box.y < body.y + body.h && box.y + box.h > body.y,
          );
          assert.deepEqual(over, []);
        }),
        { numRuns: varied(35, 100) },
      );
    }
  }
});

test('a path is rounded at its corners and nowhere else', () => {
  assert.equal(
    softPath([
      [0, 0],
      [10, 0],
    ]),
    'M0,0L10,0',
  );
  assert.equal(
    softPath(
      [
        [0, 0],
        [20, 0],
        [20, 20],
      ],
      6,
    ),
    'M0,0L14,0Q20,0 20,6L20,20',
  );
});
