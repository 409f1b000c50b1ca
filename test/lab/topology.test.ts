// What the product reads of emulated hosts, against what each host's own lstopo and numactl say, object by object; as root and
// as the unprivileged user.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pairFacts } from '../../src/model/bench/nodes/firmware.ts';
import { nodeGrid } from '../../src/model/bench/nodes/grid.ts';
import { hwlocScript } from '../../src/model/recommend/hwloc.ts';
import { formatCpuList } from '../../src/model/text/cpulist.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { annotated, attribute } from '../support/annotated.ts';
import { lstopoDevices, ownDevices } from '../support/devices.ts';
import { differences, factsOf } from '../support/facts.ts';
import type { Shape } from '../../scripts/lab/types.ts';
import { bootLab, namedShape, type LabHost, type LabUser } from '../support/lab.ts';
import { lstopoFacts } from '../support/lstopo.ts';
import { varied } from '../support/long.ts';
import { numactlFacts, numactlFactsOf } from '../support/numactl.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { ask, bothUsers, measure, users } from './asking.ts';

async function readTopology(lab: LabHost, user: LabUser): Promise<Topology> {
  const answer = await ask(lab, user, ['topology', '--format', 'json']);
  assert.equal(answer.code, 0, answer.stderr);
  return JSON.parse(answer.stdout) as Topology;
}

/** Memory without CPUs, rated memory, dies, and devices on nodes: one boot for all of it; each die has one core, for CPUs cost a boot most. */
const much: Shape = {
  ...namedShape('cxl'),
  name: 'cxl-dies',
  cpus: { ...namedShape('epyc').cpus, cores: 1 },
  nodes: namedShape('cxl').nodes.map((node) => ({
    ...node,
    cpus: node.cpus && [node.cpus[0] / 2, (node.cpus[1] - 1) / 2],
  })),
  interfaces: namedShape('epyc').interfaces ?? [],
};
/** CPUs without memory are among them: no firmware of the emulator rates memory beside those. test/lstopo holds what was recorded of each. */
const others = ['memless', 'cxl', 'epyc', '4s', 'hmat'].map(namedShape);

