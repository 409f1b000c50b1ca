import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from '../../../src/model/bench/matrix/infer/explore.ts';
import { measurable, orderedPairs } from '../../../src/model/bench/matrix/pairs.ts';
import { matrixResult, NOTHING_SEEN } from '../../../src/model/bench/matrix/result.ts';
import type { Result } from '../../../src/model/run/run.ts';
import { randomFrom } from '../../../src/model/run/statistics.ts';
import { heatmapSvg } from '../../../src/model/svg/heatmap.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { spscCase, twoSockets } from '../topologies.ts';

function measured(topology: Topology, count: number, simulated: string | null = null): Result {
  const explorer = explore(topology, orderedPairs(topology, measurable(topology)), true, randomFrom(1));
  for (let i = 0; i < count; i++) {
    const pair = explorer.next();
    if (!pair) break;
    const [a, b] = pair;
    // The second package's lines are dearer: the picture is not its own mirror image.
    explorer.add(pair, a % 8 < 4 === b % 8 < 4 ? 40 : a % 8 < 4 ? 100 : 160);
  }
  const placement = { kind: 'matrix', matrix: 'latency', cpus: '0-15', line: 'first', simulated } as const;
  return matrixResult({ placement, classes: explorer.classes(), seen: NOTHING_SEEN, why: null, emulated: false });
}

const count = (svg: string, pattern: RegExp): number => [...svg.matchAll(pattern)].length;

test('every cell but the diagonal is painted, and what was measured has a dot', () => {
  const topology = twoSockets();
  const svg = heatmapSvg(topology, measured(topology, 40)) ?? '';
  assert.equal(count(svg, /h1v1h-1z/g), 16 * 15);
  const dots = count(svg, /h\.3v\.3h-\.3z/g);
  assert.ok(dots >= 40 && dots <= 80, `${String(dots)} dots: a pair of one node has two cells`);
  assert.match(svg, /40 of 184 pairs measured/);
  assert.match(svg, /The memory between two CPUs is on the node of the row/);
});

test('rows and columns stand in the order of the topology: siblings side by side, packages apart', () => {
  const topology = twoSockets();
  const svg = heatmapSvg(topology, measured(topology, 1000)) ?? '';
  const rows = [...svg.matchAll(/text-anchor="end">(P#\d+)</g)].map(([, name]) => name);
  assert.deepEqual(rows.slice(0, 4), ['P#0', 'P#8', 'P#1', 'P#9']);
  assert.deepEqual(new Set(rows.slice(8)), new Set(['P#4', 'P#5', 'P#6', 'P#7', 'P#12', 'P#13', 'P#14', 'P#15']));
  assert.match(svg, /class="a"[^>]* d="M8 0V16M0 8H16"/, 'one border between two packages');
});

test('a file’s name is no markup, and what is no matrix has no picture', () => {
  const topology = twoSockets();
  const svg = heatmapSvg(topology, measured(topology, 30, '<script>.csv')) ?? '';
  assert.doesNotMatch(svg, /<script>/);
  assert.equal(heatmapSvg(topology, measured(topology, 0)), null);
  assert.equal(heatmapSvg(topology, { ...measured(topology, 9), placement: spscCase(0, 1) }), null);
});
