// Pools, buddyinfo, plans and undo of huge pages: against recorded hosts, and with input that no kernel prints.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { basePageBytes, hugePagesIn, parseBuddyinfo } from '../../../src/model/hugepages/buddyinfo.ts';
import { readPools } from '../../../src/model/hugepages/pools.ts';
import type { HugePages } from '../../../src/model/hugepages/pools.ts';
import { planHugePages, planRelease } from '../../../src/model/hugepages/plan.ts';
import { hugePagesText } from '../../../src/model/hugepages/text.ts';
import { planUndo } from '../../../src/model/hugepages/undo.ts';
import { ON_PAPER, parseMounts, parseUsers } from '../../../src/model/hugepages/users.ts';
import { fallbackWords, planSentences } from '../../../src/model/hugepages/words.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { isUnavailable } from '../../../src/model/run/run.ts';
import { syntheticProbe } from '../machines.ts';
import type { MachineShape } from '../machines.ts';

const MB2 = 2 * 1024 ** 2;
const GB1 = 1024 ** 3;
const NODE = 'sys/devices/system/node';

/** Of node 1 300 pages are reserved, 100 of them in use; its 4 GiB of free memory are half in whole blocks of 4 MiB, half in single pages. */
function state(more: Record<string, string> = {}, shape: Partial<MachineShape> = {}): HugePages {
  const pool = `${NODE}/node1/hugepages/hugepages-2048kB`;
  const meminfo = (node: number): string =>
    [
      ...[`Node ${node} MemTotal: 16777216 kB`, `Node ${node} MemFree: 4194304 kB`],
      ...[`Node ${node} Active(file): 524288 kB`, `Node ${node} Inactive(file): 524288 kB`],
    ].join('\n');
  const zones = [
    'Node 0, zone   Normal 524288 0 0 0 0 0 0 0 0 0 512',
    'Node 1, zone   Normal 524288 0 0 0 0 0 0 0 0 0 512',
  ];
  const files = new Map([
    ...syntheticProbe({ packages: 2, coresPerNode: 2, ...shape }),
    [`${NODE}/node0/meminfo`, meminfo(0)],
    [`${NODE}/node1/meminfo`, meminfo(1)],
    ['proc/buddyinfo', zones.join('\n')],
    ['proc/meminfo', 'Hugepagesize:       2048 kB'],
    [`${pool}/nr_hugepages`, '300'],
    [`${pool}/free_hugepages`, '200'],
    [`${pool}/surplus_hugepages`, '0'],
    ...Object.entries(more),
  ]);
  return readPools(files, readTopology(files, { name: 'paper' }));
}

const wish = (pages: number, sizeBytes = MB2): { node: number; sizeBytes: number; pages: number } => ({
  node: 1,
  sizeBytes,
  pages,
});

test('pools by node and size, with what is not known as null, and the default size of the host', () => {
  const { nodes, defaultSizeBytes, basePageBytes: base } = state();
  assert.deepEqual(nodes[1]?.sizes[0], { sizeBytes: MB2, total: 300, free: 200, surplus: 0 });
  assert.equal(nodes[0]?.sizes[0]?.surplus, null);
  assert.deepEqual([defaultSizeBytes, base], [MB2, 4096]);
  const bare = readPools(
    new Map(),
    readTopology(syntheticProbe({ packages: 1, coresPerNode: 2 }), { name: 'no files' }),
  );
  assert.equal(bare.nodes[0]?.sizes[0]?.surplus, null);
  assert.equal(bare.basePageBytes, null);
});

test('a plan: needed, free, missing, whole free blocks less what the kernel keeps, and the exact commands', () => {
  const plan = planHugePages(state(), wish(400));
  assert.deepEqual([plan.needed, plan.free, plan.missing], [400, 200, 200]);
  // 512 free blocks of order 10 hold two pages each.
  assert.equal(plan.likely, 1024);
  assert.deepEqual(plan.zones, [{ zone: 'Normal', pages: 1024 }]);
  // All free memory and all file pages.
  assert.equal(plan.perhaps, 2048 + 512);
  const file = '/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages';
  assert.deepEqual(plan.commands, [`echo 500 | sudo tee ${file}`]);
  assert.deepEqual(plan.undo, [`echo 300 | sudo tee ${file}`]);
  const words = planSentences(state(), plan).join(' ');
  assert.match(words, /^400 pages of 2 MB \(800 MB\) are needed on node 1; 200 are free; 200 are missing\./);
  assert.match(words, /likely to succeed now is 1,024 pages of 2 MB \(2 GB\) more: 4 GB .* memory is fragmented/);

  const kept = planHugePages(state({ 'proc/sys/vm/min_free_kbytes': String(3 * 1024 ** 2) }), wish(3000));
  // 1.5 × 1.5 GiB, this node's half, is not to be had of 4 GiB.
  assert.equal(kept.likely, 896);
  const much = planHugePages(state(), wish(20_480));
  assert.match(
    planSentences(state(), much).join(' '),
    /might get to 2,560; that is not certain\. The 20,280 missing pages do not fit/,
  );
  assert.ok(fallbackWords(state(), much).some((line) => line.includes('numactl --interleave=0,1')));
});

