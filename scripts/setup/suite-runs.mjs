// Owns the run of one suite and the count of it: { passed, failed, skipped, failures: words[] }.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { madeOf } from './bundled-tests.mjs';
import { installCommand, missingOf } from './programs.mjs';
import { run } from './running.mjs';

const reporter = new URL('./counting-reporter.mjs', import.meta.url).href;

/**
 * `only`: of a suite of files, those to run. `made`: the folder of what was made of them (bundled-tests.mjs). `hear` takes the output line by line; without it, it goes to ours as it is.
 * @typedef {{ root: string, only: readonly string[], made: string, whyNotInstalled: string | null, hear?: ((line: string) => void) | undefined }} Options
 */

/**
 * @param {import('./types.ts').Suite} suite
 * @param {Options} options
 * @returns {Promise<import('./types.ts').Count>}
 */
export async function runSuite(suite, options) {
  const { root, hear, whyNotInstalled } = options;
  const lacking = lackingWords(suite.needs ?? [], whyNotInstalled);
  if (lacking) return failedWith(lacking);
  if (suite.workbench) {
    const why = await run([process.execPath, 'scripts/setup/vscode.mjs'], { cwd: root, timeoutMs: 15 * 60_000, hear });
    if (why) return failedWith(`VS Code for the tests could not be installed: ${why}`);
  }
  const { steps, folder } = suite;
  if (steps) return runSteps(steps, suite.timeoutMs, options);
  return folder === undefined
    ? failedWith(`${suite.name} has neither steps nor files`)
    : runFiles({ ...suite, folder }, options);
}

/**
 * @param {readonly import('./types.ts').Step[]} steps
 * @param {number} timeoutMs
 * @param {Options} options
 */
async function runSteps(steps, timeoutMs, { root, whyNotInstalled, hear }) {
  /** @type {import('./types.ts').Count} */
  const count = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const step of steps) {
    const begin = Date.now();
    const lacking = lackingWords(step.needs ?? [], whyNotInstalled);
    const why = lacking ?? (await run(step.command, { cwd: root, timeoutMs, hear }));
    (hear ?? console.log)(`${why ? '✖' : '✔'} ${step.name} (${Date.now() - begin} ms)${why ? `: ${why}` : ''}`);
    if (why) count.failures.push(`${step.name}: ${why}`);
    count[why ? 'failed' : 'passed']++;
  }
  return count;
}

/**
 * @param {import('./types.ts').Suite & { folder: string }} suite
 * @param {Options} options
 */
async function runFiles(suite, { root, only, made, hear }) {
  const files = filesOf(suite, { root, only });
  if (files.length === 0)
    return failedWith(`${suite.folder} holds no *.test.ts: a suite that ran zero tests is a failure`);
  const waits = new Set(suite.waiting?.map((name) => join(suite.folder, `${name}.test.ts`)));
  const groups = [files.filter((file) => !waits.has(file)), files.filter((file) => waits.has(file))];
  const runs = groups.filter((group) => group.length > 0);
  const tell = hear ?? console.log;
  /** @type {typeof hear} */
  const besideIt = (line) => tell(`┆ ${line}`);
  const counts = runs.map((group, index) =>
    runGroup(group, { root, made, timeoutMs: suite.timeoutMs, hear: index === 0 ? hear : besideIt }),
  );
  return (await Promise.all(counts)).reduce(sumOf);
}

/**
 * Runs files one after the other in one process.
 * @param {readonly string[]} files
 * @param {{ root: string, made: string, timeoutMs: number, hear: ((line: string) => void) | undefined }} options
 */
async function runGroup(files, { root, made, timeoutMs, hear }) {
  const folder = mkdtempSync(join(tmpdir(), 'numa-pinboard-count-'));
  try {
    const lines = join(folder, 'outcomes.jsonl');
    const why = await run([process.execPath, ...nodeTestSwitches(made, lines), made, ...files], {
      cwd: root,
      timeoutMs,
      hear,
    });
    return countOf(lines, root, why);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import('./types.ts').Count} one
 * @param {import('./types.ts').Count} other
 * @returns {import('./types.ts').Count}
 */
function sumOf(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    failures: [...one.failures, ...other.failures],
    files: new Map([...(one.files ?? []), ...(other.files ?? [])]),
  };
}

/**
 * @param {string} made
 * @param {string} lines the file that outcomes are written to
 */
function nodeTestSwitches(made, lines) {
  return [
    ...['--enable-source-maps', '--import', pathToFileURL(madeOf(made, 'test/support/repeatable.ts')).href],
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${reporter}`, `--test-reporter-destination=${lines}`],
    madeOf(made, 'test/support/together.ts'),
  ];
}

/**
 * @param {string} lines
 * @param {string} root
 * @param {string | null} why the run ended badly
 */
function countOf(lines, root, why) {
  const text = existsSync(lines) ? readFileSync(lines, 'utf8') : '';
  // A killed run's last line may be half written.
  /** @type {import('./types.ts').Outcome[]} */
  const outcomes = text.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line)] : []));
  /** @type {import('./types.ts').Count} */
  const count = { passed: 0, failed: 0, skipped: 0, failures: [], files: secondsByFile(outcomes, root) };
  for (const { outcome, name, file } of outcomes) {
    if (outcome === 'end') continue;
    const failed = outcome === 'failed' || outcome === 'empty';
    if (!failed) {
      count[outcome]++;
      continue;
    }
    count.failed++;
    const where = file ? relative(root, file) : '';
    count.failures.push(outcome === 'empty' ? `${where || name} holds no test` : `${where}: ${name}`);
  }
  /** @param {string} words */
  const add = (words) => {
    count.failed++;
    count.failures.push(words);
  };
  if (!outcomes.some(({ outcome }) => outcome === 'end')) add(`the run did not come to its end: ${why ?? 'no count'}`);
  else if (why && count.failed === 0) add(`no test failed, but the run did: ${why}`);
  else if (count.passed + count.failed === 0) add('a suite that ran zero tests is a failure');
  return count;
}

/**
 * @param {readonly import('./types.ts').Outcome[]} outcomes
 * @param {string} root
 */
function secondsByFile(outcomes, root) {
  /** @type {Map<string, number>} */
  const seconds = new Map();
  // A file's last outcome comes at its end.
  for (const { file, ms } of outcomes) if (file && ms) seconds.set(relative(root, file), Math.round(ms / 1000));
  return seconds;
}

/**
 * Names of the files that are to run, none of a suite of steps.
 * @param {import('./types.ts').Suite} suite
 * @param {Pick<Options, 'root' | 'only'>} options
 */
export function filesOf({ folder }, { root, only }) {
  if (only.length > 0) return only;
  if (folder === undefined || !existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true }).map(String);
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .sort();
}

/**
 * @param {readonly import('./types.ts').Need[]} needs
 * @param {string | null} whyNotInstalled
 */
function lackingWords(needs, whyNotInstalled) {
  const missing = missingOf(needs);
  if (missing.length === 0) return null;
  return `${missing.join(', ')} missing (${whyNotInstalled ?? 'not installed'}); install by: ${installCommand(missing)}`;
}

/** @param {string} words */
function failedWith(words) {
  return { passed: 0, failed: 1, skipped: 0, failures: [words] };
}
