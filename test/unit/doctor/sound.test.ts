// What looks like a fault and is none: settings that take nothing away, machines of other makers and kernels, nodes that are made up or hidden.
import assert from 'node:assert/strict';
import test from 'node:test';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import type { Diagnosis } from '../../../src/model/doctor/examine.ts';
import type { OwnCpusets } from '../../../src/model/doctor/facts/live.ts';
import type { DoctorFinding } from '../../../src/model/doctor/base/finding.ts';
import { doctorText } from '../../../src/model/doctor/text.ts';
import { examined, faults, filesOf, nic, notes, unchecked } from './hosts.ts';
import type { Changes } from './hosts.ts';
import { GIB, livingOn, MIB, pages, running, thread } from './living.ts';
import type { MachineShape } from '../machines.ts';

const NODE = 'sys/devices/system/node';
const THP = 'sys/kernel/mm/transparent_hugepage';
const POLICY = 'sys/devices/system/cpu/cpufreq/policy';

const of = ({ findings, notes }: Diagnosis, id: string): DoctorFinding => {
  const found = [...findings, ...notes].find((finding) => finding.id === id);
  assert.ok(found, `${id}: ${JSON.stringify([...findings, ...notes].map((one) => one.id))}`);
  return found;
};
const words = (finding: DoctorFinding): string => JSON.stringify(finding);

const living = (more: Parameters<typeof livingOn>[2], shape: Partial<MachineShape> = {}): Diagnosis =>
  examined({}, shape, { live: livingOn(readTopology(filesOf({}, shape)), [], more) });

/** As a container that masks /sys/devices/system/node, or a kernel without NUMA. */
const nodesHidden = (packages: number): Changes =>
  Object.fromEntries(
    [...filesOf({}, { packages }).keys()].filter((path) => path.includes('node')).map((path) => [path, null]),
  );

test('sockets whose nodes the host does not show are no finding, and leave the verdict open', () => {
  const hidden = examined(nodesHidden(2));
  assert.deepEqual([hidden.verdict, faults(hidden)], ['undecided', []]);
  assert.match(hidden.notChecked.map(({ why }) => why).join(), /does not show its nodes/);
  // Of one socket, nothing of what is not shown is claimed.
  const small = examined(nodesHidden(1), { packages: 1 });
  assert.equal(small.sentence, 'NUMA is not your problem: the host shows no nodes, as a kernel without NUMA does.');
});

test('a node that holds CPUs of one socket hides no other', () => {
  const lost = examined({ [`${NODE}/online`]: '1', [`${NODE}/node0/cpulist`]: null, [`${NODE}/node0/meminfo`]: null });
  assert.ok(!faults(lost).includes('hidden-nodes'), JSON.stringify(lost.findings));
});

test('words of the kernel command line that limit nothing, or are for the first process, are no fault', () => {
  for (const line of [
    'nr_cpus=512',
    'maxcpus=64 quiet',
    'mem=4T',
    'hugepages=0',
    'quiet -- numa=off',
    'dyndbg="file x.c +p; mem=4 numa=off"',
    'mem=nopentium',
  ])
    assert.deepEqual(
      [faults(examined({ 'proc/cmdline': line })), notes(examined({ 'proc/cmdline': line }))],
      [[], []],
      line,
    );
  for (const line of ['nr_cpus=16', 'mem=24G', 'quiet numa=off -- numa=on'])
    assert.deepEqual(faults(examined({ 'proc/cmdline': line })), ['kernel-command-line'], line);
});

test('nodes that the kernel made up are told as that, and not as wrong firmware, tiers or clusters', () => {
  const fake = examined(
    {
      'proc/cmdline': 'numa=fake=4',
      [`${NODE}/node0/distance`]: '10 10 10 10',
      [`${NODE}/node1/distance`]: '10 10 10 10',
    },
    { nodesPerPackage: 2 },
  );
  assert.deepEqual([faults(fake), notes(fake)], [['kernel-command-line'], []]);
});

test('what a setting is taken back to is what was there', () => {
  const mixed = of(
    examined({
      [`${POLICY}0/scaling_governor`]: 'performance',
      [`${POLICY}4/scaling_governor`]: 'schedutil',
      [`${POLICY}5/scaling_governor`]: 'schedutil',
    }),
    'governor',
  );
  assert.deepEqual(mixed.undo, [
    'sudo cpupower -c 0 frequency-set -g performance',
    'sudo cpupower -c 4-5 frequency-set -g schedutil',
  ]);
  const chosen = { [`${POLICY}0/scaling_governor`]: 'powersave', [`${POLICY}0/scaling_driver`]: 'intel_pstate' };
  const preference = of(examined({ ...chosen, [`${POLICY}0/energy_performance_preference`]: 'power' }), 'governor');
  assert.match(preference.sentence, /^The energy preference of CPUs saves power/);
  assert.match(preference.undo.join(), /echo power \| sudo tee .*energy_performance_preference/);
  assert.deepEqual(faults(examined({ ...chosen, [`${POLICY}0/energy_performance_preference`]: 'balance_power' })), []);
  // Balancing between tiers goes on, or stays, where balancing between nodes is switched.
  const tiers = of(examined({ 'proc/sys/kernel/numa_balancing': '2' }), 'numa-balancing');
  assert.deepEqual(
    [tiers.remedy, tiers.undo],
    [['sudo sysctl -w kernel.numa_balancing=3'], ['sudo sysctl -w kernel.numa_balancing=2']],
  );
});

