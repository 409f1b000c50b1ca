/**
 * Runs test files in one process, one after the other, each under its own name: what they import is loaded once, and what is
 * made for several of them (an emulated host) is made once. Takes a folder and the names of files, which were made in it
 * (scripts/setup/bundled-tests.mjs).
 */
import { describe } from 'node:test';
import { pathToFileURL } from 'node:url';
import { madeOf } from '../../scripts/setup/bundled-tests.mjs';

const [folder = '', ...files] = process.argv.slice(2);
for (const file of files)
  void describe(file, async () => {
    await import(pathToFileURL(madeOf(folder, file)).href);
  });
