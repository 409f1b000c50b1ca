// What `plan export` wrote comes back as the same blocks on the same CPUs and nodes; and files that nobody exported for us.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { checkPlan } from '../../../src/model/plan/check/examine.ts';
import { exportPlan } from '../../../src/model/plan/export/export.ts';
import { placePlan } from '../../../src/model/plan/place.ts';
import { plannedNotation, plannedTopology, planMachine } from '../../../src/model/plan/machine.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { formatCpuList } from '../../../src/model/text/cpulist.ts';
import { synthesize } from '../../../src/model/formats/synthetic/topology.ts';
import { ROOT } from '../../support/markdown.ts';
import { example, GB, guideQuotes, ownMachine, PAPER, planOf } from './machines.ts';
import { importOf, placesOf } from './importing.ts';

/** Files of one tool by their path in the export. */
function filesFor(plan: Plan, tool: string): Record<string, string> {
  const files = exportPlan(plan, placePlan(plan, planMachine(ownMachine(plan))), [tool]);
  return Object.fromEntries(files.filter(({ path }) => path !== 'README.md').map(({ path, text }) => [path, text]));
}

const mixed = planOf(`${PAPER}
reserve:
  - { node: 0, cores: 1, memory: 4GB }
  - { node: 1, cores: 1, memory: 4GB }
blocks:
  - { name: wide-vm, kind: vm, nodes: "0-1", cores: 8, memory: 64GB, hugepages: { size: 1g, memory: 64GB }, iothreads: 2, iothreadCpus: "17,53", emulatorCpus: "17,53" }
  - { name: search, kind: container, node: 0, cores: 4, memory: 20GB }
  - { name: cache, kind: container, node: 1, cores: 4, memory: 20GB }
  - { name: db-main, kind: process, node: 1, cores: 4, memory: 16GB }
  - { name: logs, kind: pool, nodes: "0-1", cores: 2, memory: 2GB, memoryPolicy: interleave }
`);
const MACHINE = ownMachine(mixed);

/** CPUs that stay for the host. */
const hostCpus = formatCpuList(placePlan(mixed, planMachine(MACHINE)).reserved.flatMap(({ cpus }) => cpus));

test('libvirt: the worked example comes back with every block, its emulator cores, and no new problem', () => {
  const plan = example();
  const machine = ownMachine(plan);
  const back = importOf(filesFor(plan, 'libvirt'), machine);
  assert.deepEqual(placesOf(back.plan, machine), placesOf(plan, machine));
  for (const { name, kind, memoryBytes, guest, serves } of plan.blocks) {
    const found = back.block(name);
    assert.deepEqual([found.kind, found.memoryBytes, found.guest], [kind, memoryBytes, guest], name);
    assert.deepEqual(found.serves.toSorted(), serves.toSorted(), name);
  }
  const ids = (of: Plan): string[] => checkPlan(of, machine).problems.map(({ id }) => id);
  // An export does not carry the reserve; its emulator cores keep something for the host.
  assert.deepEqual(
    ids(back.plan).filter((id) => !ids(plan).includes(id)),
    [],
  );
});

test('libvirt: a guest of two nodes with huge pages and I/O threads comes back', () => {
  const back = importOf(filesFor(mixed, 'libvirt'), MACHINE);
  const [was, is] = [placesOf(mixed, MACHINE).get('wide-vm'), placesOf(back.plan, MACHINE).get('wide-vm')];
  assert.deepEqual(is, was);
  const block = back.block('wide-vm');
  assert.deepEqual(block.hugepages, { sizeBytes: GB, memoryBytes: 64 * GB });
  assert.deepEqual([block.iothreads, block.iothreadCpus, block.emulatorCpus], [2, null, null]);
  assert.deepEqual([back.block('emulators-0').cpus, back.block('emulators-0').serves], ['17,53', ['wide-vm']]);
});

