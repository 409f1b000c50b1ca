// Zips as --from reads them: real ones by Info-ZIP, and ones made by hand to break out, to lie or to exhaust.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { PinboardError } from '../../src/model/problem.ts';
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { readDump } from '../../src/remote/recorded/dump.ts';
import { openRecorded } from '../../src/remote/recorded/importers/index.ts';
import { dumpOf } from '../support/dump.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { readRecording } from '../support/recording.ts';
import { zipOf } from '../support/zip.ts';
import type { ZipEntry } from '../support/zip.ts';

const CPUS = 'sys/devices/system/cpu';
const ONLINE: ZipEntry = { name: `${CPUS}/online`, content: '0\n' };

const topologyOf = async (path: string): Promise<Topology> => (await (await openRecorded(path)).discover()).topology;

function folder(t: TestContext): string {
  const made = temporaryFolder('zip');
  t.after(() => removeFolder(made));
  return made;
}

function made(t: TestContext, entries: readonly ZipEntry[]): string {
  const path = join(folder(t), 'made.bin');
  writeFileSync(path, zipOf(entries));
  return path;
}

async function refused(path: string, why: RegExp): Promise<void> {
  await assert.rejects(openRecorded(path), (error) => {
    assert.ok(error instanceof PinboardError && error.code === 'bad-file', String(error));
    assert.match(error.message, why);
    return true;
  });
}

test('a zip of a recorded machine reads as its directory does, told by content', async (t) => {
  const { files } = await readRecording(new URL('../fixtures/machines/lab-2s.tar.gz', import.meta.url));
  const dump = dumpOf(files);
  t.after(() => removeFolder(dump));
  const [outside, inside] = [join(folder(t), 'a.zip'), join(folder(t), 'b.zip')];
  execFileSync('zip', ['-q', '-r', '-y', outside, basename(dump)], { cwd: dirname(dump) });
  execFileSync('zip', ['-q', '-r', '-y', inside, 'sys', 'proc'], { cwd: dump });
  const renamed = join(folder(t), 'without-ending');
  copyFileSync(inside, renamed);
  const expected = readTopology(readDump(dump));
  assert.ok(expected.cpus.length > 0);
  for (const path of [outside, inside, renamed]) assert.deepEqual(await topologyOf(path), expected);
});

test('one file of another format in a zip is read as it would be alone', async (t) => {
  const json = JSON.stringify(await topologyOf('pack:2 core:2 pu:2'));
  const alone = folder(t);
  writeFileSync(join(alone, 'synthetic.txt'), 'pack:2 numa:1 core:2 pu:2\n');
  execFileSync('zip', ['-q', 'one.zip', 'synthetic.txt'], { cwd: alone });
  assert.equal((await topologyOf(join(alone, 'one.zip'))).cpus.length, 8);
  const withMac: ZipEntry[] = [
    { name: 'machine.json', content: json },
    { name: '__MACOSX/._machine.json', content: 'x' },
  ];
  assert.equal((await topologyOf(made(t, withMac))).cpus.length, 8);
  await refused(made(t, [{ name: 'letter.txt', content: 'Dear all,\n' }]), /only file, letter\.txt, is in no format/);
  await refused(
    made(t, [
      { name: 'a.txt', content: 'pack:1 pu:1' },
      { name: 'b.txt', content: 'pack:1 pu:2' },
    ]),
    /does not contain a machine.s sys\/ and proc\//,
  );
  await refused(made(t, []), /does not contain a machine.s sys\/ and proc\//);
});

test('links are followed inside, and names that lead out, devices and repeats are left out, in words', async (t) => {
  const path = made(t, [
    { name: `host/${CPUS}/possible`, content: '0-1\n' },
    { name: `host/${CPUS}/online`, content: 'possible', mode: 0o120777 },
    { name: `host/${CPUS}/present`, content: '../../../../../etc/hostname', mode: 0o120777 },
    { name: `host/${CPUS}/kernel_max`, content: '/etc/hostname', mode: 0o120777 },
    { name: '../host/sys/devices/system/cpu/isolated', content: '1\n' },
    { name: `host/${CPUS}/offline`, content: '', mode: 0o010644 },
    { name: `host\\${CPUS.replaceAll('/', '\\')}\\nohz_full`, content: '1\n' },
    { name: `/host/${CPUS}/possible`, content: '0-2\n' },
  ]);
  const { files, topology } = await (await openRecorded(path)).discover();
  assert.equal(files.get(`${CPUS}/online`), '0-2');
  assert.equal(files.get(`${CPUS}/present`), undefined);
  assert.equal(files.get(`${CPUS}/isolated`), undefined);
  for (const words of [
    /1 × names that point outside/,
    /1 × devices, pipes and sockets/,
    /1 × entries that a later one/,
  ])
    assert.ok(
      topology.warnings.some((warning) => words.test(warning)),
      topology.warnings.join(' | '),
    );
});

test('what cannot be read is refused with the reason and the name', async (t) => {
  await refused(made(t, [{ ...ONLINE, flags: 1 }]), /cpu\/online is encrypted/);
  await refused(made(t, [{ ...ONLINE, flags: 0x41 }]), /strong encryption is not supported/);
  for (const [method, name] of [
    [9, 'Deflate64'],
    [14, 'LZMA'],
    [93, 'Zstandard'],
    [77, 'method 77'],
  ] as const)
    await refused(made(t, [{ ...ONLINE, method }]), new RegExp(`cpu/online is compressed with ${name}; only Deflate`));
  await refused(made(t, [{ ...ONLINE, size: 1 }]), /cannot be unpacked: too many bytes/);
  await refused(made(t, [{ ...ONLINE, size: 100 }]), /cannot be unpacked: not enough bytes/);
  await refused(made(t, [ONLINE, { ...ONLINE, name: `${CPUS}/present`, offset: 0 }]), /its entries overlap/);
  await refused(made(t, [{ ...ONLINE, offset: 1_000_000 }]), /cannot be unpacked/);
  const whole = readFileSync(made(t, [ONLINE]));
  const cut = join(folder(t), 'cut');
  writeFileSync(cut, whole.subarray(0, whole.length - 30));
  await refused(cut, /cannot be unpacked: End of central directory/);
});

test('damage is seen by the checksum', async (t) => {
  await refused(made(t, [{ ...ONLINE, crc32: 1 }]), /cpu\/online is damaged/);
});

test('zip64 sizes are read', async (t) => {
  assert.equal((await topologyOf(made(t, [{ ...ONLINE, zip64: true }]))).cpus.length, 1);
});

test('a bomb ends at the bound', { timeout: 300_000 }, async (t) => {
  const zeros = Buffer.alloc(256 * 1024 * 1024);
  const packed = deflateRawSync(zeros);
  const sum = crc32(zeros);
  const bomb = (i: number): ZipEntry => ({
    name: `sys/${i}/online`,
    packed,
    size: zeros.length,
    crc32: sum,
  });
  await refused(made(t, [0, 1, 2, 3, 4].map(bomb)), /unpacks to more than 1024 MB/);
});
