// The host's own lstopo as a witness of a live reading: the real one, and ones put on the PATH that lie or fail.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { openLocal } from '../../src/remote/connect/local.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';

/** Warnings about lstopo on a live reading of this machine, with `script` as its lstopo; null for the real one. */
async function warningsWith(t: TestContext, script: string | null): Promise<string[]> {
  const folder = temporaryFolder('lstopo');
  const before = process.env['PATH'];
  t.after(() => {
    process.env['PATH'] = before;
    removeFolder(folder);
  });
  if (script !== null) {
    const path = join(folder, 'lstopo-no-graphics');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    process.env['PATH'] = `${folder}:${before ?? ''}`;
  }
  const host = connectHost(openLocal(), { agentDir: folder });
  try {
    const { topology } = await host.discover();
    assert.ok(topology.cpus.length > 0);
    return topology.warnings.filter((warning) => warning.includes('lstopo'));
  } finally {
    await host.close();
  }
}

test('the real lstopo of this machine agrees', async (t) => {
  const warnings = await warningsWith(t, null);
  // Some hypervisors show caches to CPUID, which lstopo asks, and none in /sys.
  const cached = existsSync('/sys/devices/system/cpu/cpu0/cache/index0');
  const ofCaches = / cache of CPUs [\d,-]+: not there in \/sys, of \d+ bytes in lstopo\.$/;
  assert.deepEqual(cached ? warnings : warnings.filter((words) => !ofCaches.test(words)), []);
});

test('a lstopo that shows another machine becomes warnings that name object and values', async (t) => {
  const xml = join(temporaryFolder('lies'), 'lies.xml');
  t.after(() => removeFolder(join(xml, '..')));
  execFileSync('lstopo-no-graphics', ['-i', 'pack:3 core:5 pu:1', xml]);
  const warnings = await warningsWith(t, `cat '${xml}'`);
  assert.ok(
    warnings.some((words) => words.includes('differs: socket with CPUs 5-9: not there in /sys, there in lstopo.')),
    warnings.join('\n'),
  );
});

test('a lstopo that fails, or says what nobody can read, changes nothing', async (t) => {
  for (const script of ['echo broken >&2; exit 1', 'echo "<topology>"', 'echo "<topology></topology>"', 'kill -9 $$'])
    assert.deepEqual(await warningsWith(t, script), [], script);
});
