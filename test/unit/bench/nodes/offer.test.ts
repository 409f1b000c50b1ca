// Node to node as the board offers it: which cases, what it takes, which runs are its own, and how its figures fit where there is little room.
import assert from 'node:assert/strict';
import test from 'node:test';
import { MEASURED_NODES } from '../../../../src/model/bench/node-to-node/measured.ts';
import type { MemoryCase } from '../../../../src/model/cases/memory.ts';
import { DEFAULT_NODES_WORKLOAD } from '../../../../src/model/bench/node-to-node/workload.ts';
import { offerKindOf, offerOf, OFFER_KINDS, planMs } from '../../../../src/model/bench/index.ts';
import { plannerOf } from '../../../../src/model/bench/plans/index.ts';
import { nodeCosts, ownWords } from '../../../../src/model/bench/nodes/costs.ts';
import { nodeGrid } from '../../../../src/model/bench/nodes/grid.ts';
import { layoutMachine } from '../../../../src/model/layout/layout.ts';
import { nodeBoxOf } from '../../../../src/model/layout/find.ts';
import { matrixMarks } from '../../../../src/model/svg/matrix.ts';
import { nodeMarks } from '../../../../src/model/svg/node-bar.ts';
import { render } from '../../../../src/model/svg/render.ts';
import { emulated, machine, runOf, twoSockets } from '../../topologies.ts';
import { measuredNodes } from './measured.ts';

const offer = offerOf(DEFAULT_NODES_WORKLOAD);
const planner = plannerOf(DEFAULT_NODES_WORKLOAD);

test('it places nothing, measures all pairs, and its run chooses it again; others keep their own', () => {
  const topology = twoSockets({ cpulessNodes: 1 });
  assert.deepEqual(offer.bench.slots, []);
  const planned = planner.plan(topology, {}, DEFAULT_NODES_WORKLOAD, null);
  assert.ok('cases' in planned);
  assert.equal(planned.cases.length, 2 * 2 * 3);
  assert.equal(new Set(planned.labels).size, planned.cases.length, planned.labels.join());
  assert.equal(planned.labels[0], 'latency node 0 to node 0');
  const each = (offer.setUpMs?.(planned.cases[0] ?? assert.fail()) ?? 0) + DEFAULT_NODES_WORKLOAD.durationMs;
  assert.equal(planMs(planned, DEFAULT_NODES_WORKLOAD), 12 * 5 * each);
  const run = measuredNodes(topology);
  assert.equal(offerKindOf(topology, run), 'nodes');
  const pair = runOf({ figures: [[1, 2, 3]] });
  assert.equal(offerKindOf(pair.topology, pair), 'spsc');
  // A memory run that is no table of nodes.
  const few = { ...run, results: run.results.slice(0, 2) };
  assert.equal(offerKindOf(topology, few), 'memory');
  assert.deepEqual(OFFER_KINDS, ['spsc', 'memory', 'nodes', 'separation', 'pool']);
});

test('what was run is repeated by the command line, with room for all its rounds', () => {
  const planned = planner.plan(twoSockets(), {}, DEFAULT_NODES_WORKLOAD, null);
  assert.ok('cases' in planned);
  const words = MEASURED_NODES.repeatWords(planned.cases as MemoryCase[], null, { rounds: 5, durationMs: 100 }).join(
    ' ',
  );
  assert.match(
    words,
    /^bench nodes --what latency,bandwidth --pages thp --size \d+ --duration 100ms --repeat 5 --budget 60s$/,
  );
});

test('a page size that the host lacks, and memory that may not be used, are no plan but the reason', () => {
  const why = (topology: Parameters<typeof planner.plan>[0], pages: '64k' | 'thp'): string => {
    const planned = planner.plan(topology, {}, { ...DEFAULT_NODES_WORKLOAD, pages }, null);
    return 'why' in planned ? planned.why : 'a plan';
  };
  assert.match(why(twoSockets(), '64k'), /no pages of 64k/);
  assert.match(why(twoSockets({ memoryGiB: 0 }), 'thp'), /No node has memory/);
});

/** Two sockets of four nodes each. */
const eight = emulated(machine({ packages: 2, nodesPerPackage: 4, coresPerNode: 4, threads: 2 }));
const measured = measuredNodes(eight, {
  ns: (from, to) => (from === to ? 82 : 140 + from),
  bytesPerSecond: () => 25e9,
});
const links = nodeCosts(eight, measured.results);

test('a node bar says what its memory gives in the words that there is room for', () => {
  const [node] = eight.nodes;
  assert.ok(node);
  const all = ownWords(links, 0);
  assert.deepEqual(all, ['82.2 ns, 25.1 GB/s, emulated', '82.2 ns, 25.1 GB/s', '82.2 ns']);
  const face = { node, sample: null, bare: false, occupied: null, setting: null, touched: null, figure: null };
  const bar = (w: number, h: number, words: readonly string[]): string =>
    nodeMarks({ x: 0, y: 0, w, h }, { ...face, measured: words })
      .map(render)
      .join('');
  assert.match(bar(300, 50, all), />82\.2 ns, 25\.1 GB\/s, emulated </);
  assert.match(bar(136, 50, all), />82\.2 ns, 25\.1 GB\/s </);
  assert.match(bar(70, 50, all), />82\.2 ns </);
  // A low bar has no line below its meter: it stands beside the name, which gets shorter.
  assert.match(bar(90, 34, all), />Node 0 |>0 /);
  assert.match(bar(90, 34, all), />82\.2 ns </);
  assert.doesNotMatch(bar(90, 34, []), / ns /);
});

test('the table of nodes tells what was measured, its title of what kind; without it distances', () => {
  const layout = layoutMachine(eight, { width: 1440, height: 900 });
  const table = layout.matrix ? layout : { ...layout, matrix: { x: 0, y: 0, w: 230, h: 180 } };
  const words = (of: typeof links): string => matrixMarks(eight, table, null, of).map(render).join('');
  assert.match(words([]), /Distances, from firmware/);
  assert.match(words(links), /Memory, ns, emulated/);
  const cells = [...words(links).matchAll(/>(\d+)</g)].map(([, figure]) => Number(figure));
  assert.equal(cells.filter((figure) => figure === 82).length, 8);
  const rates = nodeCosts(eight, measuredNodes(eight, { measures: ['bandwidth'] }).results);
  assert.match(words(rates), /Memory, GB\/s, emulated/);
  assert.ok(nodeGrid(eight, measured.results));
  assert.ok(nodeBoxOf(layout, 7));
});
