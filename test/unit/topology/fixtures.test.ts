// Machines that were recorded (npm run record-fixture): what is read of each is what its own lstopo said; and all that starts
// from a topology holds for it.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import * as v from 'valibot';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { topologySvg } from '../../../src/model/svg/topology-svg.ts';
import { topologyTree } from '../../../src/model/topology/text.ts';
import { topologySchema } from '../../../src/protocol/topology.ts';
import { differences, factsOf } from '../../support/facts.ts';
import { lstopoFacts } from '../../support/lstopo.ts';
import { packRecording, readRecording, unpackRecording } from '../../support/recording.ts';

const folder = new URL('../../fixtures/machines/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.tar.gz'))
  .map((file) => file.slice(0, -'.tar.gz'.length));

test('there are recordings of the emulated shapes and of a real machine', () => {
  for (const name of ['2s', '4s', '8n', 'hmat', 'cxl', 'memless', 'epyc', 'min'])
    assert.ok(names.includes(`lab-${name}`));
  assert.ok(names.includes('this-vm'));
});

for (const name of names) {
  test(`${name}: read as its own lstopo does, laid out whole, told in every form`, async () => {
    const recording = await readRecording(new URL(`${name}.tar.gz`, folder));
    assert.ok(recording.lstopo, 'recorded with what lstopo says');
    const topology = readTopology(recording.files);
    assert.deepEqual(differences('lstopo', lstopoFacts(recording.lstopo), factsOf(topology)), []);
    assert.equal(topology.machine.name, name);
    v.parse(topologySchema, topology);

    const layout = layoutMachine(topology, { width: 1200, height: 800 });
    assert.deepEqual(
      layout.pus.map(({ cpu }) => cpu).sort((a, b) => a - b),
      topology.cpus.map(({ id }) => id),
    );
    const text = topologyTree(topology);
    const svg = topologySvg(topology);
    for (const { id } of topology.cpus) {
      assert.ok(text.includes(`PU P#${String(id)}`), `PU ${String(id)} in the tree`);
      assert.ok(svg.includes(`id="PU_${String(id)}_rect"`), `PU ${String(id)} in the picture`);
    }
  });

  test(`${name}: a difference would be found`, async () => {
    const { files, lstopo } = await readRecording(new URL(`${name}.tar.gz`, folder));
    const topology = readTopology(files);
    const [node, ...others] = topology.nodes;
    assert.ok(lstopo && node);
    const changed = { ...topology, nodes: [{ ...node, memoryBytes: (node.memoryBytes ?? 0) + 4096 }, ...others] };
    const found = differences('lstopo', lstopoFacts(lstopo), factsOf(changed));
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', /^memory of node \d+: lstopo says \d+ bytes, we say \d+ bytes$/);
  });

  test(`${name}: packed again it is the same file, and tells no names`, async () => {
    const recording = await readRecording(new URL(`${name}.tar.gz`, folder));
    const again = await packRecording(name, recording);
    const { files, lstopo } = await unpackRecording(again);
    assert.deepEqual([...files], [...recording.files]);
    assert.equal(lstopo, recording.lstopo);
    assert.equal(files.get('proc/sys/kernel/hostname'), name);
    for (const content of [...files.values(), lstopo ?? ''])
      assert.doesNotMatch(content, /serial|[0-9a-f]{2}(:[0-9a-f]{2}){5}/i);
  });
}