test('enough is free: nothing to do, and promised pages are said', () => {
  const promised = state({
    'sys/kernel/mm/hugepages/hugepages-2048kB/resv_hugepages': '7',
    'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '300',
  });
  const plan = planHugePages(promised, wish(150));
  assert.deepEqual([plan.missing, plan.change, plan.commands], [0, null, []]);
  assert.match(
    planSentences(promised, plan).join(' '),
    /nothing is missing\. On the whole host 7 free pages of 2 MB are promised/,
  );
});

test('surplus pages are no part of a reservation: writing a number makes them part of it', () => {
  const some = state({ [`${NODE}/node1/hugepages/hugepages-2048kB/surplus_hugepages`]: '50' });
  const { change, undo } = planHugePages(some, wish(210));
  assert.equal(change?.to, 310);
  assert.match(undo[0] ?? '', /^echo 250 /);
  assert.equal(planRelease(some, wish(20))?.to, 230);
});

test('1 GB pages: buddyinfo counts no block that large, and the plan says so instead of a number', () => {
  const huge = state({
    [`${NODE}/node1/hugepages/hugepages-1048576kB/nr_hugepages`]: '0',
    [`${NODE}/node1/hugepages/hugepages-1048576kB/free_hugepages`]: '0',
  });
  const plan = planHugePages(huge, wish(2, GB1));
  assert.ok(isUnavailable(plan.likely));
  assert.equal(plan.perhaps, 5);
  assert.match(
    planSentences(huge, plan).join(' '),
    /cannot be said: the largest block that \/proc\/buddyinfo counts is 4 MB/,
  );
});

test('what cannot be planned is refused with what there is', () => {
  assert.throws(() => planHugePages(state(), { node: 7, sizeBytes: MB2, pages: 1 }), {
    code: 'node-absent',
    hint: /0-1/,
  });
  assert.throws(() => planHugePages(state(), wish(1, 64 * 1024)), { code: 'unsupported', hint: /2 MB/ });
  const memoryless = state({ [`${NODE}/node1/meminfo`]: 'Node 1 MemTotal: 0 kB\nNode 1 MemFree: 0 kB' });
  assert.throws(() => planHugePages(memoryless, wish(1)), { code: 'node-without-memory' });
  const silent = state({ [`${NODE}/node1/hugepages/hugepages-2048kB/free_hugepages`]: '' });
  assert.throws(() => planHugePages(silent, wish(1)), { code: 'unsupported' });
});

test('released is at most what is free', () => {
  assert.equal(planRelease(state(), wish(120))?.to, 180);
  assert.equal(planRelease(state(), wish(1000))?.to, 100);
  assert.equal(planRelease(state(), { node: 0, sizeBytes: MB2, pages: 1 }), null);
});

test('undo goes back where the pool is as the change left it, and says what differs where it is not', () => {
  const made = { node: 1, inferred: false, sizeBytes: MB2, before: 0, asked: 400 };
  assert.deepEqual(planUndo(state(), { ...made, after: 300 }).differs, null);
  assert.equal(planUndo(state(), { ...made, after: 300 }).change?.to, 0);
  // The client died before it read what it got: anything on the way is its doing.
  assert.equal(planUndo(state(), { ...made, after: null }).differs, null);
  assert.match(planUndo(state(), { ...made, asked: 200, after: null }).differs ?? '', /Node 1 has 300 pages/);
  assert.match(planUndo(state(), { ...made, after: 400 }).differs ?? '', /not the 400 that the change left/);
  assert.deepEqual(planUndo(state(), { ...made, before: 300, after: 400 }), { change: null, differs: null });
});

