// Each check of what runs on a host: found where it is seeded, not found where nothing is wrong, said where it cannot be read.
import assert from 'node:assert/strict';
import test from 'node:test';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import type { Diagnosis } from '../../../src/model/doctor/examine.ts';
import type { LiveProcess } from '../../../src/model/doctor/facts/live.ts';
import { examined, faults, filesOf, nic, notes, unchecked } from './hosts.ts';
import type { Changes } from './hosts.ts';
import { GIB, livingOn, MIB, pages, running, thread } from './living.ts';

const topology = readTopology(filesOf());

type More = Parameters<typeof livingOn>[2];

const look = (processes: readonly LiveProcess[], more: More = {}, changes: Changes = {}): Diagnosis =>
  examined(changes, {}, { live: livingOn(readTopology(filesOf(changes)), processes, more) });

/** CPUs 0-3 and 8-11 are node 0, 4-7 and 12-15 node 1. */
const here = [thread(0), thread(1)];
const near = pages({ 0: GIB });
const guest = (
  allowed: (cpu: number) => number[],
  cpus: readonly number[],
  other: Partial<LiveProcess['threads'][number]>,
): LiveProcess['threads'] => [
  ...cpus.map((cpu, id) => thread(cpu, { name: `CPU ${id}/KVM`, allowed: allowed(cpu) })),
  thread(0, { tid: 99, name: 'qemu-system-x86', busy: 0.2, ...other }),
];

/** A card of NVIDIA's on node 1. */
const GPU: Changes = {
  'sys/bus/pci/devices/0000:82:00.0/class': '0x030200',
  'sys/bus/pci/devices/0000:82:00.0/vendor': '0x10de',
  'sys/bus/pci/devices/0000:82:00.0/device': '0x2330',
  'sys/bus/pci/devices/0000:82:00.0/numa_node': '1',
  'sys/bus/pci/devices/0000:82:00.0/local_cpulist': '4-7,12-15',
  'sys/class/drm/card0': '../../devices/pci0000:80/0000:82:00.0/drm/card0',
  'sys/class/drm/renderD128': '../../devices/pci0000:80/0000:82:00.0/drm/renderD128',
};

