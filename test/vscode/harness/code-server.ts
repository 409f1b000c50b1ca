// Owns code-server: its switches, its environment, a package installed by it, waiting until it serves, the address of a workbench that
// runs a test.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Workbench } from '../../../scripts/setup/vscode.mjs';
import {
  freePort,
  startProcess,
  temporaryFolder,
  twice,
  waitFor,
  type StartedProcess,
} from '../../support/processes.ts';
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

const installations = new Map<string, Promise<string>>();

/** The folder of extensions with that package alone in it, installed once a test process: no workbench changes anything in there. */
export function installed(place: Workbench, vsix: string): Promise<string> {
  const key = JSON.stringify([place.codeServer, vsix]);
  const known = installations.get(key) ?? install(place, vsix);
  installations.set(key, known);
  return known;
}

async function install(place: Workbench, vsix: string): Promise<string> {
  const base = temporaryFolder('extensions');
  const folders = { own: join(base, 'own'), userData: join(base, 'user-data'), extensions: join(base, 'extensions') };
  const run = await start(place, folders, ['--install-extension', vsix]);
  const { code } = await run.ended;
  if (code !== 0) throw new Error(`${vsix} could not be installed (${String(code)}):\n${run.output()}`);
  return folders.extensions;
}

/** Of the extensions that VS Code brings along, what files of ours are shown with. */
const BUILT_IN = ['json', 'markdown-basics', 'markdown-language-features', 'theme-defaults', 'theme-seti', 'yaml'];

/** What says which extension it is, and that it belongs to the server. */
const NAMES = ['name', 'publisher', 'version', 'engines', 'vscode', 'extensionKind'];

/**
 * A folder of those. The others start in each extension host and take as much of the CPUs as all the rest: they are there by name only,
 * because the page would start in itself what the server has not.
 */
function builtIn(place: Workbench, { own }: CodeServerFolders): string {
  const all = join(dirname(place.codeServer), '../../lib/vscode/extensions');
  const folder = join(own, 'built-in');
  rmSync(folder, { recursive: true, force: true }); // of a first try
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(all)) {
    const manifest = join(all, name, 'package.json');
    if (!existsSync(manifest)) continue;
    if (BUILT_IN.includes(name)) {
      symlinkSync(join(all, name), join(folder, name));
      continue;
    }
    mkdirSync(join(folder, name));
    const whole = JSON.parse(readFileSync(manifest, 'utf8')) as object;
    const empty = JSON.stringify({ ...whole, extensionKind: ['workspace'] }, NAMES);
    writeFileSync(join(folder, name, 'package.json'), empty);
  }
  return folder;
}

const minorOf = ({ vscode }: Workbench): number => Number(vscode.split('.')[1]);

export async function serve(
  place: Workbench,
  folders: CodeServerFolders,
  { workspaceTrust, testing }: { readonly workspaceTrust: boolean; readonly testing: boolean },
): Promise<CodeServer> {
  const port = await freePort();
  const authority = `127.0.0.1:${String(port)}`;
  // Passed on from 1.139 on. The page heeds `payload`, and with it a test, only with the driver, which takes the notifications' toasts away.
  const options =
    minorOf(place) < 139
      ? []
      : [`builtin-extensions-dir=${builtIn(place, folders)}`, ...(testing ? ['enable-smoke-test-driver'] : [])];
  const server = await start(place, folders, [
    ...['--bind-addr', authority, '--auth', 'none'],
    ...['--disable-telemetry', '--disable-update-check', '--disable-proxy', '--ignore-last-opened'],
    ...['--disable-getting-started-override', ...(workspaceTrust ? [] : ['--disable-workspace-trust'])],
    ...options.flatMap((option) => ['--vscode-option', option]),
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

/** The workbench at that address, in which nothing moves: where there is no GPU, each frame of a progress bar is painted by the CPUs. */
export async function openPage(page: Page, address: string): Promise<void> {
  await page.addInitScript(() => {
    if (window !== window.top) return;
    const still = new CSSStyleSheet();
    still.replaceSync('.progress-bit, .codicon-modifier-spin { animation: none !important }');
    document.adoptedStyleSheets.push(still);
  });
  await twice('the page', () => page.goto(address, { timeout: 180_000, waitUntil: 'domcontentloaded' }));
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
