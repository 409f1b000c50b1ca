// Archives as --from reads them: real ones by the system's tar and packers, and ones made to break out or to exhaust.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { Header } from 'tar-stream';
import { PinboardError } from '../../src/model/problem.ts';
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { readDump } from '../../src/remote/recorded/dump.ts';
import { openRecorded } from '../../src/remote/recorded/importers/index.ts';
import { dumpOf } from '../support/dump.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { readRecording } from '../support/recording.ts';

const { files: recorded } = await readRecording(new URL('../fixtures/machines/lab-2s.tar.gz', import.meta.url));

const topologyOf = async (path: string): Promise<Topology> => (await (await openRecorded(path)).discover()).topology;

function folder(t: TestContext): string {
  const made = temporaryFolder('archive');
  t.after(() => removeFolder(made));
  return made;
}

type Entry = Partial<Header> & { name: string };

/** A tar of the entries, at a path that is gone after the test. */
async function tarOf(t: TestContext, entries: readonly (readonly [Entry, string])[]): Promise<string> {
  const packer = pack();
  for (const [header, text] of entries) packer.entry(header, text);
  packer.finalize();
  const path = join(folder(t), 'made.tar');
  writeFileSync(path, await buffer(packer));
  return path;
}

const CPU0 = 'sys/devices/system/cpu/cpu0/topology';
const NODE = 'sys/devices/system/node';
const ONLINE: readonly [Entry, string] = [{ name: 'sys/devices/system/cpu/online' }, '0\n'];

async function refused(path: string, why: RegExp): Promise<void> {
  await assert.rejects(openRecorded(path), (error) => {
    assert.ok(error instanceof PinboardError && error.code === 'bad-file', String(error));
    assert.match(error.message, why);
    return true;
  });
}

for (const [ending, option] of [
  ['tar', []],
  ['tar.gz', ['--gzip']],
  ['tar.bz2', ['--bzip2']],
  ['tar.xz', ['--xz']],
] as const) {
  test(`a .${ending} of a recorded machine reads as its directory does`, async (t) => {
    const dump = dumpOf(recorded);
    t.after(() => removeFolder(dump));
    const [outside, inside] = ['outside', 'inside'].map((name) => join(folder(t), `${name}.${ending}`)) as [
      string,
      string,
    ];
    execFileSync('tar', [
      '-c',
      ...option,
      '-f',
      outside,
      '-C',
      join(dump, '..'),
      dump.slice(dump.lastIndexOf('/') + 1),
    ]);
    execFileSync('tar', ['-c', ...option, '-f', inside, '-C', dump, 'sys', 'proc']);
    const expected = readTopology(readDump(dump));
    assert.equal(expected.machine.name.length > 0, true);
    assert.deepEqual(await topologyOf(outside), expected);
    assert.deepEqual(await topologyOf(inside), expected);
  });
}

test('what tar makes of the live /sys, padded to 4,096 bytes a file, reads as the live machine', async (t) => {
  const path = join(folder(t), 'live.tar');
  // It complains that files shrank and that some may not be read: that is what is to be read here.
  const { status } = spawnSync('tar', ['-cf', path, '-C', '/', 'sys/devices/system/cpu', 'sys/devices/system/node']);
  assert.notEqual(status, null);
  const { cpus, cores, caches, packages } = await topologyOf(path);
  const live = readTopology(readDump('/'));
  assert.deepEqual(
    { cores, caches, packages, ids: cpus.map(({ id, online }) => [id, online]) },
    {
      cores: live.cores,
      caches: live.caches,
      packages: live.packages,
      ids: live.cpus.map(({ id, online }) => [id, online]),
    },
  );
});

test('links are followed inside the machine, and never out of it or round and round', async (t) => {
  const path = await tarOf(t, [
    [{ name: 'secret/type' }, 'xen\n'],
    [{ name: 'host/sys/devices/system/cpu/online' }, '0\n'],
    [{ name: `host/${NODE}/node0/cpulist` }, '0\n'],
    [{ name: `host/${NODE}/node1/access0/initiators/read_latency` }, '100\n'],
    [{ name: `host/${NODE}/node1/access0/initiators/node0`, type: 'symlink', linkname: '../../../node0' }, ''],
    [{ name: `host/${CPU0}/core_cpus_list`, type: 'symlink', linkname: 'thread_siblings_list' }, ''],
    [{ name: `host/${CPU0}/thread_siblings_list`, type: 'symlink', linkname: 'core_cpus_list' }, ''],
    [{ name: 'host/sys/hypervisor', type: 'symlink', linkname: '../../secret' }, ''],
    [{ name: `host/${CPU0}/core_id`, type: 'symlink', linkname: '/etc/hostname' }, ''],
  ]);
  const { nodes, cores, machine } = await topologyOf(path);
  assert.deepEqual(
    nodes.map(({ rated }) => rated?.initiators ?? null),
    [null, [0]],
  );
  // Neither its list nor its number lead anywhere.
  assert.deepEqual(cores, []);
  assert.deepEqual([machine.hypervisor, machine.name], [null, 'host']);
});

