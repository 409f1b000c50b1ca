/** A short run of `npm run fuzz`, and the inputs it stands for that must be refused by name. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { openRecorded } from '../../src/remote/recorded/importers/index.ts';
import { varied } from '../support/long.ts';

const script = fileURLToPath(new URL('../../scripts/fuzz.ts', import.meta.url));

const COUNT = String(varied(400, 2000));

test(`${COUNT} mutated inputs: no crash, no hang, no memory beyond 512 MiB`, () => {
  const run = spawnSync(process.execPath, ['--import', 'tsx', script, COUNT, '7'], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  assert.equal(run.status, 0, run.stdout + run.stderr);
  assert.match(run.stdout, new RegExp(`^${COUNT} inputs in`, 'm'));
  // That few are read would mean that nothing deep is tested.
  for (const kind of [
    'dump',
    'archive',
    'recording',
    'lstopo XML',
    'capabilities XML',
    'topology JSON',
    'notation',
    'pasted output',
    'core-to-core table',
  ])
    assert.match(run.stdout, new RegExp(`\\d+ ${kind}: read`), run.stdout);
});

const entities = Array.from({ length: 30 }, (_, i) => `<!ENTITY e${i + 1} "&e${i};&e${i};&e${i};&e${i};">`).join('');

for (const [what, content, why] of [
  [
    'entities that grow',
    `<!DOCTYPE topology [<!ENTITY e0 "x">${entities}]><topology>&e30;</topology>`,
    /entities of its own/,
  ],
  [
    'a file drawn in',
    '<!DOCTYPE topology [<!ENTITY f SYSTEM "file:///etc/passwd">]><topology>&f;</topology>',
    /entities of its own/,
  ],
  ['endless nesting', `<topology>${'<object>'.repeat(100_000)}`, /nested more than/],
  ['endless capabilities', `<capabilities>${'<a>'.repeat(100_000)}`, /nested more than/],
] as const)
  test(`XML with ${what} is refused`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pinboard-xml-'));
    try {
      writeFileSync(join(folder, 'bad.xml'), content);
      await assert.rejects(openRecorded(join(folder, 'bad.xml')), why);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
