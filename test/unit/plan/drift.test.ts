// A plan beside what runs: what is moved away is seen and named, what is as planned is left alone, and whatever a host prints is borne.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { withFindings } from '../../../src/model/doctor/examine.ts';
import { doctorText } from '../../../src/model/doctor/text.ts';
import { parseProcesses } from '../../../src/model/doctor/facts/processes.ts';
import { parseTable } from '../../../src/model/doctor/facts/table.ts';
import { choose } from '../../../src/model/plan/reality/choose.ts';
import { driftLimits } from '../../../src/model/plan/drift/base/check.ts';
import { marginOf } from '../../../src/model/plan/drift/checks/memory.ts';
import { driftsOf } from '../../../src/model/plan/drift/drift.ts';
import { parseNames } from '../../../src/model/plan/reality/names.ts';
import { guestMemory, guestName } from '../../../src/model/plan/reality/reality.ts';
import { realityOf } from '../../../src/model/plan/reality/running.ts';
import { driftedJson, driftText } from '../../../src/model/plan/drift/text.ts';
import { planMachine } from '../../../src/model/plan/machine.ts';
import { placePlan } from '../../../src/model/plan/place.ts';
import { isUnavailable } from '../../../src/model/run/run.ts';
import { examined } from '../doctor/hosts.ts';
import { importLive } from '../../../src/model/plan/import/live.ts';
import { planFromImported } from '../../../src/model/plan/import/assemble.ts';
import { readPlanOf } from '../../../src/protocol/plan-text.ts';
import { writePlan } from '../../../src/protocol/plan-write.ts';
import { ownMachine, PAPER, planOf } from './machines.ts';
import { beside, closeLines, seenOn, tableLines } from './running.ts';
import type { Host, Program, Thread } from './running.ts';

const UID = '11112222-3333-4444-5555-666677778888';
const ID = 'ab'.repeat(32);

const plan = planOf(`${PAPER}
reserve: [{ node: 0, cores: 1, memory: 1GB }]
blocks:
  - { name: Web VM, kind: vm, runsAs: web, cpus: "0-1,36-37", memory: 100MB }
  - { name: hosts, kind: emulator, node: 0, cores: 1, serves: [Web VM] }
  - { name: cache, kind: container, cpus: "18-19,54-55", memory: 80MB }
  - { name: shop/front-0, kind: container, cpus: "20-21,56-57" }
  - { name: db-pool, kind: pool, cpus: "22-23", memoryNodes: 1 }
  - { name: indexer, kind: process, cpus: "24-25", memory: 50MB }
`);
const topology = ownMachine(plan);

const vcpu = (at: number, allowed: string, more: Partial<Thread> = {}): Thread => ({
  name: `CPU ${String(at)}/KVM`,
  allowed,
  ticks: 50,
  ...more,
});
const vm = (threads: readonly Thread[], more: Partial<Program> = {}): Program => ({
  ...{
    pid: 1000,
    name: 'qemu-system-x86',
    command: '/usr/bin/qemu-system-x86_64 -name guest=web,debug-threads=on -m size=102400k',
  },
  ...{ threads, pages: { 0: 90 }, group: String.raw`/machine.slice/machine-qemu\x2d1\x2dweb.scope/libvirt/emulator` },
  ...more,
});
const HOST_CPUS = '2,38';
const rest: Thread[] = [
  { name: 'IO iothread1', allowed: HOST_CPUS },
  { name: 'worker', allowed: HOST_CPUS },
];
const vcpus = [vcpu(0, '0'), vcpu(1, '36'), vcpu(2, '1'), vcpu(3, '37')];
const emulator: Thread = { name: 'qemu-system-x86', allowed: HOST_CPUS };
const cache: Program = {
  ...{ pid: 2000, name: 'redis', threads: [{ name: 'redis', allowed: '18-19,54-55' }] },
  ...{ group: `/system.slice/docker-${ID}.scope`, cpuset: '18-19,54-55', groupMiB: { 1: 70 } },
};
const pod: Program = {
  ...{ pid: 3000, name: 'front', threads: [{ name: 'front', allowed: '20-21,56-57' }] },
  ...{ cpuset: '20-21,56-57', groupMiB: { 1: 30 } },
  group: `/kubepods.slice/kubepods-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-${'cd'.repeat(32)}.scope`,
};
const pool: Program = {
  ...{ pid: 4000, name: 'workers', threads: [{ name: 'w', allowed: '22-23' }] },
  ...{ group: '/db_pool.slice/db.service', cpuset: '22-23', groupMiB: { 1: 64 } },
};
const indexer: Program = {
  pid: 5000,
  name: 'indexer',
  threads: [{ name: 'indexer', allowed: '24-25' }],
  pages: { 1: 60 },
};