test('what tar would write elsewhere, hard links to nothing, devices and repeats are left out, in words', async (t) => {
  const path = await tarOf(t, [
    ONLINE,
    [{ name: '../sys/devices/system/cpu/present' }, '0-7\n'],
    [{ name: 'sys/devices/system/cpu/present', type: 'link', linkname: '/etc/passwd' }, ''],
    [{ name: 'sys/devices/system/cpu/possible', type: 'character-device' }, ''],
    [{ name: 'sys/devices/system/cpu/isolated', type: 'fifo' }, ''],
    [{ name: '/sys/devices/system/cpu/online' }, '0-1\n'],
  ]);
  const { cpus, warnings } = await topologyOf(path);
  assert.deepEqual(
    cpus.map(({ id }) => id),
    [0, 1],
  );
  for (const words of [
    /1 × names that point outside/,
    /1 × hard links to files/,
    /2 × devices, pipes/,
    /1 × entries that a later one/,
  ]) {
    assert.ok(
      warnings.some((warning) => words.test(warning)),
      `${String(words)} in ${warnings.join(' | ')}`,
    );
  }
});

test('a hard link to a file before it is that file', async (t) => {
  const path = await tarOf(t, [
    [{ name: 'sys/devices/system/cpu/possible' }, '0-2\n'],
    [{ name: 'sys/devices/system/cpu/online', type: 'link', linkname: 'sys/devices/system/cpu/possible' }, ''],
    [{ name: 'sys/devices/system/cpu/present', type: 'link', linkname: 'sys/devices/system/cpu/present' }, ''],
  ]);
  const { files, topology } = await (await openRecorded(path)).discover();
  assert.equal(files.get('sys/devices/system/cpu/online'), '0-2');
  assert.ok(topology.warnings.some((words) => words.includes('1 × hard links')));
});

test(
  'a file of NUL bytes before one letter is read in time that grows with its length',
  { timeout: 60_000 },
  async (t) => {
    const content = `${'\0'.repeat(4 * 1024 * 1024 - 2)}x`;
    assert.equal((await topologyOf(await tarOf(t, [ONLINE, [{ name: 'proc/cpuinfo' }, content]]))).cpus.length, 1);
  },
);

test('an archive of no machine, of two machines, cut short or broken is refused with the reason', async (t) => {
  await refused(await tarOf(t, [[{ name: 'readme' }, 'x']]), /does not contain a machine.s sys\/ and proc\//);
  await refused(
    await tarOf(t, [
      [{ name: 'a/sys/devices/system/cpu/online' }, '0'],
      [{ name: 'b/sys/devices/system/cpu/online' }, '0'],
    ]),
    /contains 2 machines \(a, b\)/,
  );
  const whole = await tarOf(t, [ONLINE, [{ name: 'proc/cpuinfo' }, 'x'.repeat(50_000)]]);
  for (const packer of ['cat', 'gzip', 'bzip2', 'xz']) {
    const packed = execFileSync(packer, packer === 'cat' ? [whole] : ['-c', whole]);
    const path = join(folder(t), packer);
    writeFileSync(
      path,
      packed.subarray(0, packed.length - Math.min(30, packed.length >> 1) - (packer === 'cat' ? 2000 : 0)),
    );
    await refused(path, /cannot be unpacked/);
    writeFileSync(path, Buffer.concat([packed.subarray(0, packed.length >> 1), Buffer.alloc(600, 0xa5)]));
    if (packer !== 'cat') await refused(path, /cannot be unpacked/);
  }
});

test('a bomb ends at the bound, whoever packed it', async (t) => {
  const path = join(folder(t), 'bomb');
  // Packed once, 1,280 MiB in all.
  const gzipped = gzipSync(Buffer.alloc(8 * 1024 * 1024));
  writeFileSync(
    path,
    Buffer.concat([
      gzipSync(Buffer.concat([readFileSync(await tarOf(t, [ONLINE])).subarray(0, 1024)])),
      ...Array<Buffer>(160).fill(gzipped),
    ]),
  );
  await refused(path, /unpacks to more than 1024 MB/);
});