test('a kernel is asked only for what it has: defragmentation before 4.6, and before 4.11', () => {
  const old = of(examined({ [`${THP}/defrag`]: '[always] madvise never' }), 'thp-defrag');
  assert.match(words(old), /default of kernels before 4\.6/);
  assert.doesNotMatch(words(old), /defer|by hand/);
  const between = of(examined({ [`${THP}/defrag`]: '[always] defer madvise never' }), 'thp-defrag');
  assert.doesNotMatch(words(between), /defer\+madvise|before 4\.6/);
});

test('what a host prints is one word of a shell in what is to be typed', () => {
  const word = "numa=fake='$(reboot)";
  assert.match(
    of(examined({ 'proc/cmdline': word }), 'kernel-command-line').remedy.join(),
    /'numa=fake='\\''\$\(reboot\)'/,
  );
  const governor = { [`${POLICY}0/scaling_governor`]: 'powersave', [`${POLICY}1/scaling_governor`]: 'a;reboot' };
  assert.match(of(examined(governor), 'governor').undo.join(), /-g 'a;reboot'/);
});

test('makers are named where they are known', () => {
  const split = (cpuModel: string): string =>
    words(
      of(
        examined({ 'proc/cpuinfo': `processor\t: 0\nmodel name\t: ${cpuModel}\n` }, { nodesPerPackage: 2 }),
        'snc-mode',
      ),
    );
  assert.match(split('AMD EPYC 9654 96-Core Processor'), /\(NPS2\)/);
  assert.match(split('Intel(R) Xeon(R) Platinum 8480+'), /\(SNC2\)/);
  assert.doesNotMatch(split('Kunpeng-920'), /SNC|NPS|Intel|AMD/);
});

test('memory of nodes: shares that differ are not told as one, and no CPUs are named where none has memory near', () => {
  const memory = (node: number, gib: number): Changes => ({
    [`${NODE}/node${node}/meminfo`]: `Node ${node} MemTotal: ${gib * 1024 * 1024} kB`,
  });
  const uneven = of(
    examined({ ...memory(0, 9), ...memory(1, 10), ...memory(2, 16), ...memory(3, 16) }, { packages: 4 }),
    'uneven-memory',
  );
  assert.match(uneven.sentence, /have up to 44 % less/);
  const none = of(examined({ ...memory(0, 0), ...memory(1, 0) }), 'node-without-memory');
  assert.doesNotMatch(words(none), /physcpubind|keep work off/);
});

test('threads of cores that are switched off leave memory of another kind a tier', () => {
  const off = { offline: [8, 9, 10, 11, 12, 13, 14, 15], cpulessNodes: 1 };
  assert.deepEqual(faults(examined({ 'sys/devices/system/cpu/smt/control': 'off' }, off)), []);
});

test('many CPUs are switched on by one command, and off by one', () => {
  const many = of(
    examined({}, { coresPerNode: 16, offline: Array.from({ length: 12 }, (_, at) => at + 1) }),
    'offline-cpus',
  );
  assert.equal(many.remedy.length, 1);
  assert.match(many.remedy[0] ?? '', /^for cpu in 1 2 3 .* 12; do echo 1 \| sudo tee \S+\/cpu\$cpu\/online; done$/);
});

test('swapping while every node has room, and what is taken on nodes without CPUs, have another cause', () => {
  assert.deepEqual(faults(living({ vm: { pswpout: 4000 } })), []);
  const tier = { cpulessNodes: 1, rated: true };
  assert.deepEqual(
    faults(living({ nodes: { 2: { freeBytes: MIB, localPerSecond: 0, otherPerSecond: 90_000 } } }, tier)),
    [],
  );
  assert.ok(unchecked(living({ vm: {} })).includes('swap-with-free-node'));
  // How much is cached is not known: it is not taken for nothing.
  assert.deepEqual(faults(living({ nodes: { 0: { freeBytes: MIB, fileBytes: null } } })), []);
});

