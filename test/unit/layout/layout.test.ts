import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { contains, overlaps, bottomOf, rightOf } from '../../../src/model/layout/box.ts';
import type { Box } from '../../../src/model/layout/box.ts';
import { nodeBoxOf, puOf, targetAt } from '../../../src/model/layout/find.ts';
import { cellTexts } from '../../../src/model/layout/label.ts';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import { scaleLayout } from '../../../src/model/layout/scale.ts';
import { machineTree } from '../../../src/model/layout/tree.ts';
import type { Layout } from '../../../src/model/layout/types.ts';
import { cpuNumbers, PHYSICAL } from '../../../src/model/topology/numbering.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { topologySvg } from '../../../src/model/svg/topology-svg.ts';
import { anyTopology, FOUR_AND_CXL, machine, SHAPES, TWO_SOCKETS } from './topologies.ts';
import { CONSUMER, MEMORY } from '../../support/slots.ts';
import { varied } from '../../support/long.ts';

const BOARD = { width: 912, height: 766 };

/** Every CPU and node once, inside the drawing, and no thread over another. */
function checkComplete(topology: Topology, layout: Layout): void {
  const sorted = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b);
  assert.deepEqual(sorted(layout.pus.map((pu) => pu.cpu)), sorted(topology.cpus.map((cpu) => cpu.id)));
  assert.deepEqual(sorted(layout.nodes.map((node) => node.id)), sorted(topology.nodes.map((node) => node.id)));
  const all: readonly Box[] = [...layout.bodies, ...layout.pus, ...layout.nodes, ...layout.caches, ...layout.cores];
  for (const box of all) {
    assert.ok([box.x, box.y, box.w, box.h].every(Number.isFinite), 'finite');
    assert.ok(box.x >= 0 && box.y >= 0, 'inside above');
    assert.ok(rightOf(box) <= layout.width + 1 && bottomOf(box) <= layout.height + 1, 'inside below');
  }
  const seen = new Set<string>();
  for (const pu of layout.pus) {
    assert.ok(pu.w >= 6 && pu.h >= 6, 'large enough');
    seen.add(`${pu.x},${pu.y}`);
  }
  assert.equal(seen.size, layout.pus.length, 'apart');
}

test('every CPU and node has its box, on any machine and any board', () => {
  fc.assert(
    fc.property(
      anyTopology,
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 1, max: 1500 }),
      (topology, width, height) => {
        const layout = layoutMachine(topology, { width, height });
        checkComplete(topology, layout);
        assert.ok(
          layout.scale > 0 && layout.width * layout.scale <= width + 1 && layout.height * layout.scale <= height + 1,
        );
      },
    ),
    { numRuns: varied(100, 300) },
  );
});

for (const shape of SHAPES) {
  test(`complete and without overlap: ${JSON.stringify(shape)}`, () => {
    const topology = machine(shape);
    for (const board of [BOARD, { width: 500, height: 400 }, { width: 320, height: 900 }, { width: 90, height: 60 }]) {
      const layout = layoutMachine(topology, board);
      checkComplete(topology, layout);
      layout.bodies.forEach((a, i) =>
        layout.bodies.slice(i + 1).forEach((b) => assert.ok(!overlaps(a, b), 'bodies apart')),
      );
      for (const node of layout.nodes.filter((one) => one.bare)) {
        for (const other of [...layout.bodies, ...layout.nodes])
          assert.ok(other === node || !overlaps(node, other), 'bars apart');
      }
      for (const pu of layout.pus.slice(0, 64)) {
        for (const other of layout.pus) assert.ok(other === pu || !overlaps(pu, other), 'threads apart');
        const body = layout.bodies[pu.body];
        if (body) assert.ok(contains(body, [pu.x, pu.y]) && contains(body, [rightOf(pu), bottomOf(pu)]), 'in its body');
      }
    }
  });
}

