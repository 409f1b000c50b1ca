// Nodes that are home to no CPU: over the CPUs they share, at the package their memory is near to, or folded into one chip.
import assert from 'node:assert/strict';
import test from 'node:test';
import { contains, overlaps, bottomOf, rightOf } from '../../../src/model/layout/box.ts';
import type { Box } from '../../../src/model/layout/box.ts';
import { nodeBoxOf, targetAt } from '../../../src/model/layout/find.ts';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import { scaleLayout } from '../../../src/model/layout/scale.ts';
import { stepFrom } from '../../../src/model/layout/step.ts';
import type { Layout } from '../../../src/model/layout/types.ts';
import { topologySvg } from '../../../src/model/svg/topology-svg.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { fakeNuma, graceHopper, machine } from './topologies.ts';
import { MEMORY } from '../../support/slots.ts';

const BOARDS = [
  { width: 912, height: 766 },
  { width: 360, height: 330 },
  { width: 1600, height: 500 },
];

/** Every node once, nothing over another, all on the board. */
function checkNodes(topology: Topology, layout: Layout): void {
  const ids = (all: readonly { readonly id: number }[]): number[] => all.map(({ id }) => id).sort((a, b) => a - b);
  assert.deepEqual(ids(layout.nodes), ids(topology.nodes));
  const seen: Box[] = layout.nodes.filter((node) => !node.folded);
  if (layout.fold) seen.push(layout.fold);
  seen.forEach((a, i) => {
    assert.ok(a.x >= 0 && a.y >= 0 && rightOf(a) <= layout.width && bottomOf(a) <= layout.height, 'on the board');
    for (const b of [...seen.slice(i + 1), ...layout.pus, ...layout.caches]) assert.ok(!overlaps(a, b), 'apart');
  });
}

test('28 empty nodes of a Grace Hopper fold into one chip, and open to bars', () => {
  const topology = graceHopper(4);
  for (const board of BOARDS) {
    const closed = layoutMachine(topology, board);
    checkNodes(topology, closed);
    assert.equal(closed.fold?.nodes.length, 28);
    assert.equal(closed.nodes.filter((node) => node.folded).length, 28);
    const open = layoutMachine(topology, { ...board, unfolded: true });
    checkNodes(topology, open);
    assert.equal(open.fold?.open, true);
    assert.ok(open.nodes.every((node) => !node.folded));
    checkNodes(topology, scaleLayout(closed, 3));
  }
});

test('keys pass over what is folded, and reach all of it where it is open', () => {
  const topology = graceHopper(4);
  const reached = (unfolded: boolean): Set<number> => {
    const layout = layoutMachine(topology, { width: 912, height: 766, unfolded });
    const seen = new Set<number>();
    for (let at: number | null = 0; at !== null && !seen.has(at); at = stepFrom(layout, 'node', at, 'next'))
      seen.add(at);
    return seen;
  };
  assert.deepEqual(
    [...reached(false)].sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 12, 20, 28],
  );
  assert.equal(reached(true).size, 36);
});

test('memory of GPUs stands over its own package where all distances are the same', () => {
  const topology = graceHopper(4);
  const layout = layoutMachine(topology, { width: 912, height: 766 });
  for (const [chip, id] of [4, 12, 20, 28].entries()) {
    const [bar, body] = [nodeBoxOf(layout, id), layout.bodies[chip]];
    assert.ok(bar?.bare && body);
    assert.equal(bar.body, chip);
    assert.ok(bottomOf(bar) < body.y && bar.x >= body.x && rightOf(bar) <= rightOf(body));
    const link = layout.links.find(({ nodes, kind }) => kind === 'bare' && nodes[1] === id);
    assert.deepEqual([link?.nodes[0], link?.distance], [chip, 80]);
  }
  // A nearer node of another package is nearer, whatever a device says.
  const nearer = topology.nodes.map((node) =>
    node.id === 12 ? { ...node, distances: { ...node.distances, '0': 60 } } : node,
  );
  assert.equal(nodeBoxOf(layoutMachine({ ...topology, nodes: nearer }, { width: 912, height: 766 }), 12)?.body, 0);
});

test('the words of a line between rows stand clear of the bars over the lower row', () => {
  const layout = layoutMachine(graceHopper(4), { width: 912, height: 766 });
  const down = layout.links.filter(({ kind }) => kind === 'down');
  assert.ok(down.length > 0);
  for (const { wordsY, from } of down) {
    const bars = layout.nodes.filter((node) => node.bare && !node.folded);
    assert.ok(!bars.some((bar) => contains({ ...bar, x: 0, w: layout.width }, [from[0], wordsY], 8)), `${wordsY}`);
  }
});

test('an empty node alone keeps its bar, and one with devices too', () => {
  const topology = graceHopper(1);
  const one = topology.nodes.slice(0, 3);
  assert.equal(layoutMachine({ ...topology, nodes: one }, { width: 912, height: 766 }).fold, null);
  const device = { kind: 'gpu', name: 'card0', address: null, pci: null, node: 5, cpus: '0-71' } as const;
  const layout = layoutMachine({ ...topology, devices: [device] }, { width: 912, height: 766, devices: true });
  assert.equal(nodeBoxOf(layout, 5)?.folded, false);
  assert.equal(layout.fold?.nodes.length, 6);
  checkNodes(topology, layout);
});

for (const [cpus, count] of [
  [4, 8],
  [4, 3],
  [1, 8],
  [2, 64],
  [16, 2],
] as const) {
  test(`${count} nodes over the same ${cpus} CPUs are all drawn over them, beside each other`, () => {
    const topology = fakeNuma(cpus, count);
    for (const board of BOARDS) {
      const layout = layoutMachine(topology, board);
      checkNodes(topology, layout);
      assert.equal(layout.bodies.length, 1);
      assert.equal(layout.fold, null);
      const top = Math.min(...layout.pus.map(({ y }) => y));
      for (const node of layout.nodes) {
        assert.ok(!node.bare && bottomOf(node) < top);
        const at = targetAt(layout, MEMORY, [node.x + node.w / 2, node.y + node.h / 2]);
        assert.deepEqual(at, { kind: 'node', id: node.id });
      }
      const [pu] = layout.pus;
      assert.equal(pu && targetAt(layout, MEMORY, [pu.x + 1, pu.y + 1]), null, 'of several none is meant');
    }
  });
}

test('nodes that share the CPUs of several packages stand above all of them', () => {
  const base = machine({ packages: 2, coresPerNode: 4, cpulessNodes: 2 });
  const distances = { '0': 10, '2': 10, '3': 10 };
  const nodes = base.nodes.flatMap((node) =>
    node.id === 1
      ? []
      : [{ ...node, cpus: node.id === 0 ? '0-7' : '', ...(node.id === 0 ? {} : { nearCpus: '0-7' }), distances }],
  );
  const topology = { ...base, nodes };
  const layout = layoutMachine(topology, { width: 912, height: 766 });
  checkNodes(topology, layout);
  const [body] = layout.bodies;
  assert.ok(body?.frame);
  const rows = new Set(layout.nodes.map(({ y }) => y));
  assert.equal(rows.size, 1);
  for (const node of layout.nodes) assert.ok(contains(body, [node.x, node.y]));
});

test('a picture names folded nodes on their chip, and has an element for each', () => {
  const svg = topologySvg(graceHopper(4));
  assert.match(svg, />28 empty nodes: 5–11, 13–19, 21–27, 29–35</);
  for (let id = 0; id < 36; id++) assert.ok(svg.includes(`id="NUMANode_${String(id)}_rect"`), String(id));
});
