// A kubelet's folder, read by real shells on the machine it is on: whole, absent, forbidden, and where the kubelet that runs was told to keep it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PinboardError } from '../../src/model/problem.ts';
import { readKubeletOf } from '../../src/remote/kubelet/host.ts';
import { signal } from '../support/process-table.mjs';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { has, SHELLS, through } from './shells.ts';

const CONFIGURATION = 'kind: KubeletConfiguration\ncpuManagerPolicy: static\nreservedSystemCPUs: "0"\n';
/** One line without an end, as the kubelet writes it. */
const STATE = '{"policyName":"static","defaultCpuSet":"0","entries":{"uid":{"a":"1"}},"checksum":1}';

const read = (shell: readonly string[], folder: string | null): ReturnType<typeof readKubeletOf> =>
  readKubeletOf(through(shell[0] ?? '', shell.slice(1)), folder, undefined);

async function refused(reading: Promise<unknown>, code: string, words: RegExp): Promise<string> {
  let hint = '';
  await assert.rejects(reading, (error) => {
    assert.ok(error instanceof PinboardError);
    assert.equal(error.code, code);
    assert.match(error.message, words);
    hint = error.hint ?? '';
    return true;
  });
  return hint;
}

describe("a kubelet's folder on a machine", { timeout: 120_000 }, () => {
  const folder = temporaryFolder("kubelet's; $(x)");
  const path = (name: string): string => join(folder, name);
  before(() => {
    writeFileSync(path('config.yaml'), CONFIGURATION);
    writeFileSync(path('cpu_manager_state'), STATE);
  });
  after(() => removeFolder(folder));

  for (const shell of SHELLS.filter(([name]) => ['dash', 'bash', 'busybox'].includes(name)))
    it(`is read by ${shell.join(' ')}`, { skip: !has(shell[0], shell.slice(1)) && 'it is not installed' }, async () => {
      const { configuration, cpus, memory, missing, place } = await read(shell, folder);
      assert.equal(configuration.reservedSystemCPUs, '0');
      assert.deepEqual(cpus, { policyName: 'static', defaultCpuSet: '0', entries: { uid: { a: '1' } } });
      assert.deepEqual([memory, missing], [null, ['memory_manager_state']]);
      assert.ok(place.startsWith(folder));
      await refused(read(shell, '/nowhere/kubelet'), 'not-found', /There is no \/nowhere\/kubelet .*no kubelet keeps/);
      await refused(read(shell, '/proc/self'), 'bad-file', /There is no config\.yaml in \/proc\/self/);
    });

  it('is refused in words where the login may not read it', async () => {
    const root = process.getuid?.() === 0;
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '/bin/sh'];
    const as = root ? nobody : ['/bin/sh'];
    chmodSync(path('cpu_manager_state'), root ? 0o600 : 0);
    try {
      chmodSync(folder, 0o755);
      const hint = await refused(read(as, folder), 'permission', /may not read cpu_manager_state in /);
      assert.match(hint, /as root.*copy config\.yaml, cpu_manager_state and memory_manager_state/);
      chmodSync(folder, root ? 0o700 : 0);
      await refused(
        read(as, folder),
        'permission',
        /may not read config\.yaml, cpu_manager_state and memory_manager_state in /,
      );
    } finally {
      chmodSync(folder, 0o755);
      chmodSync(path('cpu_manager_state'), 0o644);
    }
  });

  it('is found where the kubelet that runs was told to keep it, and what stands above its file is told', async () => {
    const program = path('kubelet');
    writeFileSync(program, '#!/bin/sh\nread word\n', { mode: 0o755 });
    const words = ['--root-dir', folder, `--config=${path('other.yaml')}`, '--reserved-cpus=0-1', '--v=2'];
    writeFileSync(path('other.yaml'), CONFIGURATION.replace('"0"', '"1"'));
    const kubelet = spawn(program, words, { stdio: ['pipe', 'ignore', 'ignore'] });
    try {
      await waitFor(async () => (await read(['/bin/sh'], null).catch(() => null)) !== null, {
        what: 'the kubelet to be seen',
      });
      const { configuration, cpus, overriding } = await read(['/bin/sh'], null);
      assert.equal(configuration.reservedSystemCPUs, '1');
      assert.equal(cpus?.defaultCpuSet, '0');
      assert.deepEqual(overriding, ['--reserved-cpus=0-1']);
    } finally {
      if (kubelet.pid !== undefined) signal(kubelet.pid, 'SIGKILL');
      rmSync(path('other.yaml'));
    }
  });

  it('is no kubelet of ours where a file is nonsense', async () => {
    writeFileSync(path('memory_manager_state'), '{"policyName":');
    await refused(read(['/bin/sh'], folder), 'bad-file', /memory_manager_state/);
    rmSync(path('memory_manager_state'));
  });
});