test('the board of 72 CPUs: names on all, the gap by distance', () => {
  const layout = layoutMachine(TWO_SOCKETS, BOARD);
  const [left, right] = layout.bodies;
  assert.ok(left && right);
  assert.equal(Math.round(right.x - rightOf(left)), 117);
  assert.ok(layout.pus.every((pu) => pu.w >= 50 && pu.h >= 30));
  const link = layout.links[0];
  assert.deepEqual([link?.distance, link?.kind, link?.nodes], [21, 'across', [0, 1]]);
  assert.equal(layout.matrix, null);
});

test('four nodes: near pairs share a column, facing pairs are the nearer ones, the table has its corner', () => {
  const layout = layoutMachine(FOUR_AND_CXL, BOARD);
  assert.deepEqual(
    layout.bodies.map(({ column, row }) => [column, row]),
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
  );
  assert.deepEqual(
    layout.links.map(({ distance, kind }) => [distance, kind]),
    [
      [16, 'down'],
      [22, 'across'],
      [22, 'across'],
      [16, 'down'],
      [24, 'bare'],
    ],
  );
  const bare = nodeBoxOf(layout, 4);
  assert.ok(bare?.bare && bare.body === 0);
  assert.ok(layout.matrix && layout.bodies.every((body) => layout.matrix && !overlaps(body, layout.matrix)));
});

test('a small machine is drawn small, a too small board scales the whole', () => {
  const small = layoutMachine(machine({ packages: 1, coresPerNode: 2 }), BOARD);
  assert.deepEqual([small.pus[0]?.w, small.pus[0]?.h], [168, 44]);
  const crowded = layoutMachine(machine({ packages: 8, coresPerNode: 64, threads: 2 }), { width: 500, height: 300 });
  assert.ok(crowded.scale < 1);
});

test('a node over several packages stands above them; packages of unknown id become one a node', () => {
  const base = machine({ packages: 2, coresPerNode: 2 });
  const wide = { ...base, nodes: base.nodes.slice(0, 1).map((node) => ({ ...node, cpus: '0-3' })) };
  const tree = machineTree(wide);
  assert.deepEqual(
    tree.bodies.map((body) => [body.nodes.length, body.packages.length]),
    [[1, 2]],
  );
  const layout = layoutMachine(wide, BOARD);
  assert.ok(layout.bodies[0]?.frame);
  assert.deepEqual(targetAt(layout, MEMORY, [layout.pus[3]?.x ?? 0, layout.pus[3]?.y ?? 0]), { kind: 'node', id: 0 });
  const nameless = { ...base, packages: [{ id: -1, cpus: '0-3', inferred: false }] };
  assert.deepEqual(
    machineTree(nameless).bodies.map((body) => body.packages.map(({ id, cpus }) => [id, cpus])),
    [[[null, [0, 1]]], [[null, [2, 3]]]],
  );
});

test('offline CPUs without a place stand in a strip; cores that share an L2 stay together', () => {
  const topology = machine({ packages: 2, coresPerNode: 4, offline: [3, 7] });
  const layout = layoutMachine(topology, BOARD);
  assert.deepEqual(
    layout.pus.filter((pu) => pu.body === -1).map((pu) => pu.cpu),
    [3, 7],
  );
  assert.ok(layout.strip && bottomOf(layout.strip) <= BOARD.height);
  const base = machine({ packages: 1, coresPerNode: 8 });
  const l2 = { level: 2, type: 'unified', sizeBytes: 2 ** 21, lineBytes: 64, cpus: '4-7' } as const;
  const clustered = { ...base, caches: [...base.caches.filter(({ level }) => level !== 2), l2] };
  const units = machineTree(clustered).bodies[0]?.packages[0]?.dies[0]?.sections[0]?.parts[0]?.groups[0]?.units;
  assert.deepEqual(
    units?.map((unit) => unit.cores.map((core) => core.cpus[0])),
    [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ],
  );
});

test('what lies under a point: threads, node bars, and package areas only where they mean one node', () => {
  const layout = layoutMachine(FOUR_AND_CXL, BOARD);
  const pu = puOf(layout, 30);
  assert.ok(pu);
  assert.deepEqual(targetAt(layout, CONSUMER, [pu.x + 2, pu.y + 2]), { kind: 'cpu', id: 30 });
  assert.deepEqual(targetAt(layout, MEMORY, [pu.x + 2, pu.y + 2]), { kind: 'node', id: 2 });
  assert.equal(targetAt(layout, CONSUMER, [1, 1]), null);
  const snc = layoutMachine(machine({ packages: 1, nodesPerPackage: 2, coresPerNode: 4 }), BOARD);
  const whole = snc.packages[0];
  assert.ok(whole);
  assert.equal(targetAt(snc, MEMORY, [whole.x + 3, whole.y + 3]), null);
});