const kept: Host = {
  programs: [vm([emulator, ...vcpus, ...rest]), cache, pod, pool, indexer],
  pods: [`shop_front-0_${UID}`],
  tools: [`=container docker ${ID} cache`, '=asked docker'],
};
/** The same with some programs changed, or more of them. */
const but = (...changed: Program[]): Host => ({
  ...kept,
  programs: [...kept.programs.filter(({ pid }) => changed.every((one) => one.pid !== pid)), ...changed],
});
const ids = (host: Host): string[] =>
  beside(plan, topology, host).findings.map(({ id, blocks }) => `${blocks.join()}: ${id}`);

test('what runs as planned has no drift, and each block is told by what runs it', () => {
  const drifted = beside(plan, topology, kept);
  assert.deepEqual(
    drifted.findings.map(({ sentence }) => sentence),
    [],
  );
  assert.deepEqual([drifted.notes, drifted.unread], [[], []]);
  assert.deepEqual(
    drifted.blocks.map(({ running }) => running.map(({ label }) => label).join()),
    ['VM web', 'container cache', 'pod shop/front-0', 'db_pool.slice', 'indexer'],
  );
  for (const { memory } of drifted.blocks) assert.ok(!isUnavailable(memory));
});

const SEEDED: readonly (readonly [what: string, host: Host, found: readonly string[], remedy: RegExp])[] = [
  [
    'a vCPU that runs on another core is to be pinned where nobody else of its VM is',
    but(vm([emulator, ...vcpus.slice(0, 3), vcpu(3, '40', { ran: 40 }), ...rest])),
    ['Web VM: plan-vcpus-off'],
    /^sudo virsh vcpupin web 3 37$/,
  ],
  [
    'a vCPU that may go anywhere and is where it should be',
    but(vm([emulator, ...vcpus.slice(0, 3), vcpu(3, '0-71', { ran: 37 }), ...rest])),
    ['Web VM: plan-vcpus-off'],
    /^sudo virsh vcpupin web 3 37$/,
  ],
  [
    'fewer vCPUs',
    but(vm([emulator, ...vcpus.slice(0, 3), ...rest])),
    ['Web VM: plan-vcpu-count'],
    /setvcpus web 4 --config/,
  ],
  [
    'emulator threads on the cores of vCPUs',
    but(vm([{ ...emulator, allowed: '0-1' }, ...vcpus, ...rest])),
    ['Web VM: plan-emulator-off'],
    /^sudo virsh emulatorpin web 2,38$/,
  ],
  [
    'an I/O thread off its cores',
    but(vm([emulator, ...vcpus, { name: 'IO iothread1', allowed: '5' }])),
    ['Web VM: plan-iothreads-off'],
    /^sudo virsh iothreadpin web 1 2,38$/,
  ],
  [
    'memory on the other node',
    but(vm([emulator, ...vcpus, ...rest], { pages: { 0: 50, 1: 40 } })),
    ['Web VM: plan-memory-off'],
    /^sudo migratepages 1000 1 0$/,
  ],
  [
    'a VM whose pages may not be read, by its control group',
    but(vm([emulator, ...vcpus, ...rest], { pages: null, groupMiB: { 1: 99 } })),
    ['Web VM: plan-memory-off'],
    /migratepages/,
  ],
  [
    'a container that is not there',
    { ...kept, programs: kept.programs.filter((one) => one !== cache) },
    ['cache: plan-not-running'],
    /^$/,
  ],
  [
    'a container on other CPUs',
    but({ ...cache, cpuset: '60-61' }),
    ['cache: plan-cpus-off'],
    /^sudo docker update --cpuset-cpus=18-19,54-55 cache$/,
  ],
  [
    'memory of a container elsewhere',
    but({ ...cache, groupMiB: { 0: 70 } }),
    ['cache: plan-memory-off'],
    /^sudo docker update --cpuset-mems=1 cache$/,
  ],
  [
    'a pod on the other node',
    but({ ...pod, cpuset: '4-5,40-41' }),
    ['shop/front-0: plan-cpus-off'],
    /^# kubectl delete pod front-0/,
  ],
  ['a pod without CPUs of its own', but({ ...pod, cpuset: '0-71' }), ['shop/front-0: plan-cpus-off'], /./],
  [
    'a slice that is wider than planned',
    but({ ...pool, cpuset: '22-25' }),
    ['db-pool: plan-cpus-off'],
    /set-property --runtime db_pool\.slice AllowedCPUs=22-23/,
  ],
  [
    'a program that may go anywhere',
    but({ ...indexer, threads: [{ name: 'indexer', allowed: '0-71', ran: 25 }] }),
    ['indexer: plan-cpus-off'],
    /^sudo taskset -acp 24-25 5000$/,
  ],
  [
    'somebody who is not planned on the cores of a VM',
    but({
      pid: 9000,
      name: 'backup',
      threads: [{ name: 'backup', allowed: '0-71', ran: 36, ticks: 90 }],
      group: '/system.slice/backup.service',
    }),
    ['Web VM: plan-intruder'],
    /^sudo systemctl set-property --runtime backup\.service AllowedCPUs=2-3,38-39$/,
  ],
];

