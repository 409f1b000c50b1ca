// Owns a run of a packaged extension in a real workbench, as tests start it: a fresh profile, the package installed, the test
// module run inside, its checks' results brought back. `NUMA_PINBOARD_VSCODE` says in which VS Code: unset, the stand-in from
// npm; `download`, the desktop build that @vscode/test-electron fetches; else the path of an executable.
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureWorkbench, workbench, type Engine } from '../../../scripts/setup/vscode.mjs';
import { freePort, removeFolder, startProcess } from '../../support/processes.ts';
import type { CheckResult } from './checks.ts';
import { installed } from './code-server.ts';
import type { LaunchOptions } from './launch.ts';
import { makeProfile, type ProfileOptions } from './profile.ts';

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '../../..');

export interface RunOptions extends ProfileOptions {
  /** The packaged extension. */
  readonly vsix: string;
  /** The test module: a CommonJS file that exports `run(): Promise<void>`, see `bundleTestModule`. */
  readonly testsPath: string;
  /** Which VS Code, where none is named; default the newest. */
  readonly engine?: Engine;
  /** Then everything is killed; default 8 minutes. */
  readonly timeoutMs?: number;
}

export interface RunResult {
  readonly exitCode: number;
  /** Everything that was printed, for a failure's message. */
  readonly output: string;
  readonly checks: readonly CheckResult[];
}

export async function runInWorkbench(options: RunOptions): Promise<RunResult> {
  const asked = process.env['NUMA_PINBOARD_VSCODE'];
  const standIn = asked === undefined || asked === '';
  const { engine = 'newest' } = options;
  const newEnough = Number(process.versions.node.split('.')[0]) >= 24;
  const node = newEnough && !standIn ? process.execPath : ensureWorkbench().node;
  const vsix = resolve(options.vsix);
  const profile = makeProfile(options);
  const extensions = standIn ? await installed(ensureWorkbench(engine), vsix) : profile.extensions;
  const results = join(profile.base, 'results.jsonl');
  const debuggingPort = await freePort();
  const launch: LaunchOptions = {
    executable: standIn ? join(here, 'code.mjs') : asked,
    vsix: standIn ? null : vsix,
    driver: join(here, 'driver'),
    testsPath: resolve(options.testsPath),
    workspace: profile.workspace,
    profile: [`--user-data-dir=${profile.userData}`, `--extensions-dir=${extensions}`],
    debuggingPort,
    version: engine === 'newest' ? 'stable' : workbench(engine).vscode,
    cache: join(workbench().folder, '../../vscode-desktop'),
  };
  const env = {
    ...process.env,
    NODE_TEST_CONTEXT: undefined, // what runs in there is no part of this test runner's tree
    ...(standIn ? { PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` } : {}),
    ...profile.env,
    NUMA_TEST_CDP: `http://127.0.0.1:${String(debuggingPort)}`,
    NUMA_TEST_RESULTS: results,
    NUMA_TEST_ENGINE: engine,
    NUMA_TEST_ARTIFACTS: join(repository, 'test-artifacts'),
  };
  const run = await startProcess(node, [join(here, 'launch.ts'), JSON.stringify(launch)], { env });
  run.child.stdout?.pipe(process.stdout, { end: false });
  run.child.stderr?.pipe(process.stderr, { end: false });
  const timer = setTimeout(() => void run.stop(), options.timeoutMs ?? 8 * 60_000);
  const { code, signal } = await run.ended;
  clearTimeout(timer);
  const late = signal === null ? '' : `\nended by ${signal}: out of time?`;
  const result = { exitCode: code ?? 1, output: run.output() + late, checks: readChecks(results) };
  removeFolder(profile.base);
  return result;
}

function readChecks(file: string): CheckResult[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as CheckResult);
}