test('a cell says what it has room for', () => {
  const texts = (w: number, h: number, value: string | null): (string | undefined)[] => {
    const { label, value: figure } = cellTexts({ x: 0, y: 0, w, h }, PHYSICAL.name(36), value);
    return [label?.text, figure?.text];
  };
  assert.deepEqual(texts(52, 38, '71'), ['P#36', '71']);
  assert.deepEqual(texts(52, 20, '71'), ['36', '71']);
  assert.deepEqual(texts(76, 20, '71'), ['P#36', '71']);
  assert.deepEqual(texts(37, 17, '71'), ['36', '71']);
  assert.deepEqual(texts(37, 17, 'core'), ['36', undefined], 'no word over the number');
  assert.deepEqual(texts(30, 17, '71'), ['36', undefined]);
  assert.deepEqual(texts(20, 20, '71'), [undefined, undefined]);
});

test('cells say lstopo’s numbers where they are asked for, and what has none is never taken for another', () => {
  const topology = machine({ packages: 2, coresPerNode: 2, threads: 2, offline: [6] });
  const { name, list } = cpuNumbers(topology, 'L');
  const texts = (w: number, cpu: number): string | undefined =>
    cellTexts({ x: 0, y: 0, w, h: 20 }, name(cpu), null).label?.text;
  assert.deepEqual(
    [0, 4, 1, 5, 2, 3, 7].map((cpu) => texts(60, cpu)),
    ['L#0', 'L#1', 'L#2', 'L#3', 'L#4', 'L#5', 'L#6'],
  );
  assert.equal(texts(30, 4), '1');
  assert.deepEqual([texts(60, 6), texts(26, 6), texts(20, 6)], ['P#6', 'P#6', undefined]);
  assert.equal(list([2, 3, 6, 7]), '4-6');
});

test('magnifying keeps every box where it is among the others', () => {
  const layout = layoutMachine(TWO_SOCKETS, BOARD);
  const large = scaleLayout(layout, 4);
  assert.equal(large.pus[5]?.x, (layout.pus[5]?.x ?? 0) * 4);
  assert.equal(large.links[0]?.from[0], (layout.links[0]?.from[0] ?? 0) * 4);
});

test('an L4 has its bar above the nodes of every package it serves, and says whom it serves', () => {
  const two = machine({ packages: 2, coresPerNode: 4, threads: 2 });
  const l4 = { level: 4, type: 'unified', sizeBytes: 192 * 2 ** 20, lineBytes: 256, cpus: '0-15' } as const;
  const layout = layoutMachine({ ...two, caches: [...two.caches, l4] }, BOARD);
  const bars = layout.caches.filter((bar) => bar.caches.includes(l4));
  assert.equal(bars.length, 2);
  bars.forEach((bar, i) => {
    const [item, node] = [layout.packages[i], layout.nodes[i]];
    assert.ok(item && node && contains(item, [bar.x, bar.y]) && bottomOf(bar) <= node.y && bar.h >= 15);
  });
  const svg = topologySvg({ ...two, caches: [...two.caches, l4] });
  assert.match(svg, /class="L4Cache cache"/);
  assert.match(svg, /L4 192 MB/);
  assert.match(svg, />0\D15</);
});

test('more outer caches than a package can have leave its CPUs their place', () => {
  const two = machine({ packages: 2, coresPerNode: 4 });
  const many = Array.from({ length: 40 }, () => ({
    ...({ level: 4, type: 'unified', sizeBytes: null, lineBytes: null, cpus: '0-7' } as const),
  }));
  const odd = many.map((cache, i) => ({ ...cache, level: 4 + i }));
  checkComplete(two, layoutMachine({ ...two, caches: [...two.caches, ...odd] }, BOARD));
});
