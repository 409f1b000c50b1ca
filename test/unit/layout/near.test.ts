// What is near is drawn near: groups of nodes, nodes without CPUs beside whom they serve, dies around what is theirs.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { arrange, costOf, strain } from '../../../src/model/layout/arrange.ts';
import type { Distances } from '../../../src/model/layout/arrange.ts';
import { bottomOf, contains, overlaps, rightOf } from '../../../src/model/layout/box.ts';
import type { Box } from '../../../src/model/layout/box.ts';
import { gapFor, groupsOf, parted } from '../../../src/model/layout/groups.ts';
import { nodeBoxOf } from '../../../src/model/layout/find.ts';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import type { Layout } from '../../../src/model/layout/types.ts';
import { topologySvg } from '../../../src/model/svg/topology-svg.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { machine } from './topologies.ts';

const BOARD = { width: 912, height: 766 };
const BOARDS = [BOARD, { width: 1600, height: 900 }, { width: 600, height: 700 }, { width: 500, height: 1100 }];

/** Rows of distances: `near` within a group of so many, `far` between groups. */
const grouped = (count: number, group: number, near: number, far: number): number[][] =>
  Array.from({ length: count }, (_, a) =>
    Array.from({ length: count }, (__, b) =>
      a === b ? 10 : Math.floor(a / group) === Math.floor(b / group) ? near : far,
    ),
  );

/** Empty px between two boxes. */
function apart(a: Box, b: Box): number {
  const dx = Math.max(0, b.x - rightOf(a), a.x - rightOf(b));
  const dy = Math.max(0, b.y - bottomOf(a), a.y - bottomOf(b));
  return Math.hypot(dx, dy);
}

/** px from each body to the nearest one of its own group, the largest; and to the nearest of another, the smallest. */
function gaps(layout: Layout, group: (body: number) => number): { readonly within: number; readonly between: number } {
  let [within, between] = [0, Infinity];
  layout.bodies.forEach((a, i) => {
    const to = (same: boolean): number =>
      Math.min(...layout.bodies.flatMap((b, j) => (i !== j && (group(i) === group(j)) === same ? apart(a, b) : [])));
    within = Math.max(within, to(true));
    between = Math.min(between, to(false));
  });
  return { within, between };
}

test('a host of two sockets of four nodes is two bodies, with a gap far wider than that between its nodes', () => {
  const distances = grouped(8, 4, 12, 32);
  const layout = layoutMachine(machine({ packages: 2, nodesPerPackage: 4, coresPerNode: 2, distances }), BOARD);
  assert.equal(layout.bodies.length, 2);
  const [left, right] = layout.bodies;
  assert.ok(left && right);
  for (const node of layout.nodes) assert.ok(contains(node.id < 4 ? left : right, [node.x, node.y]));
  assert.ok(right.x - rightOf(left) >= 5 * 16, `${right.x - rightOf(left)}`);
});

for (const [count, group, near, far] of [
  [8, 4, 12, 32],
  [8, 4, 12, 21],
  [8, 2, 20, 40],
  [6, 3, 16, 28],
  [4, 2, 15, 30],
  [24, 4, 20, 50],
] as const) {
  test(`${count} packages in groups of ${group} read as ${count / group} groups (distance ${near} and ${far})`, () => {
    const topology = machine({ packages: count, coresPerNode: 2, distances: grouped(count, group, near, far) });
    for (const board of BOARDS) {
      const layout = layoutMachine(topology, board);
      const { within, between } = gaps(layout, (body) => Math.floor(body / group));
      assert.ok(between >= 1.45 * within, `${board.width}x${board.height}: ${within} within, ${between} between`);
    }
  });
}

