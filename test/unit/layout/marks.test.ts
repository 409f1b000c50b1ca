// Distances inside a package, and what may not be used, is isolated or was made up: seen on every drawing, never over other words.
import assert from 'node:assert/strict';
import test from 'node:test';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import { nodeBoxOf } from '../../../src/model/layout/find.ts';
import { isolatedPath } from '../../../src/model/svg/cells.ts';
import { nodeMarks } from '../../../src/model/svg/node-bar.ts';
import { render } from '../../../src/model/svg/render.ts';
import { topologySvg } from '../../../src/model/svg/topology-svg.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { faceOf } from '../svg/face.ts';
import { fakeNuma, l3AsNuma, machine } from './topologies.ts';

const BOARD = { width: 912, height: 766 };
const L3_AS_NUMA = l3AsNuma(6);

test('neighbouring nodes of a package have their distance between their bars, the package says how far all are', () => {
  for (const board of [BOARD, { width: 500, height: 900 }, { width: 1600, height: 500 }]) {
    const layout = layoutMachine(L3_AS_NUMA, board);
    const inside = layout.links.filter(({ kind }) => kind === 'inside');
    assert.ok(inside.length >= 14, `${inside.length}`);
    for (const { nodes, distance, from, to } of inside) {
      const [a, b] = nodes;
      assert.equal(a >> 3, b >> 3, 'within a package');
      assert.equal(distance, L3_AS_NUMA.nodes[a]?.distances[String(b)]);
      const gap = Math.hypot(to[0] - from[0], to[1] - from[1]);
      assert.ok(gap >= 14 && gap <= 64, 'room for its figure');
    }
    assert.deepEqual(
      layout.packages.map((item) => item.inside),
      [
        [11, 12],
        [11, 12],
      ],
    );
  }
  const svg = topologySvg(L3_AS_NUMA);
  assert.match(svg, />distance 11–12 between its nodes</);
  const under = svg.lastIndexOf('class="Package pkg"');
  assert.ok(svg.indexOf('>11<', under) > under, 'drawn over the package');
});

test('nodes that share CPUs, and packages of one node, have no distance inside', () => {
  for (const topology of [fakeNuma(4, 8), machine({ packages: 2, coresPerNode: 4 })]) {
    const layout = layoutMachine(topology, BOARD);
    assert.ok(layout.links.every(({ kind }) => kind !== 'inside'));
    assert.ok(layout.packages.every((item) => item.inside === null));
  }
});

const two = machine({ packages: 2, coresPerNode: 4, threads: 2, allowed: '0-3' });
const limited: Topology = {
  ...two,
  nodes: two.nodes.map((node) => ({ ...node, allowed: node.id === 0 })),
  cpus: two.cpus.map((cpu) => ({ ...cpu, isolated: cpu.id === 2 })),
};

test('a node outside the cpuset is hatched and says so, an isolated CPU has its corner', () => {
  const svg = topologySvg(limited);
  assert.match(svg, /<g data-node="1"><rect [^>]*class="NUMANode node barred"/);
  assert.match(svg, />outside the cpuset </);
  assert.equal(svg.match(/class="iso"/g)?.length, 1);
  assert.match(svg, /<title>P#2, isolated from the scheduler<\/title>/);
  assert.doesNotMatch(topologySvg(two), /class="iso"|node barred/);
  const narrow = nodeMarks({ x: 0, y: 0, w: 160, h: 34 }, faceOf(limited, 1));
  assert.match(narrow.map(render).join(''), /not allowed/, 'shorter where there is less room');
  assert.match(isolatedPath({ x: 10, y: 5, w: 6, h: 6 }), /^M16,5v2\.1l-2\.1,-2\.1z$/);
});

test('what the reader made up has no name of the host, and cores nobody told are not drawn', () => {
  const made = <T>(items: readonly T[]): T[] => items.map((item) => ({ ...item, inferred: true }));
  const one = machine({ packages: 1, coresPerNode: 4 });
  const topology = { ...one, packages: made(one.packages), cores: made(one.cores), nodes: made(one.nodes) };
  const svg = topologySvg(topology);
  assert.match(svg, />CPUs, socket unknown</);
  assert.match(svg, />Memory <[\s\S]*no NUMA reported by this host/);
  assert.doesNotMatch(svg, /Package 0|NUMA node 0|class="Core|core -1|#-1/i);
  const named = { ...two, packages: made(two.packages) };
  assert.match(topologySvg(named), />Package 1, inferred</);
  assert.ok(nodeBoxOf(layoutMachine(topology, BOARD), 0));
});
