/** Whether `npm start` installs the C compiler itself. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installsCompiler } from '../../../scripts/setup/compiler.mjs';

const bare = { compilerMissing: true, args: ['topology'], ci: undefined, mayInstall: () => true };

test('a compiler that is missing is installed where that asks nobody', () => {
  assert.equal(installsCompiler(bare), true);
  assert.equal(installsCompiler({ ...bare, args: [] }), true);
  assert.equal(installsCompiler({ ...bare, mayInstall: () => false }), false);
});

test('nothing is installed beside a compiler that is there', () => {
  assert.equal(installsCompiler({ ...bare, compilerMissing: false }), false);
});

test('--no-install leaves the system as it is, but only as the first word: the others belong to the command', () => {
  assert.equal(installsCompiler({ ...bare, args: ['--no-install', 'topology'] }), false);
  assert.equal(installsCompiler({ ...bare, args: ['run', '--', 'npx', '--no-install', 'x'] }), true);
});

test('in CI nothing is installed, whatever the service sets CI to', () => {
  for (const ci of ['true', '1', 'woodpecker']) assert.equal(installsCompiler({ ...bare, ci }), false, ci);
  for (const ci of ['', '0', 'false']) assert.equal(installsCompiler({ ...bare, ci }), true, ci);
});
