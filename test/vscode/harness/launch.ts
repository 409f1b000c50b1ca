// Owns the use of @vscode/test-electron: installs the package into a fresh desktop VS Code, and runs the test module in it or in the stand-in. A program of
// its own, because that library needs a newer Node than the one the tests run on. Takes one argument: LaunchOptions as JSON.
import { spawnSync } from 'node:child_process';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';

export interface LaunchOptions {
  /** The stand-in's path, another executable's, or 'download' for the desktop build. */
  readonly executable: string;
  /** The packaged extension; null where it is installed already. */
  readonly vsix: string | null;
  readonly driver: string;
  readonly testsPath: string;
  readonly workspace: string;
  readonly profile: readonly string[];
  readonly debuggingPort: number;
  /** Of a desktop build that is fetched. */
  readonly version: string;
  readonly cache: string;
}

const options = JSON.parse(process.argv[2] ?? '') as LaunchOptions;
const executable =
  options.executable === 'download'
    ? await downloadAndUnzipVSCode({ version: options.version, cachePath: options.cache })
    : options.executable;

if (options.vsix !== null) {
  const [cli = executable, ...cliArgs] = resolveCliArgsFromVSCodeExecutablePath(executable);
  const install = [...cliArgs, ...options.profile, '--install-extension', options.vsix];
  const installed = spawnSync(cli, install, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (installed.status !== 0) {
    console.error(`${options.vsix} could not be installed (${String(installed.error ?? installed.status)})`);
    process.exit(1);
  }
}

try {
  await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: options.driver,
    extensionTestsPath: options.testsPath,
    launchArgs: [options.workspace, ...options.profile, `--remote-debugging-port=${String(options.debuggingPort)}`],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