for (const [what, host, found, remedy] of SEEDED) {
  test(`drift: ${what}`, () => {
    const drifted = beside(plan, topology, host);
    assert.deepEqual(ids(host), found);
    const [drift] = drifted.findings;
    assert.match(drift?.remedy[0] ?? '', remedy);
    assert.ok(drift && drift.cause !== '' && drift.evidence.length > 0);
    assert.ok(driftText('a.plan.yaml', drifted).includes(drift.sentence));
  });
}

test('a pod on other CPUs of its node is a note: its kubelet chooses them', () => {
  const { findings, notes } = beside(plan, topology, but({ ...pod, cpuset: '28-29,64-65' }));
  assert.deepEqual([findings, notes.map(({ id }) => id)], [[], ['plan-cpus-off']]);
});

test('what could not be read is said, and is no drift', () => {
  const unnamed = vm([emulator, { name: 'qemu-system-x86', allowed: '0-71' }], { pages: null });
  const { findings, unread } = beside(plan, topology, but(unnamed));
  assert.deepEqual(
    findings.map(({ id }) => id),
    [],
  );
  assert.deepEqual(
    unread.map(({ title }) => title),
    ['its vCPUs', 'its memory'],
  );
  const denied = { ...kept, programs: kept.programs.filter((one) => one !== cache), tools: ['=silent docker'] };
  const blind = beside(plan, topology, denied);
  assert.deepEqual([blind.findings, blind.unread.map(({ block }) => block)], [[], ['cache']]);
  assert.equal(blind.unread[0]?.why, 'names of containers: docker may not be asked by this login');
  // Nobody is asked where nothing ends the wait for an answer.
  const untimed = beside(plan, topology, { ...denied, tools: ['=silent docker untimed', '=silent virsh untimed'] });
  assert.deepEqual([untimed.findings, untimed.unread.map(({ block }) => block)], [[], ['cache']]);
  assert.match(untimed.unread[0]?.why ?? '', /^names of containers: docker is not asked: this host has no `timeout`/);
});

test('the doctor tells drifts among its findings, and is not sure where a block could not be seen', () => {
  const healthy = examined();
  assert.equal(healthy.verdict, 'no-problem');
  const { findings } = beside(plan, topology, but({ ...cache, groupMiB: { 0: 70 } }));
  const both = withFindings(healthy, topology, findings, []);
  assert.deepEqual([both.verdict, both.findings.map(({ id }) => id)], ['findings', ['plan-memory-off']]);
  assert.ok(doctorText(both).includes(findings[0]?.sentence ?? '-'));
  const blind = withFindings(healthy, topology, [], [{ id: 'plan', title: 'cache', why: 'nobody tells' }]);
  assert.equal(blind.verdict, 'undecided');
});

