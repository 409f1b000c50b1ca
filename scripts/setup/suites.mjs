// The list of suites that `npm test` runs, as data, begun in this order two at a time, so that both lanes end together (lanes.mjs).
// `needs` are keys of programs.mjs.
// The files of a suite run one after the other in one process (test/support/together.ts); of `waiting` are those that wait for
// connections, deadlines and shells most of their time, and measure nothing: a process of their own runs them beside the others.
import { availableParallelism } from 'node:os';

/** @param {string} name */
const bin = (name) => `node_modules/.bin/${name}`;
const minutes = 60_000;
/** @type {import('./types.ts').Need[]} */
const native = ['gcc', 'make', 'headers', 'musl'];
/** @type {(target: string) => [string, ...string[]]} */
const make = (target) => ['make', `-j${availableParallelism()}`, '-C', 'native', target];

/** @type {readonly import('./types.ts').Suite[]} */
export const suites = [
  {
    name: 'vscode',
    folder: 'test/vscode',
    timeoutMs: 20 * minutes,
    needs: [...native, 'sshd', 'ssh', 'qemu', 'chromium', 'fonts'],
    browses: true,
    workbench: true,
  },
  { name: 'agent', folder: 'test/agent', timeoutMs: 10 * minutes, needs: native },
  {
    name: 'remote',
    folder: 'test/remote',
    waiting: [
      ...['board-plan', 'deploy', 'discovery', 'doctor', 'local', 'patience', 'sampler'],
      ...['ssh', 'ssh-login', 'ssh-sessions', 'ssh-waits', 'watch'],
    ],
    timeoutMs: 10 * minutes,
    needs: [...native, 'sshd', 'ssh', 'lstopo', 'bzip2', 'xz', 'zip'],
  },
  {
    name: 'e2e',
    folder: 'test/e2e',
    browses: true,
    timeoutMs: 15 * minutes,
    needs: [...native, 'ssh', 'qemu', 'chromium', 'fonts'],
  },
  // Several boots of an emulated host.
  { name: 'lab', folder: 'test/lab', timeoutMs: 20 * minutes, needs: [...native, 'ssh', 'qemu'] },
  {
    name: 'cli',
    folder: 'test/cli',
    waiting: ['endless-waits', 'hostile-requests', 'race', 'serve'],
    timeoutMs: 10 * minutes,
    needs: [...native, 'sshd', 'ssh', 'python'],
  },
  {
    name: 'unit',
    folder: 'test/unit',
    timeoutMs: 10 * minutes,
    needs: [...native, 'ssh', 'xmllint', 'libvirt', 'kubectl', 'python'],
  },
  {
    // The same files on Windows and macOS: what needs Linux skips itself (test/support/linux.ts).
    name: 'anywhere',
    folder: 'test/unit',
    timeoutMs: 10 * minutes,
    onlyNamed: true,
  },
  {
    // Each step counts as one test.
    name: 'native',
    steps: [
      { name: 'agent: make test', command: make('test'), needs: native },
      { name: 'agent: make sanitize', command: make('sanitize'), needs: native },
    ],
    timeoutMs: 10 * minutes,
  },
  { name: 'lstopo', folder: 'test/lstopo', timeoutMs: 10 * minutes, needs: ['lstopo'] },
  {
    name: 'static',
    steps: [
      { name: 'types: tsc -b', command: [bin('tsc'), '-b'] },
      { name: 'linter: oxlint', command: [bin('oxlint'), '-c', 'oxlint.config.mjs'] },
      { name: 'format: oxfmt --check', command: [bin('oxfmt'), '--check'] },
    ],
    timeoutMs: 10 * minutes,
  },
  {
    // Hard on the emulator, which does not always bear it: see the test.
    name: 'lab-bench',
    folder: 'test/lab-bench',
    timeoutMs: 20 * minutes,
    needs: [...native, 'ssh', 'qemu'],
    onlyNamed: true,
  },
  {
    // A second emulator, image and compiler: run when it is named, not with the others.
    name: 'lab-arm64',
    folder: 'test/lab-arm64',
    timeoutMs: 30 * minutes,
    needs: [...native, 'ssh', 'qemu', 'qemuArm', 'gccArm'],
    onlyNamed: true,
  },
];
