// What users read of the doctor names every check.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { CHECKS } from '../../../src/model/doctor/checks/checks.ts';

test('docs/DOCTOR.md names every check once', () => {
  const text = readFileSync(fileURLToPath(new URL('../../../docs/DOCTOR.md', import.meta.url)), 'utf8');
  const ids = CHECKS.map(({ id }) => id);
  assert.deepEqual(new Set(ids).size, ids.length);
  for (const id of ids) assert.ok(text.includes(`\`${id}\``), id);
});