test('what runs becomes a plan that is as what runs', () => {
  const imported = importLive(seenOn(kept, topology, null), topology);
  const { plan: found, comments } = planFromImported([imported], plan.host, []);
  const { plan: read } = readPlanOf('x', writePlan(found, comments));
  assert.deepEqual(
    read.blocks.map(({ name, kind, cpus, memoryBytes }) => [
      name,
      kind,
      cpus,
      memoryBytes === null ? null : memoryBytes / 2 ** 20,
    ]),
    [
      ['web', 'vm', '0-1,36-37', 100],
      ['front-0', 'container', '20-21,56-57', 30],
      ['cache', 'container', '18-19,54-55', 70],
      ['db.service', 'process', '22-23', 64],
      ['indexer', 'process', '24-25', 60],
      ['emulators-0', 'emulator', '2,38', null],
    ],
  );
  const { findings, unread } = beside(read, topology, kept);
  assert.deepEqual([findings.map(({ sentence }) => sentence), unread], [[], []]);
});

test('a domain that is shut off is told as such', () => {
  const off = {
    ...kept,
    programs: kept.programs.slice(1),
    tools: [...(kept.tools ?? []), '=asked virsh', '=domain web', '=domain it'],
  };
  const [drift] = beside(plan, topology, off).findings;
  assert.equal(drift?.sentence, 'Web VM does not run: its domain is shut off.');
  assert.deepEqual(drift.remedy, ['sudo virsh start web']);
});

test('names that hold what a shell would obey stay words', () => {
  const hostile = "web';reboot;'";
  const named = planOf(`${PAPER}\nblocks: [{ name: x, kind: vm, runsAs: "${hostile}", cpus: "0" }]`);
  const { findings } = beside(named, topology, {
    programs: [],
    tools: ['=asked virsh', `=domain ${hostile}`],
  });
  assert.deepEqual(findings[0]?.remedy, [String.raw`sudo virsh start 'web'\'';reboot;'\'''`]);
});

test('what QEMU was told is read as QEMU reads it', () => {
  assert.equal(guestName('qemu -S -name guest=a,,b,debug-threads=on -m 1'), 'a,b');
  assert.equal(guestName('kvm -id 100 -name my vm -smp 2'), 'my vm');
  assert.equal(guestName('qemu -nographic'), null);
  assert.equal(guestMemory('qemu -m size=8388608k,slots=2 -x'), 8 * 2 ** 30);
  assert.equal(guestMemory('qemu -m 4096'), 4 * 2 ** 30);
  assert.equal(guestMemory('qemu -m 2G -smp 1'), 2 * 2 ** 30);
});

test('a share of pages asked at random carries its margin', () => {
  assert.equal(marginOf(0.5, '/proc/1/numa_maps'), 0);
  assert.ok(Math.abs(marginOf(0.5, 'pages at random, by move_pages') - 0.0098) < 1e-4);
});

test('whatever a host prints is borne, and nothing of it is obeyed by a terminal', () => {
  const placement = placePlan(plan, planMachine(topology));
  const lines = [
    ...tableLines(kept),
    ...closeLines(
      kept,
      kept.programs.map(({ pid }) => pid),
    ),
    ...(kept.tools ?? []),
  ];
  const mangled = fc
    .tuple(fc.constantFrom(...lines), fc.nat(400), fc.string({ unit: 'binary', maxLength: 20 }))
    .map(([line, at, put]) => `${line.slice(0, at)}${put}${line.slice(at + put.length)}`.replaceAll('\n', ' '));
  const any = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...lines) }, mangled), { maxLength: 120 });
  fc.assert(
    fc.property(any, any, any, (first, second, tools) => {
      const names = parseNames(tools);
      const table = parseTable(['#before', '/proc/uptime:1.00 1', ...first, '#after', '/proc/uptime:2.00 1', ...first]);
      assert.ok(table);
      const { pids } = choose(table, names, placement.blocks);
      assert.ok(pids.length <= table.rows.length);
      const closely = parseProcesses(
        ['#before', '/proc/uptime:1.00 1', ...second, '#after', '/proc/uptime:2.00 1', ...second],
        topology,
        [],
      );
      const drifted = driftsOf(placement, realityOf(table, closely ?? [], names), driftLimits({}));
      assert.ok(JSON.stringify(driftedJson('x', drifted, '')).length < 2e6);
      assert.doesNotMatch(driftText('x', drifted), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }),
    { numRuns: 60 },
  );
});
