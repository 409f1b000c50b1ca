/** A list of known hosts that a line is added to, wherever it is said to lie. */

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { addKnownHost } from '../../../src/remote/ssh/known-files.ts';
import { removeFolder, temporaryFolder } from '../../support/processes.ts';
import { needsLinux } from '../../support/linux.ts';

test('folders are made for the user alone', { skip: needsLinux }, async () => {
  const folder = temporaryFolder('known-files');
  try {
    const file = join(folder, 'made', 'too', 'known_hosts');
    await addKnownHost(file, 'box ssh-ed25519 AAAA\n');
    assert.equal(readFileSync(file, 'utf8'), 'box ssh-ed25519 AAAA\n');
    assert.equal(statSync(join(folder, 'made')).mode & 0o777, 0o700);
  } finally {
    removeFolder(folder);
  }
});

// Node's recursive mkdir tries there for ever, at 100 % of a CPU.
const proc = { timeout: 60_000, skip: needsLinux };
test('where no folder can be made it fails instead of trying for ever', proc, async () => {
  await assert.rejects(
    addKnownHost('/proc/numa-pinboard/known_hosts', 'box ssh-ed25519 AAAA\n'),
    /no folder can be created/,
  );
});
