// What users read of the doctor names every check.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { CHECKS } from '../../../src/model/doctor/checks/checks.ts';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

test('where users begin to read, the doctor is named', () => {
  for (const path of ['README.md', 'docs/COMMAND-LINE.md']) assert.match(read(path), /numa-pinboard doctor/);
  assert.match(read('docs/EXTENSION.md'), /\*Check This Host\*/);
});

test('docs/DOCTOR.md names every check once', () => {
  const text = read('docs/DOCTOR.md');
  const ids = CHECKS.map(({ id }) => id);
  assert.deepEqual(new Set(ids).size, ids.length);
  for (const id of ids) assert.ok(text.includes(`\`${id}\``), id);
});
