// A reporter for node:test that tells outcomes to a program: a line of JSON each time one is known, so that the count stands
// also when the run is killed. Counts leaves: a test with subtests counts only if it failed by itself. `ms` is how long the file
// has run by then. A file is a test of its own, named by its path (test/support/together.ts), and its tests are told before the
// next file begins.
import { resolve } from 'node:path';

/** @param {AsyncIterable<{type: string, data: any}>} events */
export default async function* countingReporter(events) {
  // By file: at which depth a finished test had finished children below it.
  const hadChildren = new Map();
  const began = new Map();
  // The one that runs: its tests stand in a bundle, under another name.
  let file = '';
  for await (const { type, data } of events) {
    if (namesFile(data)) file = resolve(data.name);
    if (type === 'test:dequeue' && namesFile(data)) began.set(file, Date.now());
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const depths = hadChildren.get(file) ?? [];
    hadChildren.set(file, depths);
    const isLeaf = !depths[data.nesting];
    depths[data.nesting] = false;
    if (data.nesting > 0) depths[data.nesting - 1] = true;
    const outcome = outcomeOf(type, data, isLeaf);
    const ms = Date.now() - (began.get(file) ?? Date.now());
    if (outcome) yield `${JSON.stringify({ outcome, name: data.name, file, ms })}\n`;
  }
  yield '{"outcome":"end"}\n';
}

/** @param {{ nesting: number, name: string }} data */
function namesFile({ nesting, name }) {
  return nesting === 0 && /[\\/.][cm]?[jt]s$/.test(name);
}

/**
 * @param {string} type
 * @param {any} data
 * @param {boolean} isLeaf
 * @returns {import('./types.ts').Outcome['outcome'] | null} null for what is no test of its own
 */
function outcomeOf(type, data, isLeaf) {
  const failed = type === 'test:fail';
  // A file that crashed, or that holds no test.
  const isFile = namesFile(data) && isLeaf;
  if (data.todo !== undefined) return 'skipped';
  if (data.skip !== undefined) return 'skipped';
  if (failed) return isLeaf || data.details?.error?.failureType !== 'subtestsFailed' ? 'failed' : null;
  if (isFile) return 'empty';
  return isLeaf && data.details?.type !== 'suite' ? 'passed' : null;
}
