// What is typed into a plan's fields: read as it is written there, and said what is wrong with it.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  devicesTyped,
  devicesWritten,
  guestTyped,
  guestWritten,
  rangeTyped,
  rangeWritten,
  sharesTyped,
  sharesWritten,
  usesTyped,
  usesWritten,
} from '../../../src/webview/plan/typed.ts';
import { GB } from '../plan/machines.ts';

const MB = 2 ** 20;
const disks = {
  storage: [
    { name: 'ssd', bytes: GB, uses: {} },
    { name: 'hot tier', bytes: GB, uses: {} },
  ],
};

test('what is shown is read back as the same', () => {
  const devices = [
    { name: 'eth0', node: null },
    { name: '0000:3b:00.0', node: 1 },
  ];
  assert.deepEqual(devicesTyped(devicesWritten(devices)), { list: devices });
  const shares = [
    { on: 'ssd', bytes: 1536 * MB },
    { on: 'hot tier', bytes: 3 },
  ];
  assert.deepEqual(sharesTyped(sharesWritten(shares), disks), { list: shares });
  const uses = { 'hot tier': 80 * GB, host: 1, spare: 0 };
  assert.deepEqual(usesTyped(usesWritten(uses)), { uses });
  for (const guest of [
    { sockets: 1, cores: 16, threads: 2, nodes: 1 },
    { sockets: 2, cores: 8, threads: 1, nodes: 4 },
  ])
    assert.deepEqual(guestTyped(guestWritten(guest)), { guest });
  for (const bytes of [
    [MB, MB],
    [80 * MB, 400 * MB],
    [1, GB],
  ] as const)
    assert.deepEqual(rangeTyped(rangeWritten(bytes)), { bytes });
});

test('as people type', () => {
  assert.deepEqual(devicesTyped(' eth0 node 1,nvme0n1 '), {
    list: [
      { name: 'eth0', node: 1 },
      { name: 'nvme0n1', node: null },
    ],
  });
  assert.deepEqual(devicesTyped(''), { list: [] });
  assert.deepEqual(rangeTyped('140-700 MB'), { bytes: [140 * MB, 700 * MB] });
  assert.deepEqual(guestTyped('2x8x2, 2 nodes'), { guest: { sockets: 2, cores: 8, threads: 2, nodes: 2 } });
  assert.deepEqual(usesTyped('host: 100 GB'), { uses: { host: 100 * GB } });
});

test('what is wrong is said with what to type', () => {
  assert.deepEqual(sharesTyped('40GB on tape', disks), {
    wrong: 'The plan has no storage "tape". There are "ssd", "hot tier".',
  });
  assert.match(JSON.stringify(sharesTyped('40GB', disks)), /40GB on ssd/);
  assert.match(JSON.stringify(sharesTyped('40 on ssd', disks)), /a size with its unit/);
  assert.match(JSON.stringify(rangeTyped('700MB-140MB')), /the smaller/);
  assert.match(JSON.stringify(rangeTyped('lots')), /140MB-700MB/);
  assert.match(JSON.stringify(guestTyped('0 x 4 x 2')), /sockets x cores x threads/);
  assert.match(JSON.stringify(usesTyped('host')), /host 100GB/);
});
