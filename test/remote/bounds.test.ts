// Recordings made to exhaust memory: a child process reads each and says what it took.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, createWriteStream, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { createGzip, gzipSync } from 'node:zlib';
import { PROBE_WARNINGS } from '../../src/model/formats/sysfs/probe.ts';
import { RECORDING_SCHEMA } from '../../src/model/live/recording.ts';
import { openRecorded } from '../../src/remote/recorded/importers/index.ts';
import { varied } from '../support/long.ts';
import { bundled } from '../support/bundled.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { headOf } from '../support/recorded.ts';
import type { Told } from './reads-apart.ts';

const MIB = 1024 * 1024;

function folder(t: TestContext): string {
  const made = temporaryFolder('bounds');
  t.after(() => removeFolder(made));
  return made;
}

const BLOCK = 512;
const CHECKSUM = 148;

/** An empty file, as a tar holds it; without its name, and with blanks for its checksum. */
const NAMELESS = (() => {
  const entry = Buffer.alloc(BLOCK);
  entry.write('0000644\0', 100);
  entry.write('00000000000\0', 124);
  entry.write('00000000000\0', 136);
  entry.write('0', 156);
  entry.write('ustar\x0000', 257);
  entry.fill(' ', CHECKSUM, CHECKSUM + 8);
  return entry;
})();
const sumOf = (bytes: Buffer): number => bytes.reduce((total, byte) => total + byte, 0);
const NAMELESS_SUM = sumOf(NAMELESS);

async function archiveOf(path: string, count: number, nameOf: (i: number) => string): Promise<void> {
  const atOnce = 1000;
  function* portions(): Generator<Buffer> {
    for (let done = 0; done < count; done += atOnce) {
      const entries = Array.from({ length: Math.min(atOnce, count - done) }, (_, i) => {
        const entry = Buffer.from(NAMELESS);
        const name = Buffer.from(nameOf(done + i));
        name.copy(entry);
        entry.write(`${(NAMELESS_SUM + sumOf(name)).toString(8).padStart(6, '0')}\0 `, CHECKSUM);
        return entry;
      });
      yield Buffer.concat(entries);
    }
    yield Buffer.alloc(2 * BLOCK);
  }
  await pipeline(Readable.from(portions()), createGzip({ level: 1 }), createWriteStream(path));
}

const reader = bundled(join(import.meta.dirname, 'reads-apart.ts'));

/** What a child says that reads `path` without rights of its own, in less than 512 MiB. */
async function readApart(path: string): Promise<Told> {
  chmodSync(join(path, '..'), 0o755);
  const child = spawnSync(process.execPath, [await reader, path], { encoding: 'utf8' });
  assert.equal(child.status, 0, child.stderr);
  const told = JSON.parse(child.stdout) as Told;
  assert.ok(told.peak < 512 * MIB, `${Math.round(told.peak / MIB)} MiB`);
  return told;
}