test('a tmpfs of mpol=local is near who writes it, and interrupts stay off CPUs that are isolated', () => {
  assert.deepEqual(notes(examined({ 'proc/mounts': 'tmpfs /mnt/x tmpfs rw,mpol=local 0 0' })), []);
  const away = nic({
    'proc/irq/40/smp_affinity_list': '0',
    'proc/irq/41/smp_affinity_list': '1',
    'proc/irq/40/effective_affinity_list': '0',
    'proc/irq/41/effective_affinity_list': '1',
  });
  const isolated = 'sys/devices/system/cpu/isolated';
  assert.deepEqual(faults(examined({ ...away, [isolated]: '4-7,12-15' })), []);
  assert.match(of(examined({ ...away, [isolated]: '4-6,12-15' }), 'irqs-far').remedy.join(), /^echo 7 \|/);
});

test('to drop a file from the cache nothing is written, and only files that are there are named', () => {
  const file = (name: string) => pages({ 1: 200 * MIB }, { kind: 'file', name });
  const found = (name: string): DoctorFinding => {
    const process = running([thread(0), thread(1)], [pages({ 0: GIB }), file(name)]);
    return of(examined({}, {}, { live: livingOn(readTopology(filesOf()), [process]) }), 'text-far');
  };
  assert.match(found('/data/a b').remedy.join(), /dd if='\/data\/a b' iflag=nocache count=0/);
  assert.doesNotMatch(words(found('/data/model')), /of=/);
  for (const name of ['/data/model (deleted)', `/${'x'.repeat(255)}`]) assert.deepEqual(found(name).remedy, [], name);
});

test('names of settings keep their letters where a line begins with one', () => {
  assert.doesNotMatch(doctorText(examined({ 'proc/sys/vm/zone_reclaim_mode': null })), /Vm\./);
});

test('a control group gets back what it was set to, by its unit or its files, and its name is one word', () => {
  const apart = (path: string, cpusets: OwnCpusets | null): DoctorFinding => {
    const group = { path, anon: { 0: GIB, 1: GIB }, cpus: null, nodes: [1], cpusets };
    const process = running([thread(0), thread(1)], [pages({ 0: GIB })], { group });
    return of(examined({}, {}, { live: livingOn(readTopology(filesOf()), [process]) }), 'cgroup-across-nodes');
  };
  const of2 = (path: string): OwnCpusets => ({ folder: `/sys/fs/cgroup${path}`, cpus: '', nodes: '0-1' });
  const vm = '/machine.slice/machine-qemu\\x2d1\\x2dvm.scope';
  const unit = apart(vm, of2(vm));
  assert.deepEqual(unit.remedy, [
    "sudo systemctl set-property --runtime 'machine-qemu\\x2d1\\x2dvm.scope' AllowedCPUs=0-3,8-11 AllowedMemoryNodes=0",
  ]);
  assert.deepEqual(unit.undo, [
    "sudo systemctl set-property --runtime 'machine-qemu\\x2d1\\x2dvm.scope' AllowedCPUs= AllowedMemoryNodes=0-1",
  ]);
  const pod = "/kubepods/pod1/a';reboot;'";
  assert.deepEqual(apart(pod, of2(pod)).undo, [
    "echo  | sudo tee '/sys/fs/cgroup/kubepods/pod1/a'\\'';reboot;'\\''/cpuset.cpus'",
    "echo 0-1 | sudo tee '/sys/fs/cgroup/kubepods/pod1/a'\\'';reboot;'\\''/cpuset.mems'",
  ]);
  // Version 1 keeps CPUs in another tree than memory.
  const one = apart('/memory/docker/0f', { folder: '/sys/fs/cgroup/cpuset/docker/0f', cpus: '0-15', nodes: '0-1' });
  assert.deepEqual(one.remedy[0], 'echo 0-3,8-11 | sudo tee /sys/fs/cgroup/cpuset/docker/0f/cpuset.cpus');
  assert.deepEqual(apart('/docker/0f', null).undo, []);
});

