// Owns a workbench that a test drives from outside, with nothing of ours in its extension host: the way to see what VS Code hides
// while a test module runs in it (modal dialogs, workspace trust, notifications' toasts). The stand-in from npm only.
import { join } from 'node:path';
import { ensureWorkbench } from '../../../scripts/setup/vscode.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { removeFolder, twice } from '../../support/processes.ts';
import { installed, openPage, serve, windowSize, type CodeServerFolders } from './code-server.ts';
import { makeProfile, type ProfileOptions } from './profile.ts';
import { windowOf, type WorkbenchWindow } from './workbench.ts';

export interface OpenOptions extends ProfileOptions {
  /** The packaged extension. */
  readonly vsix: string;
  /** Whether the folder opens in restricted mode until it is trusted (`trustFolder`); default false, all is trusted. */
  readonly workspaceTrust?: boolean;
}

export interface OpenWorkbench {
  readonly window: WorkbenchWindow;
  /** Where the extension keeps its files lies somewhere below. */
  readonly userData: string;
  /** The server's process, of which the extension host is a child. */
  readonly pid: number;
  /** What the server printed so far. */
  output(): string;
  close(): Promise<void>;
}

export async function openWorkbench(options: OpenOptions): Promise<OpenWorkbench> {
  const place = ensureWorkbench();
  const extensions = await installed(place, options.vsix);
  const profile = makeProfile(options);
  const env = { ...process.env, ...profile.env };
  const folders: CodeServerFolders = { ...profile, extensions, own: join(profile.base, 'own'), env };
  const trust = { workspaceTrust: options.workspaceTrust ?? false, testing: false };
  const server = await twice('code-server', () => serve(place, folders, trust));
  const browser = await launchChromium();
  const close = async (): Promise<void> => {
    await browser.close();
    await server.process.stop();
    removeFolder(profile.base);
  };
  try {
    const page = await browser.newPage({ viewport: windowSize });
    await openPage(page, server.pageAddress(profile.workspace));
    await page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: 180_000 });
    return {
      window: windowOf(page),
      userData: profile.userData,
      pid: server.process.pid,
      output: () => server.process.output(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
