// What `bench nodes --format hwloc` writes, taken by hwloc's own tools: the script is run on topologies as lstopo and this project
// write them, and lstopo says the same figures back.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { hwlocScript, hwlocValue } from '../../src/model/recommend/hwloc.ts';
import { nodeGrid, pairsOf, usableCpusOf } from '../../src/model/bench/nodes/grid.ts';
import type { NodeMeasure } from '../../src/model/bench/nodes/grid.ts';
import { formatHwlocSet } from '../../src/model/formats/lstopo/set.ts';
import { writeLstopoXml } from '../../src/model/formats/lstopo/write.ts';
import { logicalOf } from '../../src/model/topology/logical.ts';
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { annotated, attribute, matrix } from '../support/annotated.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { readRecording } from '../support/recording.ts';
import { measuredNodes } from '../unit/bench/nodes/measured.ts';
import { machine } from '../unit/topologies.ts';
import type { MachineShape } from '../unit/machines.ts';

const folder = temporaryFolder('nodes');
after(() => removeFolder(folder));

const ns = (from: number, to: number): number => 80 + 60 * Math.abs(from - to) + from;
const bytesPerSecond = (from: number, to: number): number => 100e9 / (1 + Math.abs(from - to)) + from * 1e9;

interface Machine {
  readonly topology: Topology;
  /** As its own lstopo wrote it; a machine of paper has only what this project writes. */
  readonly xml: string;
}

async function recorded(name: string): Promise<Machine> {
  const { files, lstopo } = await readRecording(new URL(`../fixtures/machines/${name}.tar.gz`, import.meta.url));
  assert.ok(lstopo);
  return { topology: readTopology(files), xml: lstopo };
}

function paper(shape: MachineShape): Machine {
  const topology = machine(shape);
  return { topology, xml: writeLstopoXml(topology) };
}

const machines: readonly (readonly [name: string, () => Machine | Promise<Machine>])[] = [
  ['two rated sockets', () => recorded('lab-hmat')],
  ['a node without CPUs', () => recorded('lab-cxl')],
  ['a node without memory', () => recorded('lab-memless')],
  ['eight nodes', () => recorded('lab-8n')],
  ['numbers with gaps', () => paper({ packages: 3, coresPerNode: 2, cpulessNodes: 1, nodeIds: [8, 2, 5, 11] })],
  [
    'rated, without CPUs',
    () => paper({ packages: 2, coresPerNode: 2, cpulessNodes: 2, nodeIds: [1, 3, 7, 20], rated: true }),
  ],
];

describe('measured nodes in hwloc', () => {
  for (const [name, make] of machines) {
    it(`${name}: lstopo shows the attributes and distances that were measured`, async () => {
      const { topology, xml } = await make();
      const run = measuredNodes(topology, { ns, bytesPerSecond });
      const grid = nodeGrid(topology, run.results);
      assert.ok(grid);
      const shown = annotated(folder, hwlocScript(run), xml);
      const at = logicalOf(topology).nodes;
      const value = (measure: NodeMeasure, from: number, to: number): number =>
        hwlocValue(measure, grid.at(measure, from, to)?.median ?? NaN);
      for (const [measure, own] of [
        ['latency', 'Latency'],
        ['bandwidth', 'Bandwidth'],
      ] as const) {
        const wanted: string[] = pairsOf(grid).map(([from, to]) =>
          [at.get(to), value(measure, from, to), formatHwlocSet(usableCpusOf(topology, from))].join(' '),
        );
        assert.deepEqual(attribute(shown, own), wanted.sort());
        // lstopo orders the rows as it numbers the nodes.
        const square: number[] = grid.from.filter((id) => grid.to.includes(id));
        const rows: number[][] = square.map((from) => square.map((to) => value(measure, from, to)));
        assert.deepEqual(matrix(shown, `Measured${own}`), rows);
      }
      assert.match(shown, /MeasuredLatency kind 6/);
      assert.match(shown, /MeasuredBandwidth kind 10/);
    });
  }

  it('a pair that does not count has no figure, and its measure no distances', async () => {
    const { topology, xml } = await recorded('lab-2s');
    const run = measuredNodes(topology, {
      ns,
      more: (from, to) => (from === 0 && to === 1 ? { valid: false, why: 'slipped' } : {}),
    });
    const shown = annotated(folder, hwlocScript(run), xml);
    assert.equal(attribute(shown, 'Latency').length, 3);
    assert.doesNotMatch(shown, /MeasuredLatency/);
  });

  it('a topology of another machine is refused, and a run of one node has nothing for hwloc', async () => {
    const run = measuredNodes((await recorded('lab-4s')).topology, { ns });
    const [script, other] = [join(folder, 'other.sh'), join(folder, 'other.xml')];
    writeFileSync(script, hwlocScript(run));
    writeFileSync(other, (await recorded('lab-2s')).xml);
    const single = measuredNodes((await recorded('lab-min')).topology);
    const answer = spawnSync('sh', [script, other, join(folder, 'never.xml')], { encoding: 'utf8' });
    assert.notEqual(answer.status, 0);
    assert.match(answer.stderr, /NUMA node [23] is not in this topology/);
    assert.throws(() => hwlocScript(single), /nothing for hwloc/);
  });
});