test('four sockets of four distances: who faces whom is nearer than who stands diagonally', () => {
  for (const distances of [
    [
      [10, 16, 22, 28],
      [16, 10, 28, 22],
      [22, 28, 10, 16],
      [28, 22, 16, 10],
    ],
    [
      [10, 28, 16, 22],
      [28, 10, 22, 16],
      [16, 22, 10, 28],
      [22, 16, 28, 10],
    ],
    [
      [10, 22, 28, 16],
      [22, 10, 16, 28],
      [28, 16, 10, 22],
      [16, 28, 22, 10],
    ],
  ]) {
    const layout = layoutMachine(machine({ packages: 4, coresPerNode: 4, distances }), BOARD);
    const shown = layout.links.map(({ distance }) => distance ?? 0).sort((a, b) => a - b);
    assert.deepEqual(shown, [16, 16, 22, 22]);
    for (const link of layout.links) assert.equal(link.kind, link.distance === 16 ? 'down' : 'across');
  }
});

test('two packages with equal gaps keep theirs; a gap grows with the distance', () => {
  assert.ok(gapFor(12) < gapFor(21) && gapFor(21) < gapFor(32));
  const wide = (far: number): number => {
    const { bodies } = layoutMachine(
      machine({ packages: 2, coresPerNode: 4, distances: grouped(2, 1, 10, far) }),
      BOARD,
    );
    return bodies[0] && bodies[1] ? bodies[1].x - rightOf(bodies[0]) : 0;
  };
  assert.ok(wide(17) < wide(21) && wide(21) < wide(28));
});

const anyDistances = fc.integer({ min: 2, max: 9 }).chain((count) =>
  fc
    .array(fc.option(fc.integer({ min: 11, max: 120 }), { freq: 6 }), {
      minLength: count * count,
      maxLength: count * count,
    })
    .map((flat): { count: number; distance: Distances } => ({
      count,
      distance: (a, b) => (a === b ? 10 : (flat[a * count + b] ?? null)),
    })),
);

test('no arrangement strains distances more than the order of numbers does, and each body is in it once', () => {
  fc.assert(
    fc.property(anyDistances, fc.integer({ min: 1, max: 9 }), ({ count, distance }, most) => {
      const rows = Math.min(most, count);
      const columns = arrange(count, rows, distance);
      const order = columns.flat();
      const own = Array.from({ length: count }, (_, i) => i);
      const cost = costOf(count, distance);
      assert.deepEqual(
        [...order].sort((a, b) => a - b),
        own,
      );
      assert.ok(columns.slice(0, -1).every((column) => column.length === rows));
      assert.ok(strain(order, rows, cost) <= strain(own, rows, cost) + 1e-6);
    }),
  );
});

test('groups are found where distances part them, and only there', () => {
  const of = (rows: number[][]): number[] => groupsOf(rows.length, (a, b) => rows[a]?.[b] ?? null);
  assert.deepEqual(
    of(grouped(8, 4, 12, 32)).map((at) => at === of(grouped(8, 4, 12, 32))[0]),
    [...[true, true, true, true], ...[false, false, false, false]],
  );
  assert.equal(new Set(of(grouped(4, 4, 20, 20))).size, 1, 'all alike');
  assert.equal(new Set(of(grouped(2, 1, 10, 21))).size, 1, 'two are two');
  assert.ok(
    parted(
      [
        [0, 1],
        [2, 3],
      ],
      [0, 0, 1, 1],
    ),
  );
  assert.ok(
    parted(
      [
        [0, 2],
        [1, 3],
      ],
      [0, 0, 1, 1],
    ),
  );
  assert.ok(
    !parted(
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      [0, 0, 1, 1, 2, 2],
    ),
  );
});

