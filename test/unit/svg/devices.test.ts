/** I/O devices as they are drawn: room for them in the layout, chips in the rooms, and the drawing that stands alone. */

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { devicesByNode } from '../../../src/model/topology/devices.ts';
import { bottomOf, overlaps, rightOf } from '../../../src/model/layout/box.ts';
import { chipsIn } from '../../../src/model/layout/devices.ts';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import { scaleLayout } from '../../../src/model/layout/scale.ts';
import type { Layout } from '../../../src/model/layout/types.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { chipWords, nearMarks } from '../../../src/model/svg/devices.ts';
import { topologySvg } from '../../../src/model/svg/topology-svg.ts';
import type { Device, Topology } from '../../../src/model/topology/topology.ts';
import { paperDevices } from '../../support/devices.ts';
import { syntheticProbe } from '../machines.ts';
import type { MachineShape } from '../machines.ts';
import { varied } from '../../support/long.ts';

const TWO: MachineShape = { packages: 2, coresPerNode: 4, numbering: 'compact' };
const two = readTopology(new Map([...syntheticProbe(TWO), ...paperDevices(['0-3', '4-7'])]));

/** So many devices at each node, and so many at none. */
function withDevices(topology: Topology, each: number, nowhere: number): Topology {
  const make = (node: number | null, i: number): Device => ({
    kind: (['network', 'storage', 'gpu', 'accelerator'] as const)[i % 4] ?? 'network',
    name: `dev${node ?? 'x'}n${i}`,
    address: `0000:${(10 + i).toString(16)}:00.0`,
    pci: null,
    node,
    cpus: topology.nodes.find(({ id }) => id === node)?.cpus ?? '',
  });
  const counted = (node: number | null, count: number): Device[] =>
    Array.from({ length: count }, (_, i) => make(node, i));
  return {
    ...topology,
    devices: [...topology.nodes.flatMap(({ id }) => counted(id, each)), ...counted(null, nowhere)],
  };
}

const chipsOf = (topology: Topology, layout: Layout): ReturnType<typeof chipsIn> =>
  layout.rooms.flatMap((room) => chipsIn(topology, room));

test('a board without devices is laid out as if there were none', () => {
  const area = { width: 1200, height: 800 };
  const none = { ...two, devices: [] };
  assert.deepEqual(layoutMachine(two, area), layoutMachine(none, area));
  assert.deepEqual(layoutMachine(none, { ...area, devices: true }), layoutMachine(none, area));
  assert.deepEqual(layoutMachine(two, area).rooms, []);
});

test('every device is on one chip, in its room, and no chip lies on another, on a thread or on a bar', () => {
  const shape = fc.record({
    packages: fc.integer({ min: 1, max: 4 }),
    nodesPerPackage: fc.integer({ min: 1, max: 2 }),
    coresPerNode: fc.constantFrom(1, 4, 24),
    threads: fc.integer({ min: 1, max: 2 }),
    cpulessNodes: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(
      shape,
      fc.constantFrom(0, 1, 5, 40),
      fc.constantFrom(0, 1, 30),
      fc.integer({ min: 300, max: 1600 }),
      fc.integer({ min: 240, max: 1000 }),
      fc.constantFrom(1, 3),
      (machine, each, nowhere, width, height, zoom) => {
        const topology = withDevices(readTopology(syntheticProbe(machine)), each, nowhere);
        const layout = scaleLayout(layoutMachine(topology, { width, height, devices: true }), zoom);
        assert.equal(layout.rooms.length, devicesByNode(topology).size);
        const chips = chipsOf(topology, layout);
        const names = chips.flatMap(({ devices }) => devices.map(({ name }) => name));
        assert.deepEqual(names.sort(), topology.devices.map(({ name }) => name).sort());
        for (const room of layout.rooms) {
          for (const chip of chipsIn(topology, room)) {
            assert.ok(chip.x >= room.x && rightOf(chip) <= rightOf(room) + 0.01, 'in its room');
            assert.ok(chip.y >= room.y && bottomOf(chip) <= bottomOf(room) + 0.01, 'in its room');
          }
          assert.ok(room.y > 0 && bottomOf(room) <= layout.height && rightOf(room) <= layout.width + 0.01);
        }
        chips.forEach((chip, i) => {
          const others = [...chips.slice(i + 1), ...layout.pus, ...layout.nodes, ...layout.caches];
          assert.ok(!others.some((other) => overlaps(chip, other)), `${chip.name} has its place alone`);
        });
      },
    ),
    { numRuns: varied(50, 150) },
  );
});

test('a nearer look shows more of what found no room', () => {
  const topology = withDevices(readTopology(syntheticProbe({ packages: 2, coresPerNode: 96, threads: 2 })), 20, 0);
  const layout = layoutMachine(topology, { width: 1100, height: 740, devices: true });
  const [far, close] = [1, 3].map((zoom) => chipsOf(topology, scaleLayout(layout, zoom)).length);
  assert.ok(far !== undefined && close !== undefined && far < close && close === 40, `${far} and ${close} chips`);
});

test('parts of one card share a chip, and its words say so', () => {
  const chips = chipsOf(two, layoutMachine(two, { width: 1600, height: 900, devices: true }));
  const card = chips.find(({ name }) => name === 'ib0, mlx5_0');
  assert.ok(card);
  assert.equal(chipWords(card, two), 'net ib0, mlx5_0, network, node 1, P#4–7 near');
  assert.equal(chips.find(({ name }) => name === '5e:00.0')?.kind, 'acc');
});

test('frames stand around the threads that are near, and around none where all are', () => {
  const layout = layoutMachine(two, { width: 1200, height: 800, devices: true });
  const [one] = two.devices.filter(({ name }) => name === 'ens1f0');
  assert.ok(one);
  const [frames] = nearMarks(two, layout, [one]);
  assert.equal(String(frames?.attrs['d']).match(/M/g)?.length, 4);
  assert.deepEqual(nearMarks(two, layout, [{ ...one, cpus: '0-7' }]), []);
  assert.deepEqual(nearMarks(two, layout, []), []);
});

test('the drawing of a machine has its devices, as words only, and without them where nobody asks', () => {
  const hostile = { ...two, devices: two.devices.map((one) => ({ ...one, name: '</text><script>"&' })) };
  const svg = topologySvg(hostile, { devices: true });
  new SaxesParser().write(svg).close();
  assert.ok(!svg.includes('<script'));
  const named = topologySvg(two, { devices: true });
  assert.match(named, /<g class="OSDev"><title>net ens1f0, network, node 1, P#4–7 near<\/title><rect class="dev"/);
  assert.ok(!topologySvg(two).includes('OSDev'));
});
