// A reporter for node:test that tells outcomes to a program: a line of JSON each time one is known, so that the count stands
// also when the run is killed. Counts leaves: a test with subtests counts only if it failed by itself. `ms` is how long the file
// has run by then, from the start of its process.

/** @param {AsyncIterable<{type: string, data: any}>} events */
export default async function* countingReporter(events) {
  // By file: at which depth a finished test had finished children below it.
  const hadChildren = new Map();
  const began = new Map();
  for await (const { type, data } of events) {
    // Each file is a test of its own to the runner, named by its path.
    if (type === 'test:dequeue' && data.name === data.file) began.set(data.file, Date.now());
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const depths = hadChildren.get(data.file) ?? [];
    hadChildren.set(data.file, depths);
    const isLeaf = !depths[data.nesting];
    depths[data.nesting] = false;
    if (data.nesting > 0) depths[data.nesting - 1] = true;
    const outcome = outcomeOf(type, data, isLeaf);
    const ms = Date.now() - (began.get(data.file) ?? Date.now());
    if (outcome) yield `${JSON.stringify({ outcome, name: data.name, file: data.file, ms })}\n`;
  }
  yield '{"outcome":"end"}\n';
}

/**
 * @param {string} type
 * @param {any} data
 * @param {boolean} isLeaf
 * @returns {import('./types.ts').Outcome['outcome'] | null} null for what is no test of its own
 */
function outcomeOf(type, data, isLeaf) {
  const failed = type === 'test:fail';
  // Node makes a test of a file's name out of a file that crashed, and out of one that holds no test.
  const isFile = data.nesting === 0 && /[\\/.][cm]?[jt]s$/.test(data.name) && isLeaf;
  if (data.todo !== undefined) return 'skipped';
  if (data.skip !== undefined) return 'skipped';
  if (failed) return isLeaf || data.details?.error?.failureType !== 'subtestsFailed' ? 'failed' : null;
  if (isFile) return 'empty';
  return isLeaf && data.details?.type !== 'suite' ? 'passed' : null;
}