const MANY = [
  ['200,000 CPUs', (i: number) => `sys/devices/system/cpu/cpu${i}/online`, /more than [\d,]+ \S.*, which is the limit/],
  ['200,000 files that no machine has', (i: number) => `sys/x/y${i}`, /does not contain a machine.s sys\/ and proc\//],
  [
    '200,000 files of 4,096 CPUs',
    (i: number) => `sys/devices/system/cpu/cpu${i % 4096}/cache/index${Math.floor(i / 4096)}/size`,
    /more than [\d,]+ \S.*, which is the limit/,
  ],
] as const;

for (const [what, nameOf, says] of varied<readonly (typeof MANY)[number][]>([MANY[0], MANY[1]], MANY))
  test(`an archive of ${what} is refused in words, in less than 512 MiB`, { timeout: 300_000 }, async (t) => {
    const path = join(folder(t), 'many.tar.gz');
    await archiveOf(path, 200_001, nameOf);
    assert.match((await readApart(path)).words, says);
  });

/** Behind the head of a recording `piece`, `times` times, each a member of the gzip file: it is packed once. */
function recordingOf(path: string, piece: string, times: number): void {
  const head = gzipSync(`${JSON.stringify({ schema: RECORDING_SCHEMA, ...headOf() })}\n`);
  const packed = gzipSync(piece, { level: 1 });
  writeFileSync(path, Buffer.concat([head, ...Array.from({ length: times }, () => packed)]));
}

const table = (rows: number): string => `[1,["id","busy"],[${'0,'.repeat(rows - 1)}0],[${'1,'.repeat(rows - 1)}1]]`;
const full = `{"sample":{"schema":"numa-pinboard/sample/1","time":"2026-01-01T00:00:00Z","intervalMs":1,"cpus":${table(60_000)},"nodes":[0],"processes":[0]}}\n`;

const HOSTILE = [
  ['a line without end', ' '.repeat(8 * MIB), 100, /a line is longer than 8 MB/],
  ['1,001,000 lines', '{"x":0}\n'.repeat(1001), 1000, /more than 1000000 lines, which is the limit/],
  ['100 samples of 60,000 CPUs', full, 100, null],
] as const;

for (const [what, piece, times, says] of varied<readonly (typeof HOSTILE)[number][]>([HOSTILE[0]], HOSTILE))
  test(`a recording of ${what} is read as far as it may be, in less than 512 MiB`, { timeout: 300_000 }, async (t) => {
    const path = join(folder(t), 'hostile.numarec');
    recordingOf(path, piece, times);
    const { words, cutOff } = await readApart(path);
    assert.equal(words, 'read');
    if (says) assert.match(cutOff ?? '', says);
  });

test('a folder with more CPUs than any kernel can have is refused in words', async (t) => {
  const made = folder(t);
  const cpus = join(made, 'sys/devices/system/cpu');
  mkdirSync(cpus, { recursive: true });
  for (let i = 0; i < 16_385; i++) writeFileSync(join(cpus, `cpu${i}`), '');
  await assert.rejects(openRecorded(made), /more than 16,384 entries cpuN in one folder/);
});

test('links of a folder that lead out of it, in a circle or to a device are not followed', async (t) => {
  const made = folder(t);
  const cpu = join(made, 'sys/devices/system/cpu');
  mkdirSync(join(made, 'proc'), { recursive: true });
  mkdirSync(join(cpu, 'cpu0/topology'), { recursive: true });
  writeFileSync(join(cpu, 'online'), '0\n');
  symlinkSync('/dev/zero', join(made, 'proc/cpuinfo'));
  symlinkSync('../../../../../../../../etc/hostname', join(cpu, 'present'));
  symlinkSync('possible', join(cpu, 'possible'));
  const { files, topology } = await (await openRecorded(made)).discover();
  assert.deepEqual([...files.keys()], ['sys/devices/system/cpu/online', PROBE_WARNINGS]);
  assert.match(files.get(PROBE_WARNINGS) ?? '', /2 files could not be read \(a link that points outside the folder\)/);
  assert.equal(topology.cpus.length, 1);
});

test('a folder of 200,001 names is refused in words, in less than 512 MiB', { timeout: 300_000 }, async (t) => {
  const made = join(folder(t), 'dump');
  const cpus = join(made, 'sys/devices/system/cpu');
  mkdirSync(cpus, { recursive: true });
  const first = join(made, 'first');
  for (let i = 0; i < 200_001; i++) {
    // A file takes so many names and no more.
    if (i % 50_000 === 0) writeFileSync(`${first}${i}`, '');
    linkSync(`${first}${i - (i % 50_000)}`, join(cpus, `x${i}`));
  }
  assert.match((await readApart(made)).words, /more than 200,000 names in one folder/);
  // In a third of the time that Node takes.
  execFileSync('rm', ['-rf', made]);
});

test('pipes, sockets, devices and files without the right to read are left out, in words', async (t) => {
  const made = join(folder(t), 'dump');
  const cpus = join(made, 'sys/devices/system/cpu');
  mkdirSync(join(cpus, 'cpu0/topology'), { recursive: true });
  mkdirSync(join(made, 'proc'));
  writeFileSync(join(cpus, 'online'), '0\n');
  writeFileSync(join(cpus, 'cpu0/topology/core_id'), '0\n', { mode: 0 });
  writeFileSync(join(cpus, 'cpu0/topology/physical_package_id'), '0\n', { mode: 0 });
  execFileSync('mkfifo', [join(made, 'proc/cpuinfo')]);
  symlinkSync('/dev/zero', join(made, 'proc/meminfo'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(cpus, 'present'), resolve));
  t.after(() => server.close());
  const isRoot = process.getuid?.() === 0;
  // Only root makes devices, and not in every container.
  const device = isRoot && spawnSync('mknod', [join(cpus, 'possible'), 'c', '1', '5']).status === 0;
  const { words, warnings } = await readApart(made);
  assert.equal(words, 'read');
  const said = warnings.join('\n');
  assert.match(said, new RegExp(`${device ? 3 : 2} files could not be read \\(a pipe, socket or device\\)`));
  assert.match(said, /\d files could not be read \(EACCES\)/);
  assert.match(said, /proc\/meminfo could not be read \(a link that points outside the folder\)/);
});