test('systemd, Docker, Slurm and the kubelet: the same CPUs and nodes', () => {
  const places = placesOf(mixed, MACHINE);
  const systemd = importOf(filesFor(mixed, 'systemd'));
  for (const name of ['db-main', 'logs']) {
    assert.deepEqual(placesOf(systemd.plan, MACHINE).get(name), places.get(name), name);
    const written = mixed.blocks.find((one) => one.name === name);
    assert.equal(systemd.block(name).memoryBytes, written?.memoryBytes);
    assert.equal(systemd.block(name).memoryPolicy, written?.memoryPolicy);
  }
  assert.deepEqual([systemd.block('host').kind, systemd.block('host').cpus], ['emulator', hostCpus]);

  const docker = importOf(filesFor(mixed, 'containers'));
  for (const name of ['search', 'cache']) {
    assert.deepEqual(placesOf(docker.plan, MACHINE).get(name), places.get(name), name);
    assert.equal(docker.block(name).memoryBytes, 20 * GB);
  }

  const { 'slurm/cgroup.conf': _, ...slurm } = filesFor(mixed, 'slurm');
  assert.equal(importOf(slurm, MACHINE).block('host').cpus, hostCpus);
  // Without the machine in Slurm's own numbers, of the machine that it counts.
  const alone = importOf(slurm);
  assert.equal(alone.plan.blocks.length, 1);
  assert.equal(alone.plan.host?.synthetic, 'pack:2 [numa(memory=129024MiB)] core:18 pu:2');
  assert.match(alone.said, /8 GB are the host's \(MemSpecLimit\)/);

  const files = Object.entries(filesFor(mixed, 'kubernetes')).filter(([path]) => /host\.kubelet|\.pod\./.test(path));
  const kubelet = importOf(Object.fromEntries(files));
  assert.equal(kubelet.block('host').cpus, hostCpus);
  assert.deepEqual(
    kubelet.plan.reserve.map(({ node, memoryBytes }) => [node, memoryBytes >= 4 * GB]),
    [
      [0, true],
      [1, true],
    ],
  );
  const [pod] = kubelet.plan.blocks.filter(({ name }) => name.startsWith('default/search'));
  assert.deepEqual([pod?.threads, pod?.memoryBytes, pod?.cpus], [8, 20 * GB, null]);
});

test('the machine: capabilities among the files are the host of the plan, and others go by it', () => {
  const cpu = (id: number, core: number): string =>
    `<cpu id='${id}' socket_id='0' core_id='${core}' siblings='${core},${core + 2}'/>`;
  const capabilities = `<capabilities><host><cpu><arch>x86_64</arch></cpu><topology><cells num='1'><cell id='0'>
    <memory unit='KiB'>4194304</memory><cpus num='4'>${[0, 1, 2, 3].map((id) => cpu(id, id % 2)).join('')}</cpus></cell></cells></topology></host></capabilities>`;
  const node = 'NodeName=n1 Sockets=1 CoresPerSocket=2 ThreadsPerCore=2 CpuSpecList=0-1\n';
  const { plan, block, said } = importOf({ 'caps.xml': capabilities, 'slurm.conf': node });
  assert.equal(plan.host?.topology, 'caps.xml');
  assert.equal(block('host').cpus, '0,2');
  assert.match(said, /From the machine: caps\.xml\nFrom a node and jobs of Slurm: slurm\.conf/);
  assert.throws(
    () => importOf({ 'a.xml': capabilities, 'b.xml': capabilities }),
    /b\.xml: this is a second machine beside a\.xml/,
  );
});

test("hwloc's notation means in a plan what it meant to --from", () => {
  for (const notation of [
    'pack:2 [numa(memory=126GB)] l3:1(size=45MB) core:2 pu:1',
    'numa:2(memory=64GiB) core:2 pu:1',
  ])
    assert.deepEqual(plannedTopology(plannedNotation(notation)), synthesize(notation));
});

test('names that meet get a number, and what has none gets one', () => {
  const vm = (name: string): string => `<domain><name>${name}</name><vcpu cpuset='0'>1</vcpu></domain>`;
  const { plan } = importOf({
    a: vm('web'),
    b: vm('web'),
    c: vm(''),
    d: vm(`x${'y'.repeat(200)}`),
    e: vm(' \u202eweb'),
  });
  assert.deepEqual(
    plan.blocks.map(({ name }) => name),
    ['web', 'web (2)', 'block', `x${'y'.repeat(99)}`, 'web (3)'],
  );
  assert.deepEqual(
    plan.blocks.map(({ runsAs }) => runsAs),
    [null, 'web', null, null, 'web'],
  );
});

test('the guide quotes what is made of the example of a kubelet', () => {
  const paths = ['docs/examples/kubelet/cpu_manager_state', 'docs/examples/kubelet/config.yaml'];
  const files = Object.fromEntries(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
  guideQuotes(`import ${paths.join(' ')}`, importOf(files).text);
});