type Seeded = [id: string, what: string, processes: readonly LiveProcess[], more?: More, changes?: Changes];
const SEEDED: readonly Seeded[] = [
  ['remote-pages', 'most pages on the other node', [running(here, [pages({ 0: 100 * MIB, 1: 900 * MIB })])]],
  ['membind-wrong-node', 'a policy', [running(here, [pages({ 1: GIB }, { policy: 'bind', nodes: [1] })])]],
  ['membind-wrong-node', 'a cpuset', [running(here, [pages({ 1: GIB })], { allowedCpus: [0, 1], allowedNodes: [1] })]],
  [
    'interleave',
    'for threads of one node',
    [running(here, [pages({ 0: GIB, 1: GIB }, { policy: 'interleave', nodes: [0, 1] })])],
  ],
  ['threads-straddle', 'two that share', [running([thread(0), thread(4)], [pages({ 0: GIB, 1: GIB })])]],
  ['migrations', 'hundreds a second', [running([thread(0, { migrationsPerSecond: 400 }), thread(1)], [near])]],
  [
    'text-far',
    'a large mapped file',
    [running(here, [near, pages({ 1: 200 * MIB }, { kind: 'file', name: '/data/model.bin' })])],
  ],
  [
    'tmpfs-far',
    'shared memory',
    [running(here, [near, pages({ 1: 200 * MIB }, { kind: 'shared', name: '/dev/shm/ring' })])],
  ],
  [
    'tmpfs-far',
    'an interleaved mount in use',
    [],
    { nodes: { 0: { sharedBytes: 100 * MIB }, 1: { sharedBytes: 100 * MIB } } },
    { 'proc/mounts': 'tmpfs /mnt/x tmpfs rw,relatime,mpol=interleave:0-1 0 0' },
  ],
  ['hugepages-wrong-node', 'its user on the other', [running(here, [pages({ 1: 512 * MIB }, { kind: 'huge' })])]],
  ['node-full', 'for good', [], { nodes: { 0: { freeBytes: 100 * MIB, fileBytes: 0 } } }],
  [
    'node-full',
    'of file cache, with allocations turned away',
    [],
    { nodes: { 0: { freeBytes: 100 * MIB, fileBytes: 10 * GIB, foreignPerSecond: 50_000 } } },
  ],
  ['remote-allocations', 'half of them', [], { nodes: { 1: { localPerSecond: 50_000, otherPerSecond: 50_000 } } }],
  ['swap-with-free-node', 'thousands a second', [], { vm: { pswpout: 4000 }, nodes: { 0: { freeBytes: GIB } } }],
  [
    'numa-balancing',
    'off with loose work',
    [running(here, [pages({ 0: 500 * MIB, 1: 500 * MIB })])],
    {},
    { 'proc/sys/kernel/numa_balancing': '0' },
  ],
  [
    'numa-balancing',
    'on with pinned work',
    [running(here, [near], { allowedCpus: [0, 1] })],
    { vm: { numa_hint_faults: 20_000, numa_pages_migrated: 0 } },
  ],
  [
    'thp',
    'off with a large process',
    [running(here, [pages({ 0: 4 * GIB })])],
    {},
    { 'sys/kernel/mm/transparent_hugepage/enabled': 'always madvise [never]' },
  ],
  [
    'isolated-cpus',
    'two on one',
    [running([thread(2), thread(2, { tid: 7 })], [near])],
    {},
    { 'sys/devices/system/cpu/isolated': '2-3' },
  ],
  [
    'cpuset-narrow',
    'four threads on two CPUs',
    [
      running([thread(0), thread(1), thread(0, { tid: 5 }), thread(1, { tid: 6 })], [near], {
        allowedCpus: [0, 1],
        busy: 2,
      }),
    ],
  ],
  [
    'cpuset-narrow',
    'two threads on a CPU that others use as well',
    [running([thread(0), thread(0, { tid: 5 })], [near], { allowedCpus: [0], busy: 0.65 })],
    { cpus: topology.cpus.map(({ id }) => ({ id, busy: id === 0 ? 1 : 0 })) },
  ],
  [
    'irqs-far',
    'busy now',
    [],
    {
      interrupts: new Map([
        [40, 5000],
        [41, 5000],
      ]),
    },
    nic({
      'proc/irq/40/effective_affinity_list': '0',
      'proc/irq/41/effective_affinity_list': '1',
      'proc/stat': `cpu  1 2 3 4\nintr 5${' 0'.repeat(40)} 30 20 0`,
    }),
  ],
  [
    'vm-across-nodes',
    'vCPUs on both',
    [
      running(
        guest(() => topology.cpus.map(({ id }) => id), [0, 4], {}),
        [pages({ 0: GIB, 1: GIB })],
        { name: 'qemu-system-x86' },
      ),
    ],
  ],
  [
    'emulator-on-vcpus',
    'bound to the same CPUs',
    [
      running(
        guest((cpu) => [cpu], [0, 1], { allowed: [0, 1] }),
        [near],
        { name: 'qemu-system-x86' },
      ),
    ],
  ],
  [
    'cgroup-across-nodes',
    'a container',
    [
      running(here, [near], {
        group: {
          path: '/system.slice/docker-0f.scope',
          anon: { 0: GIB, 1: GIB },
          cpus: null,
          nodes: null,
          cpusets: null,
        },
      }),
    ],
  ],
  [
    'nvme-far',
    'read from far',
    [running(here, [near], { open: ['/data/x.db'], diskBytesPerSecond: 200 * MIB })],
    {},
    {
      'sys/bus/pci/devices/0000:82:00.0/class': '0x010802',
      'sys/bus/pci/devices/0000:82:00.0/numa_node': '1',
      'sys/bus/pci/devices/0000:82:00.0/local_cpulist': '4-7,12-15',
      'sys/class/block/nvme0n1': '../../devices/pci0000:80/0000:82:00.0/nvme/nvme0/nvme0n1',
      'proc/mounts': '/dev/nvme0n1p1 /data ext4 rw 0 0\n/dev/sda1 / ext4 rw 0 0',
    },
  ],
  ...(['/dev/dri/card0', '/dev/dri/renderD128', '/dev/nvidia0'] as const).map((path): Seeded => [
    'gpu-far',
    `computed on from far, by ${path}`,
    [running(here, [near], { open: [path] })],
    {},
    GPU,
  ]),
];

for (const [id, what, processes, more, changes] of SEEDED) {
  test(`${id} is found: ${what}`, () => {
    const diagnosis = look(processes, more, changes);
    const found = diagnosis.findings.find((finding) => finding.id === id);
    assert.ok(
      found,
      `${faults(diagnosis).join(' ')} | ${notes(diagnosis).join(' ')} | ${JSON.stringify(diagnosis.notChecked)}`,
    );
    const { evidence, cause, advice, remedy, undo, confidence } = found;
    assert.ok(evidence.length > 0 && cause !== '' && confidence > 0 && confidence <= 1);
    assert.doesNotMatch([found.sentence, ...evidence, ...remedy, ...undo].join(), /undefined|NaN|Infinity/);
    // What to do is said; where it changes something, so is what puts that back.
    assert.ok(remedy.length > 0 || (advice ?? '') !== '', 'what to do');
    if (remedy.some((line) => /^sudo |[|] sudo tee /.test(line))) assert.ok(undo.length > 0, remedy.join());
  });
}

