// Owns code-server: its switches, its environment, waiting until it serves, the address of a workbench that runs a test.
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Workbench } from '../../../scripts/setup/vscode.mjs';
import { freePort, startProcess, waitFor, type StartedProcess } from '../../support/processes.ts';
import type { CodeArguments } from './code-arguments.ts';

export interface CodeServer {
  readonly process: StartedProcess;
  /** The page of the workbench with `folder` open; with `args` it loads their developmentPaths and runs their testsPath. */
  pageAddress(folder: string, args?: CodeArguments): string;
}

export const windowSize = { width: 1280, height: 800 };

/** The folders of one run; `own` holds what a server has and a desktop VS Code has not. */
export interface CodeServerFolders {
  readonly own: string;
  readonly userData: string;
  readonly extensions: string;
  /** The server's environment, and so the extension host's; default this process's own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs code-server to install a package, returns its exit code; its words go to our stdout. */
export async function installExtensions(
  place: Workbench,
  folders: CodeServerFolders,
  files: readonly string[],
): Promise<number> {
  const switches = files.flatMap((file) => ['--install-extension', file]);
  const run = await start(place, folders, [...switches, '--force']);
  const { code } = await run.ended;
  process.stdout.write(run.output());
  return code ?? 1;
}

const minorOf = ({ vscode }: Workbench): number => Number(vscode.split('.')[1]);

export async function serve(
  place: Workbench,
  folders: CodeServerFolders,
  { workspaceTrust, testing }: { readonly workspaceTrust: boolean; readonly testing: boolean },
): Promise<CodeServer> {
  const port = await freePort();
  const authority = `127.0.0.1:${String(port)}`;
  const server = await start(place, folders, [
    ...['--bind-addr', authority, '--auth', 'none'],
    ...['--disable-telemetry', '--disable-update-check', '--disable-proxy', '--ignore-last-opened'],
    ...['--disable-getting-started-override', ...(workspaceTrust ? [] : ['--disable-workspace-trust'])],
    // From 1.139 on the page heeds `payload`, and with it a test, only with this; it takes the notifications' toasts away.
    ...(testing && minorOf(place) >= 139 ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ]);
  const healthy = async (): Promise<boolean> => {
    if (!server.running()) throw new Error(`code-server ended:\n${server.output()}`);
    return fetch(`http://${authority}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
  };
  await waitFor(healthy, { timeoutMs: 180_000, what: () => `code-server to serve:\n${server.output()}` }).catch(
    async (error: unknown) => {
      await server.stop();
      throw error;
    },
  );
  const remote = (path: string): string => `vscode-remote://${authority}${path}`;
  return {
    process: server,
    pageAddress(folder, args) {
      if (args === undefined) return `http://${authority}/?${new URLSearchParams({ folder }).toString()}`;
      const payload: [string, string][] = [
        ...args.developmentPaths.map((path): [string, string] => ['extensionDevelopmentPath', remote(path)]),
        ...(args.testsPath ? [['extensionTestsPath', remote(args.testsPath)] satisfies [string, string]] : []),
        ['skipWelcome', 'true'],
      ];
      return `http://${authority}/?${new URLSearchParams({ folder, payload: JSON.stringify(payload) }).toString()}`;
    },
  };
}

function start(place: Workbench, folders: CodeServerFolders, args: readonly string[]): Promise<StartedProcess> {
  mkdirSync(folders.own, { recursive: true });
  const config = join(folders.own, 'config.yaml');
  writeFileSync(config, 'auth: none\n');
  const common = ['--config', config, '--user-data-dir', folders.userData, '--extensions-dir', folders.extensions];
  const env = {
    ...(folders.env ?? process.env),
    XDG_CONFIG_HOME: join(folders.own, 'xdg-config'),
    XDG_DATA_HOME: join(folders.own, 'xdg-data'),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}', // nothing asks outside
    PATH: `${dirname(place.node)}${delimiter}${process.env['PATH'] ?? ''}`,
  };
  return startProcess(place.node, [place.codeServer, ...common, ...args], { env });
}
