// What a command that measures says where something is missing: what, and the line that brings it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { whyNotHere } from '../../../scripts/bench/needs.ts';
import { missingOf, programs } from '../../../scripts/setup/programs.mjs';
import type { Need } from '../../../scripts/setup/types.ts';

void test('what is not built is named with what builds it', () => {
  assert.equal(whyNotHere([], ['package.json']), null);
  assert.equal(
    whyNotHere([], ['package.json', 'dist/nothing.js']),
    'Not built: dist/nothing.js. To build: npm run build',
  );
});

void test('what is not installed is named with its package, and nothing else', () => {
  const all = Object.keys(programs) as Need[];
  const missing = missingOf(all);
  const why = whyNotHere(all, []) ?? '';
  for (const key of missing) assert.ok(why.includes(programs[key].package), key);
  for (const key of all.filter((one) => !missing.includes(one))) assert.equal(whyNotHere([key], []), null);
});
