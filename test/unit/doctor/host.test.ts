// Each check of what a host is and how it is set: found, not found where nothing is wrong, and said where it cannot be read.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isKnownFile } from '../../../src/model/formats/sysfs/globs.ts';
import { limitsWith } from '../../../src/model/doctor/base/thresholds.ts';
import { examined, faults, nic, notes, unchecked } from './hosts.ts';
import type { Changes } from './hosts.ts';
import type { MachineShape } from '../machines.ts';

const THP = 'sys/kernel/mm/transparent_hugepage';
const NODE = 'sys/devices/system/node';
const POLICY = 'sys/devices/system/cpu/cpufreq/policy';
const pool = (node: number, total: number, free: number): Changes => ({
  [`${NODE}/node${node}/hugepages/hugepages-2048kB/nr_hugepages`]: String(total),
  [`${NODE}/node${node}/hugepages/hugepages-2048kB/free_hugepages`]: String(free),
});
const memory = (node: number, gib: number): Changes => ({
  [`${NODE}/node${node}/meminfo`]: `Node ${node} MemTotal:       ${gib * 1024 * 1024} kB\nNode ${node} MemFree: 1024 kB`,
});

test('a healthy host of two sockets, and hosts of one node, have no problem and nothing left open', () => {
  for (const diagnosis of [
    examined(),
    examined(nic()),
    examined({}, { packages: 4 }),
    examined({}, { packages: 1 }),
    examined({ [`${THP}/defrag`]: '[always] madvise', 'proc/sys/vm/zone_reclaim_mode': '1' }, { packages: 1 }),
  ]) {
    assert.deepEqual([diagnosis.verdict, faults(diagnosis)], ['no-problem', []], JSON.stringify(diagnosis.findings));
    assert.match(diagnosis.sentence, /^NUMA is not your problem/);
  }
  assert.deepEqual(notes(examined()), []);
  assert.deepEqual(unchecked(examined(nic())), []);
});

/** What is seeded, and what is to be found. */
const SEEDED: readonly [id: string, changes: Changes, shape?: Partial<MachineShape>][] = [
  ['node-without-memory', memory(1, 0)],
  ['uneven-memory', memory(1, 8)],
  ['node-without-cpus', {}, { offline: [4, 5, 6, 7, 12, 13, 14, 15] }],
  ['implausible-distances', { [`${NODE}/node0/distance`]: '10 10' }],
  ['implausible-distances', { [`${NODE}/node0/distance`]: '11 21' }],
  ['implausible-distances', { [`${NODE}/node0/distance`]: '10 31' }],
  ['implausible-distances', { [`${NODE}/node0/distance`]: '10 32 21 21' }, { nodesPerPackage: 2 }],
  ['hidden-nodes', { [`${NODE}/online`]: '0', [`${NODE}/node0/cpulist`]: '0-15', [`${NODE}/node0/distance`]: '10' }],
  ['hugepages-wrong-node', { ...pool(0, 512, 512), ...pool(1, 512, 0) }],
  ['cpuset-narrow', {}, { allowed: '0-3', allowedNodes: '1' }],
  ['offline-cpus', {}, { offline: [7] }],
  ['governor', { [`${POLICY}0/scaling_governor`]: 'powersave', [`${POLICY}0/scaling_driver`]: 'acpi-cpufreq' }],
  ['governor', { [`${POLICY}0/scaling_governor`]: 'performance', [`${POLICY}1/scaling_governor`]: 'schedutil' }],
  ['kernel-command-line', { 'proc/cmdline': 'ro numa=off quiet' }],
  ['kernel-command-line', { 'proc/cmdline': 'maxcpus=4' }],
  ['zone-reclaim', { 'proc/sys/vm/zone_reclaim_mode': '3' }],
  ['thp-defrag', { [`${THP}/defrag`]: '[always] defer madvise never' }],
  [
    'irqs-far',
    nic({
      'proc/irq/40/smp_affinity_list': '0',
      'proc/irq/41/smp_affinity_list': '1',
      'proc/irq/40/effective_affinity_list': '0',
      'proc/irq/41/effective_affinity_list': '1',
    }),
  ],
  ['irqs-far', nic({ 'proc/irq/40/effective_affinity_list': '0', 'proc/irq/41/effective_affinity_list': '1' })],
  ['nic-queues-far', nic({ 'sys/class/net/eth0/queues/tx-0/xps_cpus': '00000f0f' })],
  ['nic-queues-far', nic({ 'sys/class/net/eth0/queues/rx-0/rps_cpus': '1' })],
];

for (const [id, changes, shape] of SEEDED) {
  test(`${id} is found, with evidence and cause: ${JSON.stringify({ ...shape, ...changes }).slice(0, 120)}`, () => {
    const diagnosis = examined(changes, shape);
    const found = diagnosis.findings.find((finding) => finding.id === id);
    assert.ok(found, JSON.stringify(diagnosis));
    assert.equal(diagnosis.verdict, 'findings');
    assert.ok(found.evidence.length > 0 && found.cause !== '' && found.confidence > 0 && found.confidence <= 1);
    // What changes the host can be put back.
    assert.equal(/[|] sudo tee |sudo (sysctl|grubby|cpupower)/.test(found.remedy.join()), found.undo.length > 0);
  });
}