test('a node without CPUs stands over whom firmware names as its initiator, else over the nearest', () => {
  const shape = { packages: 2, coresPerNode: 4, cpulessNodes: 2 };
  const distances = [
    [10, 21, 24, 34],
    [21, 10, 34, 24],
    [24, 34, 10, 40],
    [34, 24, 40, 10],
  ];
  const bodies = (topology: Topology): (number | undefined)[] => {
    const layout = layoutMachine(topology, BOARD);
    for (const bar of layout.nodes.filter((node) => node.bare)) {
      const own = layout.bodies[bar.body];
      assert.ok(own);
      const nearest = layout.bodies.reduce((a, b) => (apart(b, bar) < apart(a, bar) ? b : a));
      assert.equal(nearest, own, 'no other body is nearer');
      assert.ok(bar.x >= own.x && bar.x < rightOf(own) && bottomOf(bar) < own.y, 'right above');
      const link = layout.links.find(({ kind, nodes }) => kind === 'bare' && nodes[1] === bar.id);
      assert.ok(link?.to[1] === own.y, 'and tied to it');
    }
    return [2, 3].map((id) => nodeBoxOf(layout, id)?.body);
  };
  assert.deepEqual(bodies(machine({ ...shape, distances })), [0, 1], 'by distance');
  assert.deepEqual(bodies(machine({ ...shape, distances, rated: true, initiators: [1, 0] })), [1, 0], 'by HMAT');
  const mute = machine({ ...shape, rated: true, initiators: [1, 1] });
  const untold = { ...mute, nodes: mute.nodes.map((node) => ({ ...node, distances: {} })) };
  assert.deepEqual(bodies(untold), [1, 1], 'by HMAT where no distances are told');
});

test('bars over one package stand in the order of the nodes they serve', () => {
  const topology = machine({
    packages: 1,
    nodesPerPackage: 4,
    coresPerNode: 2,
    cpulessNodes: 4,
    rated: true,
    initiators: [1, 2, 3, 0],
  });
  const layout = layoutMachine(topology, BOARD);
  const bars = layout.nodes.filter((node) => node.bare).sort((a, b) => a.x - b.x);
  assert.deepEqual(
    bars.map((bar) => bar.id),
    [7, 4, 5, 6],
  );
});

test('a die is a frame with a name around its CPUs and no others, whether it holds nodes or a node holds it', () => {
  for (const shape of [
    { packages: 2, diesPerPackage: 3, coresPerNode: 12, threads: 2, l3PerNode: 3 },
    { packages: 2, diesPerPackage: 2, coresPerNode: 8, l3PerNode: 4 },
    { packages: 1, diesPerPackage: 2, nodesPerPackage: 4, coresPerNode: 4 },
    { packages: 2, diesPerPackage: 2, nodesPerPackage: 2, coresPerNode: 6, l3PerNode: 0 },
  ]) {
    const topology = machine(shape);
    assert.equal(topology.dies.length, shape.packages * shape.diesPerPackage);
    for (const board of BOARDS) {
      const layout = layoutMachine(topology, board);
      assert.equal(layout.dies.length, topology.dies.length);
      for (const [i, box] of layout.dies.entries()) {
        const own = layout.packages.find((item) => item.id === box.package);
        assert.ok(own && contains(own, [box.x, box.y]) && contains(own, [rightOf(box), bottomOf(box)]));
        for (const other of layout.dies.slice(i + 1)) assert.ok(!overlaps(box, other));
        const inside = layout.pus.filter((pu) => overlaps(box, pu)).map((pu) => pu.cpu);
        const perDie = topology.cpus.length / layout.dies.length;
        assert.equal(inside.length, perDie);
        for (const pu of layout.pus.filter(({ cpu }) => inside.includes(cpu)))
          assert.ok(contains(box, [pu.x, pu.y]) && contains(box, [rightOf(pu), bottomOf(pu)]));
        const named = box.labelled || layout.caches.some((bar) => bar.die === box.id && contains(box, [bar.x, bar.y]));
        assert.ok(named, 'its name stands somewhere');
      }
    }
    assert.match(topologySvg(topology), /Die 1/);
  }
  assert.equal(layoutMachine(machine({ packages: 2, coresPerNode: 4 }), BOARD).dies.length, 0);
});