test('the base page follows from free memory and free blocks, and is unknown where they do not agree', () => {
  const blocks = parseBuddyinfo('Node 0, zone Normal 10 0 4\nNode 0, zone Movable 1 1 1');
  assert.equal(basePageBytes(blocks, 33 * 65_536), 65_536);
  assert.equal(basePageBytes(blocks, 33 * 16_384 * 1.1), 16_384);
  assert.equal(basePageBytes(blocks, 33 * 4096 * 1.4), null);
  assert.equal(basePageBytes(blocks, 0), null);
  assert.equal(basePageBytes([], 4096), null);
  assert.equal(hugePagesIn({ node: 0, zone: 'Normal', counts: [5, 5, 1, 1] }, 2), 3);
});

test('who uses them: processes by node, mounts, limits; and why something is not known', () => {
  const use = parseUsers([
    ...['boot x', 'hidden', 'process 12 4096 postgres', 'process 13 2048 db', 'denied 13'],
    'pages 12 7f00 bind:1 file=/anon_hugepage\\040(deleted) huge anon=1 dirty=1 N0=1 N1=2 kernelpagesize_kB=2048',
    'pages 12 7f10 default huge N1=1 kernelpagesize_kB=2048',
    'mount none /mnt/huge\\040pages hugetlbfs rw,relatime,pagesize=1024M,size=2G 0 0',
    ...['limit /sys/fs/cgroup/a/hugetlb.2MB.max:1073741824', 'limit /sys/fs/cgroup/a/hugetlb.2MB.rsvd.max:max'],
    ...[
      'limit /sys/fs/cgroup/a/hugetlb.2MB.current:2097152',
      'limit /sys/fs/cgroup/hugetlb/b/hugetlb.1GB.limit_in_bytes:9223372036854771712',
    ],
  ]);
  const at = (node: number, pages: number): object => ({ node, sizeBytes: MB2, pages });
  assert.deepEqual(use.processes, [
    { pid: 12, name: 'postgres', bytes: 2 * MB2, pages: [at(0, 1), at(1, 3)] },
    { pid: 13, name: 'db', bytes: MB2, pages: { unavailable: 'only its owner and root may read where they lie' } },
  ]);
  assert.deepEqual(use.mounts, [{ path: '/mnt/huge pages', sizeBytes: GB1, limitBytes: 2 * GB1 }]);
  assert.deepEqual(use.limits, [{ group: '/a', sizeBytes: MB2, limitBytes: GB1, usedBytes: MB2 }]);
  const text = hugePagesText('h', state(), use).join('\n');
  assert.match(text, /12 postgres: 4 MB; 1 page of 2 MB on node 0, 3 pages of 2 MB on node 1/);
  assert.match(text, /13 db: 2 MB; by node unavailable: only its owner/);
  assert.match(text, /unavailable: processes of other users/);
  assert.match(
    hugePagesText('h', state(), ON_PAPER).join('\n'),
    /Processes: unavailable: a recording does not show them/,
  );
  const nothing = parseUsers(['no-status', 'no-mounts', 'no-limits']);
  assert.ok(isUnavailable(nothing.processes) && isUnavailable(nothing.mounts) && isUnavailable(nothing.limits));
});

test('hostile text never throws, and nothing of it becomes a number that is no number', () => {
  const words = fc.constantFrom(
    'Node',
    '0,',
    'zone',
    'Normal',
    '9'.repeat(13),
    '-1',
    '\u202e',
    '1e9',
    ' huge',
    'N0=',
    'hugetlbfs',
    'size=',
    '999999999999999g',
    'limit',
    '/sys/fs/cgroup/',
    'hugetlb.2MB.max:',
  );
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(words, { maxLength: 14 }).map((some) => some.join(' ')),
  );
  const finite = (value: unknown): void => {
    if (typeof value === 'number') assert.ok(Number.isFinite(value) && value >= 0, String(value));
    else if (typeof value === 'string') assert.doesNotMatch(value, /[\u0000-\u001f\u202e]/);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(finite);
  };
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const records = lines.flatMap((one) =>
        ['process 1 2 ', 'pages 1 ', 'mount ', 'limit ', ''].map((word) => word + one),
      );
      finite([parseBuddyinfo(lines.join('\n')), parseMounts(lines.join('\n')), parseUsers(records)]);
      const blocks = parseBuddyinfo(lines.join('\n'));
      finite(basePageBytes(blocks, 4096));
      const pools = state({ 'proc/buddyinfo': lines.join('\n') });
      finite(planHugePages(pools, wish(4000)));
    }),
    { numRuns: 200 },
  );
});