test('where a group above narrows a control group, no command is given that cannot widen it', () => {
  const group = { path: '/a.service', anon: { 0: 0 }, cpus: [0, 1], nodes: [1] };
  const cpusets = { folder: '/sys/fs/cgroup/a.service', cpus: '0-1', nodes: '' };
  const bound = running([thread(0), thread(1)], [pages({ 1: GIB })], {
    allowedCpus: [0, 1],
    allowedNodes: [1],
    group: { ...group, cpusets },
  });
  const found = of(examined({}, {}, { live: livingOn(readTopology(filesOf()), [bound]) }), 'membind-wrong-node');
  assert.match(found.remedy.join(), /^# cpuset\.mems of \/a\.service is empty/);
  assert.deepEqual(found.undo, []);
});

test('threads that would have to share a node with others are not told to go there', () => {
  const topology = readTopology(filesOf());
  const both = running([thread(0), thread(4)], [pages({ 0: GIB, 1: GIB })]);
  const busy = (cpus: readonly number[]): Diagnosis =>
    examined(
      {},
      {},
      {
        live: livingOn(topology, [both], {
          cpus: topology.cpus.map(({ id }) => ({ id, busy: cpus.includes(id) ? 1 : 0 })),
        }),
      },
    );
  assert.deepEqual(faults(busy([0, 4])), ['threads-straddle']);
  assert.deepEqual(of(busy([0, 1, 2, 3, 8, 9, 10, 11, 4]), 'threads-straddle').remedy, [
    'sudo taskset -acp 4-7,12-15 4711',
  ]);
  assert.deepEqual(faults(busy(topology.cpus.map(({ id }) => id))), []);
});

test('a login that sees a part of the processes has not seen that nothing is wrong, unless it asked for some', () => {
  const topology = readTopology(filesOf());
  const look = (selection: string | null): Diagnosis =>
    examined({}, {}, { live: livingOn(topology, [], { everyone: false, selection }) });
  assert.deepEqual([look(null).verdict, unchecked(look(null))], ['undecided', ['processes']]);
  assert.equal(look('process 42').verdict, 'no-problem');
});

test('a card without a render node, as of a BMC, does not take that of the card behind it', () => {
  const card = (bus: string, node: number, name: string): Changes => ({
    [`sys/bus/pci/devices/0000:${bus}:00.0/class`]: '0x030000',
    [`sys/bus/pci/devices/0000:${bus}:00.0/vendor`]: '0x1002',
    [`sys/bus/pci/devices/0000:${bus}:00.0/device`]: '0x740f',
    [`sys/bus/pci/devices/0000:${bus}:00.0/numa_node`]: String(node),
    [`sys/class/drm/${name}`]: `../../devices/pci0000:80/0000:${bus}:00.0/drm/${name}`,
  });
  const changes = {
    ...card('02', 0, 'card0'),
    ...card('82', 1, 'card1'),
    'sys/class/drm/renderD128': '../../devices/pci0000:80/0000:82:00.0/drm/renderD128',
  };
  const topology = readTopology(filesOf(changes));
  const at = (cpus: readonly number[], node: number): string[] => {
    const process = running(
      cpus.map((cpu) => thread(cpu)),
      [pages({ [node]: GIB })],
      { open: ['/dev/dri/renderD128'] },
    );
    return faults(examined(changes, {}, { live: livingOn(topology, [process]) }));
  };
  assert.deepEqual([at([4, 5], 1), at([0, 1], 0)], [[], ['gpu-far']]);
});

test('a disk is not another one whose name begins like its own', () => {
  const changes = {
    'sys/bus/pci/devices/0000:82:00.0/class': '0x010802',
    'sys/bus/pci/devices/0000:82:00.0/numa_node': '1',
    'sys/class/block/nvme0n1': '../../devices/pci0000:80/0000:82:00.0/nvme/nvme0/nvme0n1',
  };
  const of = (open: string): string[] => {
    const process = running([thread(0), thread(1)], [pages({ 0: GIB })], {
      open: [open],
      diskBytesPerSecond: 200 * MIB,
    });
    return faults(examined(changes, {}, { live: livingOn(readTopology(filesOf(changes)), [process]) }));
  };
  assert.deepEqual([of('/dev/nvme0n12'), of('/dev/nvme0n1'), of('/dev/nvme0n1p3')], [[], ['nvme-far'], ['nvme-far']]);
});

test('pages for which their node has no room stay, and their process is told to go where most of them are and CPUs are', () => {
  const found = (
    shape: Partial<MachineShape>,
    bytes: Readonly<Record<number, number>>,
    free: number,
  ): DoctorFinding => {
    const topology = readTopology(filesOf({}, shape));
    const process = running([thread(0), thread(1)], [pages(bytes)], { allowedCpus: topology.cpus.map(({ id }) => id) });
    return of(
      examined({}, shape, { live: livingOn(topology, [process], { nodes: { 0: { freeBytes: free } } }) }),
      'remote-pages',
    );
  };
  const four = { packages: 4 };
  assert.match(found(four, { 1: GIB, 2: 3 * GIB }, 8 * GIB).remedy.join(), /^sudo migratepages 4711 1-2 0$/);
  // CPUs 8-11 and 24-27 are those of node 2.
  assert.match(found(four, { 1: GIB, 2: 3 * GIB }, GIB).remedy.join(), /^sudo taskset -acp 8-11,24-27 4711$/);
  const tier = found({ cpulessNodes: 1, rated: true }, { 2: 3 * GIB }, GIB);
  assert.deepEqual([tier.remedy, tier.undo], [[], []]);
});