for (const shape of varied([much], [much, ...others])) {
  describe(shape.name, { timeout: 900_000 }, () => {
    let lab: LabHost;
    const seen = new Map<LabUser, Promise<Topology>>();
    const topologyOf = (user: LabUser): Promise<Topology> => {
      const topology = seen.get(user) ?? readTopology(lab, user);
      seen.set(user, topology);
      return topology;
    };
    before(async () => {
      lab = await bootLab(shape);
    });
    after(() => lab.stop());

    for (const user of shape === much ? bothUsers : users) {
      it(`${user}: the topology is what lstopo and numactl say on the host`, async () => {
        const topology = await topologyOf(user);
        const xml = await lab.ask(user, 'lstopo --of xml --no-io --disallowed --filter icache:all');
        const theirs = lstopoFacts(xml);
        assert.ok(theirs.size > lab.shape.nodes.length * 4, 'lstopo said something');
        assert.deepEqual(differences('lstopo', theirs, factsOf(topology)), []);
        const hardware = numactlFacts(await lab.ask(user, 'numactl --hardware'));
        assert.deepEqual(differences('numactl', hardware, numactlFactsOf(topology)), []);
      });
    }

    it('I/O devices are at the nodes where lstopo has them, those of the shape at theirs', async () => {
      const topology = await topologyOf('bench');
      const theirs = lstopoDevices(await lab.ask('bench', 'lstopo --of xml --disallowed'));
      assert.ok(theirs.length > 0, 'lstopo sees the interface the host is reached by');
      assert.deepEqual(ownDevices(topology), theirs);
      assert.deepEqual(
        topology.warnings.filter((words) => words.includes('device')),
        [],
      );
      const nodes = topology.devices.flatMap(({ kind, node }) => (kind === 'network' && node !== null ? [node] : []));
      assert.deepEqual(
        nodes,
        (lab.shape.interfaces ?? []).map(({ node }) => node).sort((a, b) => a - b),
      );
    });

    if (shape.nodes.some(({ cpus }) => cpus === null)) {
      it('huge pages of memory without CPUs are reserved there, and given back', async () => {
        const state = { XDG_STATE_HOME: temporaryFolder('state') };
        const reserved = (): Promise<string> =>
          lab.ask('root', 'cat /sys/devices/system/node/node?/hugepages/hugepages-2048kB/nr_hugepages');
        const words = ['hugepages', 'reserve', '--node', '2', '--size', '6M', '--yes'];
        const answer = await ask(lab, 'root', words, state);
        assert.equal(answer.code, 0, answer.stderr);
        assert.equal(await reserved(), '0\n0\n3');
        const undo = await ask(lab, 'root', ['hugepages', 'undo'], state);
        assert.equal(undo.code, 0, undo.stderr);
        assert.equal(await reserved(), '0\n0\n0');
      });
    }

    if (shape.rated) {
      it('every pair of nodes is measured, from CPUs only, and hwloc takes what was measured', async () => {
        const words = ['bench', 'nodes', '--threads', '2', '--size', '4M', '--duration', '300ms', '--repeat', '1'];
        const run = await measure(lab, 'bench', words);
        const grid = nodeGrid(run.topology, run.results);
        const { rated } = lab.shape;
        assert.ok(grid && rated);
        assert.deepEqual(grid.measures, ['latency', 'bandwidth']);
        assert.deepEqual([grid.from.length, grid.to.length], [rated.latencyNs.length, lab.shape.nodes.length]);
        for (const { valid, why, emulated, placement, seen } of run.results) {
          assert.ok(valid, why ?? '');
          assert.ok(emulated && placement.kind === 'memory');
          assert.deepEqual(Object.keys(seen.nodes), placement.nodes.map(String));
          assert.equal(Object.values(seen.cpus).join(), formatCpuList(placement.cpus));
        }
        // What firmware was given to say is beside the figures: the kernel passes on that of the best initiators.
        for (const { from, to, slit, ratedNs } of pairFacts(run.topology, grid)) {
          assert.equal(slit, lab.shape.distances[from]?.[to]);
          const column: (number | undefined)[] = rated.latencyNs.map((row) => row[to]);
          const isBest: boolean = column[from] === Math.min(...column.map((ns) => ns ?? Infinity));
          assert.equal(ratedNs, isBest ? column[from] : null);
        }
        const folder = temporaryFolder('annotated');
        try {
          const shown = annotated(folder, hwlocScript(run), await lab.ask('bench', 'lstopo --of xml'));
          const pairs = grid.from.length * grid.to.length;
          assert.deepEqual([attribute(shown, 'Latency').length, attribute(shown, 'Bandwidth').length], [pairs, pairs]);
          assert.match(shown, /MeasuredLatency kind 6/);
        } finally {
          removeFolder(folder);
        }
      });
    }

    it('the shape is the one that was asked for', async () => {
      const { nodes, packages, machine, dies } = await topologyOf('bench');
      assert.equal(machine.emulated, true);
      assert.equal(packages.length, lab.shape.cpus.sockets);
      if (lab.shape.cpus.dies > 1) assert.equal(dies.length, lab.shape.cpus.sockets * lab.shape.cpus.dies);
      assert.deepEqual(
        nodes.map(({ distances }) => Object.values(distances)),
        lab.shape.distances,
      );
      assert.deepEqual(
        nodes.map(({ cpus }) => cpus === ''),
        lab.shape.nodes.map(({ cpus }) => cpus === null),
      );
      assert.deepEqual(
        nodes.map(({ memoryBytes }) => memoryBytes === 0),
        lab.shape.nodes.map(({ mebibytes }) => mebibytes === 0),
      );
      if (lab.shape.rated) for (const { rated } of nodes) assert.ok(rated, 'rated by the firmware');
    });
  });
}
