/**
 * Runs test files in one process, one after the other, each under its own name: what they import is loaded once, and what is
 * made for several of them (an emulated host) is made once. Takes the files as arguments.
 */
import { describe } from 'node:test';
import { pathToFileURL } from 'node:url';

for (const file of process.argv.slice(2))
  void describe(file, async () => {
    await import(pathToFileURL(file).href);
  });
