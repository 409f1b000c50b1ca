// `npm test [-- long] [SUITE|FILE…]`: installs what the tests need, builds, runs every suite (or those named), counts. Its last
// line is `N passed, N failed` over all suites; it fails when a test failed or a suite ran none. With `long`, tests vary what they
// try further (test/support/long.ts). Needs Node alone, and no input.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests } from './setup/bundled-tests.mjs';
import { inLanes } from './setup/lanes.mjs';
import { memoryFolder } from './setup/memory-folder.mjs';
import { installPackages, packagesComplete } from './setup/packages.mjs';
import { install, missingOf } from './setup/programs.mjs';
import { run } from './setup/running.mjs';
import { filesOf, runSuite } from './setup/suite-runs.mjs';
import { suites } from './setup/suites.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const begin = Date.now();
const slowestTold = 12;
/** @type {(import('./setup/types.ts').Count & { name: string, seconds: number })[]} */
const counts = [];

const words = process.argv.slice(2);
if (words.includes('long')) process.env['PINBOARD_LONG'] = '1';
const chosen = choose(words.filter((word) => word !== 'long'));
if (typeof chosen === 'string') {
  console.error(chosen);
  process.exit(2);
}
await testAll(chosen);
tell();

/** @typedef {{ suite: import('./setup/types.ts').Suite, only: string[] }} Chosen */

/** @param {Chosen[]} runs */
async function testAll(runs) {
  heading('packages');
  // npm's and Debian's at the same time: each waits for a network and a disk.
  const fromNpm = packagesComplete(root) ? null : run(installPackages, { cwd: root, timeoutMs: 15 * 60_000 });
  const missing = missingOf(runs.flatMap(({ suite }) => needsOf(suite)));
  const whyNotInstalled = missing.length === 0 ? null : install(missing, (words) => console.log(words));
  if (whyNotInstalled) console.log(whyNotInstalled);
  const why = await fromNpm;
  if (why) return note('packages', { failures: [`npm ci: ${why}; the npm registry has to be reachable`] });

  heading('build');
  const whyNotBuilt = await run(['npm', 'run', '--silent', 'build'], { cwd: root, timeoutMs: 10 * 60_000 });
  // The suites run all the same: most say more about what is broken than a build can.
  if (whyNotBuilt) note('build', { failures: [`npm run build: ${whyNotBuilt}`] });
  const files = runs.flatMap(({ suite, only }) => filesOf(suite, { root, only }));
  /** @type {string} */
  let made;
  try {
    made = await bundleTests(root, files);
  } catch (error) {
    return note('tests', { failures: [error instanceof Error ? error.message : String(error)] });
  }
  const folder = memoryFolder();
  if (folder !== null) process.env['TMPDIR'] = folder;
  const options = { root, made, whyNotInstalled };
  await inLanes(runs, availableParallelism(), (one, besideAnother) => testOne(one, options, besideAnother));
}

/**
 * @param {Chosen} chosen
 * @param {{ root: string, made: string, whyNotInstalled: string | null }} options
 * @param {boolean} besideAnother
 */
async function testOne({ suite, only }, options, besideAnother) {
  heading(suite.name);
  const hear = besideAnother
    ? (/** @type {string} */ line) => console.log(`${suite.name.padEnd(7)}│ ${line}`)
    : undefined;
  const started = Date.now();
  const count = await runSuite(suite, { ...options, only, hear });
  note(suite.name, { ...count, seconds: Math.round((Date.now() - started) / 1000) });
}

/**
 * Names of suites and files of suites, from the command line; without any, all suites but those that want to be named. Words
 * when one is unknown.
 * @param {string[]} words
 * @returns {Chosen[] | string}
 */
function choose(words) {
  if (words.length === 0) return suites.filter(({ onlyNamed }) => !onlyNamed).map((suite) => ({ suite, only: [] }));
  /** @type {Map<import('./setup/types.ts').Suite, string[]>} */
  const runs = new Map();
  for (const word of words) {
    const file = relative(root, resolve(word));
    const isFile = word.endsWith('.test.ts') && existsSync(resolve(word));
    const suite = suites.find(({ name, folder }) => (isFile ? folder && file.startsWith(`${folder}/`) : name === word));
    if (!suite) return `no suite or test file "${word}"; suites: ${suites.map(({ name }) => name).join(', ')}`;
    runs.set(suite, [...(runs.get(suite) ?? []), ...(isFile ? [file] : [])]);
  }
  return suites.filter((suite) => runs.has(suite)).map((suite) => ({ suite, only: runs.get(suite) ?? [] }));
}

/** @param {import('./setup/types.ts').Suite} suite */
function needsOf(suite) {
  return [...(suite.needs ?? []), ...(suite.steps ?? []).flatMap((step) => step.needs ?? [])];
}

/**
 * @param {string} name
 * @param {Partial<import('./setup/types.ts').Count> & { seconds?: number }} count
 */
function note(name, { passed = 0, failures = [], failed, skipped = 0, seconds = 0, files = new Map() }) {
  const count = { name, passed, failed: failed ?? failures.length, skipped, seconds, failures, files };
  counts.push(count);
  console.log(`━━ ${wordsOf(count)}`);
}

/** @param {typeof counts[number]} count */
function wordsOf({ name, passed, failed, skipped, seconds }) {
  const left = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${name.padEnd(10)} ${passed} passed, ${failed} failed${left} (${seconds} s)`;
}

/** @param {string} words */
function heading(words) {
  console.log(`\n━━ ${words} ${'━'.repeat(Math.max(0, 90 - words.length))}`);
}

function tell() {
  heading(`result, after ${Math.round((Date.now() - begin) / 1000)} s`);
  for (const count of counts) console.log(wordsOf(count));
  const files = counts.flatMap((count) => [...(count.files ?? [])]).sort(([, a], [, b]) => b - a);
  if (files.length > 1) console.log('slowest files:');
  for (const [file, seconds] of files.slice(0, slowestTold)) console.log(`${String(seconds).padStart(6)} s  ${file}`);
  for (const { name, failures } of counts) for (const words of failures) console.log(`✖ ${name}: ${words}`);
  /** @param {'passed' | 'failed'} key */
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exit(sum('failed') > 0 || sum('passed') === 0 ? 1 : 0);
}