test('a fault is told once: what a policy or a pool explains is no finding about pages as well', () => {
  assert.deepEqual(faults(look([running(here, [pages({ 1: GIB }, { policy: 'bind', nodes: [1] })])])), [
    'membind-wrong-node',
  ]);
  assert.deepEqual(faults(look([running(here, [near, pages({ 1: 512 * MIB }, { kind: 'huge' })])])), [
    'hugepages-wrong-node',
  ]);
  // A mount with mpol= shows as a policy of whoever maps its files.
  const bound = pages({ 1: 200 * MIB }, { kind: 'shared', name: '/mnt/x/table', policy: 'bind', nodes: [1] });
  assert.deepEqual(faults(look([running(here, [near, bound])])), ['tmpfs-far']);
});

test('healthy work is no fault', () => {
  const well: readonly (readonly LiveProcess[])[] = [
    [running(here, [near])],
    // Ten pages of libraries on the other node.
    [
      running(here, [
        near,
        pages({ 1: 40_960 }),
        pages({ 0: 2 * MIB, 1: 3 * MIB }, { kind: 'file', name: '/usr/lib/libc.so.6' }),
      ]),
    ],
    // A server over the whole machine, each thread with its memory.
    [
      running(
        Array.from({ length: 16 }, (_, cpu) => thread(cpu)),
        [pages({ 0: 8 * GIB, 1: 8 * GIB })],
        { residentBytes: 16 * GIB },
      ),
    ],
    // One thread on each node, put there on purpose.
    [running([thread(0, { allowed: [0] }), thread(4, { allowed: [4] })], [pages({ 0: GIB, 1: GIB })])],
    // Asleep, and far from its pages: nobody waits for them.
    [running([thread(0, { busy: 0, runnable: false })], [pages({ 1: GIB })])],
    // A guest with nodes of its own, and its emulator beside its vCPUs.
    [
      running(
        guest((cpu) => [cpu], [0, 4], { allowed: [8], cpus: [8, 8] }),
        [pages({ 0: GIB, 1: GIB }, { policy: 'bind', nodes: [0, 1] })],
        { name: 'qemu', command: 'qemu -numa node,nodeid=0 -numa node,nodeid=1' },
      ),
    ],
  ];
  for (const [at, processes] of well.entries()) {
    const diagnosis = look(processes);
    assert.deepEqual([diagnosis.verdict, faults(diagnosis)], ['no-problem', []], String(at));
  }
});

test('a GPU that its user is beside is no fault, nor one that is only there', () => {
  const open = ['/dev/nvidia0'];
  for (const threads of [[thread(4), thread(5)], []])
    assert.deepEqual(faults(look([running(threads, [pages({ 1: GIB })], { open })], {}, GPU)), []);
  assert.deepEqual(faults(look([running(here, [near])], {}, GPU)), []);
});

test('page cache that fills a node, and the few remote pages of an idle host, are no fault', () => {
  assert.deepEqual(faults(look([], { nodes: { 0: { freeBytes: 100 * MIB, fileBytes: 10 * GIB } } })), []);
  assert.deepEqual(faults(look([], { nodes: { 1: { localPerSecond: 2, otherPerSecond: 10 } } })), []);
});

test('pages that nobody may read leave the verdict open, unless something else was found', () => {
  const denied = { unavailable: 'only its own user and root may see where the pages of a process lie' };
  const diagnosis = look([running(here, denied)]);
  assert.equal(diagnosis.verdict, 'undecided');
  assert.ok(unchecked(diagnosis).includes('remote-pages'));
  assert.match(diagnosis.notChecked.map(({ why }) => why).join(), /server \(process 4711\)/);
  assert.equal(look([running([thread(0), thread(4)], denied)]).verdict, 'findings');
});

test('what undoes a move lets each thread back where it may run now, not all of them where the first one may', () => {
  const vcpus = guest((cpu) => [cpu], [0, 4], { allowed: [0, 1] });
  const vm = running(vcpus, [pages({ 0: GIB, 1: GIB })], { name: 'qemu-system-x86', allowedCpus: [0, 1] });
  const { findings } = look([vm], {}, {});
  const found = findings.find(({ id }) => id === 'vm-across-nodes');
  assert.deepEqual(found?.remedy, ['sudo taskset -acp 0-3,8-11 4711']);
  assert.deepEqual(found.undo, ['sudo taskset -acp 0-1 4711', 'sudo taskset -cp 0 100', 'sudo taskset -cp 4 104']);
});
