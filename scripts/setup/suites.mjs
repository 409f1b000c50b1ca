// The list of suites that `npm test` runs, in this order, as data. `needs` are keys of programs.mjs. One file at a time:
// several measure with two spinning threads, and on two CPUs two of them starve each other.
/** @param {string} name */
const bin = (name) => `node_modules/.bin/${name}`;
const minutes = 60_000;
/** @type {import('./types.ts').Need[]} */
const native = ['gcc', 'make', 'headers', 'musl'];

/** @type {readonly import('./types.ts').Suite[]} */
export const suites = [
  {
    // Each step counts as one test.
    name: 'static',
    steps: [
      { name: 'types: tsc -b', command: [bin('tsc'), '-b'] },
      { name: 'linter: eslint .', command: [bin('eslint'), '.'] },
      { name: 'format: prettier --check .', command: [bin('prettier'), '--check', '--log-level=warn', '.'] },
      { name: 'agent: make test', command: ['make', '-C', 'native', 'test'], needs: native },
      { name: 'agent: make sanitize', command: ['make', '-C', 'native', 'sanitize'], needs: native },
    ],
    timeoutMs: 10 * minutes,
  },
  { name: 'agent', folder: 'test/agent', concurrency: 1, timeoutMs: 10 * minutes, needs: native },
  {
    name: 'unit',
    folder: 'test/unit',
    concurrency: 1,
    timeoutMs: 10 * minutes,
    needs: [...native, 'ssh', 'xmllint', 'libvirt'],
  },
  { name: 'lstopo', folder: 'test/lstopo', concurrency: 1, timeoutMs: 10 * minutes, needs: ['lstopo'] },
  {
    name: 'remote',
    folder: 'test/remote',
    concurrency: 1,
    timeoutMs: 10 * minutes,
    needs: [...native, 'sshd', 'ssh', 'lstopo', 'bzip2', 'xz', 'zip'],
  },
  { name: 'cli', folder: 'test/cli', concurrency: 1, timeoutMs: 10 * minutes, needs: [...native, 'sshd', 'ssh'] },
  {
    // Several boots of an emulated host.
    name: 'lab',
    folder: 'test/lab',
    concurrency: 1,
    timeoutMs: 20 * minutes,
    needs: [...native, 'ssh', 'qemu'],
  },
  {
    name: 'e2e',
    folder: 'test/e2e',
    concurrency: 1,
    timeoutMs: 12 * minutes,
    needs: [...native, 'ssh', 'qemu', 'chromium', 'fonts'],
  },
  {
    name: 'vscode',
    folder: 'test/vscode',
    concurrency: 1,
    timeoutMs: 20 * minutes,
    needs: [...native, 'sshd', 'ssh', 'qemu', 'chromium', 'fonts'],
    workbench: true,
  },
  {
    // Hard on the emulator, which does not always bear it: see the test.
    name: 'lab-bench',
    folder: 'test/lab-bench',
    concurrency: 1,
    timeoutMs: 20 * minutes,
    needs: [...native, 'ssh', 'qemu'],
    onlyNamed: true,
  },
  {
    // A second emulator, image and compiler: run when it is named, not with the others.
    name: 'lab-arm64',
    folder: 'test/lab-arm64',
    concurrency: 1,
    timeoutMs: 30 * minutes,
    needs: [...native, 'ssh', 'qemu', 'qemuArm', 'gccArm'],
    onlyNamed: true,
  },
];
