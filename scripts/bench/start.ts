// `npm run bench:start [-- ROUNDS]`: the CPU time that the programs take to start, and how much they load before anything is shown: the
// extension, activated in the extension host of a real workbench, and the command line. Method and figures: docs/BENCHMARKS.md.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, medianInterval } from '../../src/model/run/statistics.ts';
import { CLI } from '../../test/cli/cli.ts';
import { packExtension } from '../../test/support/packages.ts';
import { removeFolder, temporaryFolder } from '../../test/support/processes.ts';
import { bundleTestModule } from '../../test/vscode/harness/bundle.ts';
import { runInWorkbench } from '../../test/vscode/harness/run.ts';
import { RESULT } from '../../test/vscode/start-result.ts';
import type { Activation } from '../../test/vscode/suite/packed.ts';
import { COMMAND_LINE, need } from './needs.ts';

const rounds = Number(process.argv[2] ?? 7);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('usage: npm run bench:start -- [ROUNDS]');
  process.exit(2);
}
need(['chromium', 'fonts'], [COMMAND_LINE]);

/** Of the command line; the first is what Node takes by itself. */
const COMMANDS: readonly (readonly string[])[] = [
  ['-e', '0'],
  [CLI, '--version'],
  [CLI, '--help'],
  [CLI, 'topology', '--from', 'pack:2 core:4 pu:2'],
  [CLI, 'doctor', '--help'],
];

/** User and system time of a program until it ends, as bash counts them for the children it waited for. */
function cpuMsOf(program: string, args: readonly string[]): number {
  const script = '"$@" >/dev/null 2>&1; times';
  const [, children = ''] = execFileSync('bash', ['-c', script, 'bash', program, ...args], { encoding: 'utf8' }).split(
    '\n',
  );
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  return parts.reduce((sum, seconds) => sum + seconds, 0) * 1000;
}

/** Columns of what is measured. */
const WIDE = 60;

const figures = (all: readonly number[]): string => {
  const interval =
    medianInterval(all)
      ?.map((end) => end.toFixed(0))
      .join(' to ') ?? 'too few rounds for an interval';
  return `${median(all).toFixed(0).padStart(5)} ms   ${interval}`;
};

async function activations(): Promise<void> {
  const vsix = await packExtension();
  const suite = fileURLToPath(new URL('../../test/vscode/suite/start.ts', import.meta.url));
  const testsPath = await bundleTestModule(suite);
  const workspace = temporaryFolder('start');
  const result = join(workspace, RESULT);
  const all: Activation[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      rmSync(result, { force: true });
      const { exitCode, output } = await runInWorkbench({ vsix, testsPath, workspace });
      if (exitCode !== 0) throw new Error(output.slice(-4000));
      all.push(JSON.parse(readFileSync(result, 'utf8')) as Activation);
    }
  } finally {
    removeFolder(workspace);
  }
  const files = all[0]?.files.length ?? 0;
  console.log(`extension, loading ${String(files)} files`.padEnd(WIDE), figures(all.map(({ load }) => load)));
  console.log('extension, activating it'.padEnd(WIDE), figures(all.map(({ activate }) => activate)));
  console.log('extension, loading what its first view needs'.padEnd(WIDE), figures(all.map(({ desk }) => desk)));
}

function starts(): void {
  const all = COMMANDS.map((): number[] => []);
  // In turn, so that what else the machine does falls on all of them.
  for (let round = 0; round < rounds; round++)
    COMMANDS.forEach((words, i) => all[i]?.push(cpuMsOf(process.execPath, words)));
  COMMANDS.forEach((words, i) => {
    console.log(
      `node ${words
        .map((word) => (word === CLI ? 'dist/cli.js' : word))
        .join(' ')
        .padEnd(50)} ${figures(all[i] ?? [])}`,
    );
  });
}

console.log(
  `CPU time, medians of ${String(rounds)} rounds with 95 % intervals; load ${loadavg()[0]?.toFixed(1) ?? ''}`,
);
starts();
await activations();
