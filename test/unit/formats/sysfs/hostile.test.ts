/** Invariants of every topology, whatever the host says. */

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { parseCpuList } from '../../../../src/model/text/cpulist.ts';
import { readEnvironment } from '../../../../src/model/formats/sysfs/environment.ts';
import { parseProbe } from '../../../../src/model/formats/sysfs/probe.ts';
import type { ProbeFiles } from '../../../../src/model/formats/sysfs/probe.ts';
import { readTopology } from '../../../../src/model/formats/sysfs/topology.ts';
import { topologySchema } from '../../../../src/protocol/topology.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { probeText, syntheticProbe } from '../../machines.ts';
import { varied } from '../../../support/long.ts';

const sorted = (ids: Iterable<number>): number[] => [...ids].sort((a, b) => a - b);
const members = (groups: readonly { cpus: string }[]): number[] => groups.flatMap(({ cpus }) => parseCpuList(cpus));
const unique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

function holds(topology: Topology): void {
  v.parse(topologySchema, topology);
  const online = sorted(topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id));
  const inCores = members(topology.cores);
  assert.ok(unique(inCores) && inCores.every((id) => online.includes(id)), 'no CPU is in two cores');
  // Where nobody names a package there is none.
  if (topology.packages.length > 0)
    assert.deepEqual(sorted(members(topology.packages)), online, 'every online CPU is in one package');
  const inNodes = members(topology.nodes);
  assert.ok(unique(inNodes), 'no CPU is in two nodes');
  assert.ok(inNodes.every((id) => online.includes(id)));
  for (const list of [topology.packages, topology.nodes, topology.cpus]) assert.ok(unique(list.map(({ id }) => id)));
  for (const group of [topology.dies, topology.clusters]) assert.ok(unique(members(group)));
  for (const kind of new Set(topology.caches.map(({ level, type }) => `${level} ${type}`))) {
    const same = topology.caches.filter(({ level, type }) => `${level} ${type}` === kind);
    assert.ok(unique(members(same)) && members(same).every((id) => online.includes(id)));
  }
  const packages = new Map(topology.packages.map(({ id, cpus }) => [id, parseCpuList(cpus)]));
  for (const core of packages.size > 0 ? topology.cores : []) {
    assert.ok(parseCpuList(core.cpus).every((id) => packages.get(core.package)?.includes(id) === true));
  }
  const nodes = topology.nodes.map(({ id }) => String(id));
  for (const node of topology.nodes) assert.ok(Object.keys(node.distances).every((id) => nodes.includes(id)));
}

const shape = fc.record({
  packages: fc.integer({ min: 1, max: 4 }),
  nodesPerPackage: fc.integer({ min: 1, max: 3 }),
  coresPerNode: fc.integer({ min: 1, max: 4 }),
  threads: fc.integer({ min: 1, max: 4 }),
  numbering: fc.constantFrom('compact' as const, 'interleaved' as const, 'round-robin' as const),
  l3PerNode: fc.integer({ min: 0, max: 3 }),
  cpulessNodes: fc.integer({ min: 0, max: 2 }),
  offline: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 }),
  rated: fc.boolean(),
});

test('machines of every shape are read whole and without a warning', () => {
  fc.assert(
    fc.property(shape, (at) => {
      const total = at.packages * at.nodesPerPackage * at.coresPerNode * at.threads;
      const offline = at.offline.filter((id) => id < total - 1);
      const topology = readTopology(syntheticProbe({ ...at, offline }));
      holds(topology);
      assert.equal(members(topology.cores).length, total - new Set(offline).size, 'every online CPU is in a core');
      assert.deepEqual(topology.warnings, []);
      assert.equal(topology.cpus.length, total);
      assert.equal(topology.nodes.length, at.packages * at.nodesPerPackage + at.cpulessNodes);
    }),
  );
});

const value = fc.oneof(
  fc.constantFrom(
    '',
    '-1',
    '0',
    '1',
    '0-3',
    '2,5-6',
    '0-65535',
    '99999999',
    '3-1',
    '10 20',
    '32K',
    'Unified',
    'Data',
    'constructor',
    '__proto__',
  ),
  fc.stringMatching(/^[0-9,-]{0,9}$/),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** A machine in which some files were changed or lost. */
const mutated: fc.Arbitrary<ProbeFiles> = shape.chain((at) => {
  const files = syntheticProbe(at);
  const paths = [...files.keys()];
  const change = fc.tuple(fc.constantFrom(...paths), fc.option(value));
  return fc.array(change, { minLength: 1, maxLength: 30 }).map((changes) => {
    const out = new Map(files);
    for (const [path, to] of changes) {
      if (to === null) out.delete(path);
      else out.set(path, to);
    }
    return out;
  });
});

test('no change of a machine’s files breaks an invariant', () => {
  fc.assert(
    fc.property(mutated, (files) => {
      holds(readTopology(files));
      readEnvironment(files);
    }),
    { numRuns: varied(100, 300) },
  );
});

test('nor does a damaged answer', () => {
  const text = probeText(syntheticProbe({ packages: 2, coresPerNode: 2, threads: 2, rated: true }));
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(200), fc.string({ unit: 'binary' }), (at, length, noise) => {
      holds(readTopology(parseProbe(text.slice(0, at) + noise + text.slice(at + length))));
    }),
  );
});

test('a host that claims the largest sets everywhere is read in bounded time', () => {
  const files = new Map<string, string>();
  for (let id = 0; id < 4096; id++) {
    files.set(`sys/devices/system/cpu/cpu${id}/topology/core_cpus_list`, `0-65535,${id}`);
    files.set(`sys/devices/system/cpu/cpu${id}/topology/package_cpus_list`, '0-65535');
    files.set(`sys/devices/system/node/node${id}/distance`, '10 '.repeat(4096));
  }
  const topology = readTopology(files);
  assert.equal(topology.cpus.length, 4096);
  assert.ok(topology.nodes.length <= 1024);
  assert.match(topology.warnings.join('\n'), /more ids than a machine could have/);
});
