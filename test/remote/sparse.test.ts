// Files with holes as `tar --sparse` packs them, in each of its forms, and what GNU tar makes of the live /sys.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { openRecorded } from '../../src/remote/recorded/importers/index.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';

const CPUS = 'sys/devices/system/cpu';

const FORMS: readonly (readonly [form: string, options: readonly string[]])[] = [
  ['the old GNU form', ['--format=gnu']],
  ['PAX 0.0', ['--format=posix', '--sparse-version=0.0']],
  ['PAX 0.1', ['--format=posix', '--sparse-version=0.1']],
  ['PAX 1.0', ['--format=posix', '--sparse-version=1.0']],
];

for (const [form, options] of FORMS) {
  test(`files with holes in ${form} are read right, or left out with the words why`, async (t) => {
    const folder = temporaryFolder('sparse');
    t.after(() => removeFolder(folder));
    mkdirSync(join(folder, CPUS, 'cpu0/topology'), { recursive: true });
    writeFileSync(join(folder, CPUS, 'cpu0/topology/core_id'), '0\n');
    mkdirSync(join(folder, 'proc'));
    writeFileSync(join(folder, CPUS, 'present'), '0-3\n');
    // One piece and a hole after it, as a file of sysfs that was copied.
    const online = openSync(join(folder, CPUS, 'online'), 'w');
    writeSync(online, '0-2\n');
    ftruncateSync(online, 65_536);
    closeSync(online);
    // More pieces than one header holds, and than one block of more.
    const info = openSync(join(folder, 'proc/cpuinfo'), 'w');
    for (let i = 0; i < 40; i++) writeSync(info, `processor\t: ${i}\n`, i * 8192);
    ftruncateSync(info, 40 * 8192);
    closeSync(info);
    const path = join(folder, 'holes.tar');
    execFileSync('tar', ['--sparse', '--hole-detection=raw', ...options, '-cf', path, '-C', folder, 'sys', 'proc']);
    const { files, topology } = await (await openRecorded(path)).discover();
    assert.equal(files.get(`${CPUS}/present`), '0-3');
    const said = topology.warnings.filter((words) => words.includes('pack again without --sparse'));
    if (form === 'PAX 0.0') {
      assert.equal(files.get(`${CPUS}/online`), undefined);
      assert.deepEqual(said.length, 1);
      assert.match(said.join(''), /2 × files in an unsupported `tar --sparse` format/);
    } else {
      assert.deepEqual(said, []);
      assert.equal(files.get(`${CPUS}/online`), '0-2');
      assert.equal(files.get('proc/cpuinfo')?.match(/processor\s*: \d+/g)?.length, 40);
    }
  });

  test(`the live /sys in ${form} has no content, which is said`, async (t) => {
    const folder = temporaryFolder('sparse');
    t.after(() => removeFolder(folder));
    const path = join(folder, 'live.tar');
    spawnSync('tar', ['--sparse', ...options, '-cf', path, '-C', '/', `${CPUS}/online`, `${CPUS}/possible`]);
    await assert.rejects(
      openRecorded(path),
      /No machine could be read.*2 × files whose content `tar --sparse` skipped.*pack again without/,
    );
  });
}
