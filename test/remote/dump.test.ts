import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { PROBE_WARNINGS } from '../../src/model/formats/sysfs/probe.ts';
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import { readDump } from '../../src/remote/recorded/dump.ts';
import { MAX_FILE } from '../../src/remote/recorded/dump-files.ts';
import { syntheticProbe } from '../unit/machines.ts';

const CPU0 = 'sys/devices/system/cpu/cpu0/topology';

/** A directory that holds `files` and is gone after the test. */
function recorded(t: TestContext, files: Iterable<readonly [string, string]>): string {
  const dir = mkdtempSync(join(tmpdir(), 'pinboard-dump-'));
  t.after(() => {
    rmSync(dir, { recursive: true });
  });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), `${content}\n`);
  }
  return dir;
}

test('a directory reads as the host it was recorded from', (t) => {
  const files = syntheticProbe({ packages: 2, coresPerNode: 4, threads: 2, rated: true, cpulessNodes: 1 });
  const read = readDump(recorded(t, files));
  assert.deepEqual([...read.keys()].sort(), [...files.keys()].sort());
  assert.deepEqual(readTopology(read), readTopology(files));
});

test('only files of the allow-list come in, and cpusets of the groups that are named', (t) => {
  const read = readDump(
    recorded(t, [
      ['proc/self/cgroup', '3:cpuset:/job'],
      ['sys/fs/cgroup/cpuset/job/cpuset.cpus', '0-1'],
      ['proc/kcore', 'secret'],
      ['etc/passwd', 'root'],
    ]),
  );
  assert.deepEqual([...read.keys()].sort(), ['proc/self/cgroup', 'sys/fs/cgroup/cpuset/job/cpuset.cpus']);
});

test('links are followed inside and never outside', (t) => {
  const outside = recorded(t, [['secret', 'top']]);
  const dir = recorded(t, [
    ['sys/devices/system/node/node0/cpulist', '0'],
    ['sys/devices/system/node/node1/access0/initiators/read_latency', '100'],
    [`${CPU0}/package_cpus_list`, '0'],
  ]);
  symlinkSync('../../../node0', join(dir, 'sys/devices/system/node/node1/access0/initiators/node0'));
  symlinkSync('package_cpus_list', join(dir, CPU0, 'core_cpus_list'));
  symlinkSync(join(outside, 'secret'), join(dir, CPU0, 'core_id'));
  symlinkSync(outside, join(dir, 'sys/hypervisor'));
  writeFileSync(join(outside, 'type'), 'xen');
  symlinkSync('loop', join(dir, CPU0, 'loop'));
  symlinkSync('loop', join(dir, CPU0, 'die_id'));
  const read = readDump(dir);
  assert.equal(read.get('sys/devices/system/node/node1/access0/initiators/node0/cpulist'), '0');
  assert.equal(read.get(`${CPU0}/core_cpus_list`), '0');
  for (const path of [`${CPU0}/core_id`, `${CPU0}/die_id`, 'sys/hypervisor/type'])
    assert.equal(read.get(path), undefined);
});

test('a pipe does not block, a folder is no file, and a huge file is cut', (t) => {
  const dir = recorded(t, [['proc/meminfo', 'MemTotal: 1 kB\n'.repeat(400_000)]]);
  mkdirSync(join(dir, 'proc/loadavg'));
  execFileSync('mkfifo', [join(dir, 'proc/cpuinfo')]);
  const read = readDump(dir);
  assert.deepEqual([...read.keys()], ['proc/meminfo', PROBE_WARNINGS]);
  assert.equal(read.get(PROBE_WARNINGS), 'proc/cpuinfo could not be read (a pipe, socket or device).');
  assert.ok((read.get('proc/meminfo') ?? '').length <= MAX_FILE);
});

test('a directory that is not there is an empty recording', () => {
  assert.equal(readDump('/nowhere/at/all').size, 0);
});

test(
  'a running machine is read from its root',
  { skip: process.platform !== 'linux' && 'only Linux has /sys and /proc' },
  () => {
    const topology = readTopology(readDump('/'));
    assert.ok(topology.cpus.length > 0 && topology.nodes.length > 0);
  },
);