test('what is on purpose as often as not is a note, and no fault', () => {
  const cases: readonly [string, Changes, Partial<MachineShape>?][] = [
    ['snc-mode', {}, { nodesPerPackage: 2 }],
    ['node-without-cpus', {}, { cpulessNodes: 1, rated: true }],
    ['numa-balancing', { 'proc/sys/kernel/numa_balancing': '0' }],
    ['thp', { [`${THP}/enabled`]: 'always madvise [never]' }],
    ['isolated-cpus', { 'sys/devices/system/cpu/isolated': '2-3' }],
    [
      'isolated-cpus',
      {
        'sys/fs/cgroup/rt/cpuset.cpus.partition': 'isolated',
        'sys/fs/cgroup/rt/cpuset.cpus.effective': '2-3',
        'sys/fs/cgroup/user.slice/cpuset.cpus.partition': 'member',
      },
    ],
    ['offline-cpus', { 'sys/devices/system/cpu/smt/control': 'off' }, { offline: [8, 9, 10, 11, 12, 13, 14, 15] }],
    ['hugepages-wrong-node', pool(0, 512, 512)],
    ['kernel-command-line', { 'proc/cmdline': 'hugepages=512 mitigations=off' }],
    ['cpuset-narrow', {}, { allowed: '0-3' }],
  ];
  for (const [id, changes, shape] of cases) {
    const diagnosis = examined(changes, shape);
    assert.deepEqual([diagnosis.verdict, faults(diagnosis)], ['no-problem', []], id);
    assert.ok(notes(diagnosis).includes(id), `${id}: ${notes(diagnosis).join(' ')}`);
  }
});

test('what is read of control groups by any name passes what discovery lets through', () => {
  for (const file of ['cpuset.cpus.partition', 'cpuset.cpus.effective'])
    assert.ok(isKnownFile(`sys/fs/cgroup/real-time.slice/${file}`));
  assert.ok(!isKnownFile('sys/fs/cgroup/real-time.slice/cgroup.procs'));
});

test('what cannot be read is said, and is not taken for well', () => {
  const cases: readonly [string, Changes][] = [
    ['zone-reclaim', { 'proc/sys/vm/zone_reclaim_mode': null }],
    ['kernel-command-line', { 'proc/cmdline': null }],
    ['thp', { [`${THP}/enabled`]: null }],
    ['thp-defrag', { [`${THP}/defrag`]: null }],
    ['numa-balancing', { 'proc/sys/kernel/numa_balancing': null }],
    ['node-without-memory', { [`${NODE}/node0/meminfo`]: null }],
    ['implausible-distances', { [`${NODE}/node0/distance`]: null, [`${NODE}/node1/distance`]: null }],
    [
      'irqs-far',
      {
        ...nic(),
        'sys/bus/pci/devices/0000:81:00.0/msi_irqs/40': null,
        'sys/bus/pci/devices/0000:81:00.0/msi_irqs/41': null,
      },
    ],
  ];
  for (const [id, changes] of cases) assert.ok(unchecked(examined(changes)).includes(id), id);
});

test('a host on paper of several nodes is undecided where nothing is found, and one of a single node is not', () => {
  const live = { unavailable: 'a recording does not show what runs' };
  assert.equal(examined({}, {}, { live }).verdict, 'undecided');
  assert.equal(examined({}, { packages: 1 }, { live }).verdict, 'no-problem');
  assert.equal(examined(memory(1, 0), {}, { live }).verdict, 'findings');
});

test('a threshold that is changed counts', () => {
  const changes = memory(1, 12);
  assert.deepEqual(faults(examined(changes)), ['uneven-memory']);
  assert.deepEqual(faults(examined(changes, {}, { limits: limitsWith({ 'uneven-share': 0.3 }) })), []);
  assert.throws(() => limitsWith({ 'uneven-shore': 1 }), /no threshold named "uneven-shore"/);
  assert.throws(() => limitsWith({ 'uneven-share': -1 }), /number of at least 0/);
});

test('a queue for each CPU, as NVMe drives have, has most of its interrupts far on four sockets by design', () => {
  const changes: Record<string, string | null> = {};
  const counts = Array.from({ length: 73 }, () => 0);
  for (let cpu = 0; cpu < 32; cpu++) {
    const irq = 40 + cpu;
    changes[`sys/bus/pci/devices/0000:81:00.0/msi_irqs/${irq}`] = 'msix';
    changes[`proc/irq/${irq}/smp_affinity_list`] = String(cpu);
    changes[`proc/irq/${irq}/effective_affinity_list`] = String(cpu);
    counts[irq] = cpu === 0 ? 90_000 : 3;
  }
  const spread = nic({ ...changes, 'proc/stat': `intr 500000 ${counts.join(' ')}` });
  assert.deepEqual(faults(examined(spread, { packages: 4 })), []);
  // Fewer vectors than CPUs share them out; without any for its own node they were moved.
  const moved = Object.fromEntries(
    Array.from({ length: 32 }, (_, at) => [`proc/irq/${40 + at}/smp_affinity_list`, '0-3']),
  );
  assert.deepEqual(faults(examined({ ...spread, ...moved }, { packages: 4 })), ['irqs-far']);
});

test('interrupts that go to all CPUs in turn, and an idle device that the kernel put anywhere, are no fault', () => {
  const spread = nic({ 'proc/irq/40/effective_affinity_list': '0' });
  assert.deepEqual(faults(examined(spread)), []);
  const idle = nic({
    'proc/irq/40/effective_affinity_list': '0',
    'proc/irq/41/effective_affinity_list': '1',
    'proc/stat': `cpu  1 2 3 4\nintr 500000${' 0'.repeat(40)} 30 20 0`,
  });
  assert.deepEqual(faults(examined(idle)), []);
});
