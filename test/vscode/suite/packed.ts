// Owns the looks at the packed extension itself: its page among the extensions, and what activating it loads.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, sep } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import * as vscode from 'vscode';
import type { WorkbenchWindow } from '../harness/workbench.ts';

const PATIENT = { timeout: 90_000 };

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension('numa-pinboard.numa-pinboard');
  assert.ok(found, 'the extension is not installed');
  return found;
}

/** As an extension is loaded: there is one cache for all. */
const load = createRequire(__filename);

/** Names of the extension's own files that were loaded into this extension host. */
const loaded = (): string[] =>
  Object.keys(load.cache).flatMap((path) => (path.startsWith(extension().extensionPath + sep) ? basename(path) : []));

/** CPU ms of this thread, or of the process where Node cannot tell it (before 23.9). */
function cpuMs(): number {
  const counting = process as { threadCpuUsage?: () => NodeJS.CpuUsage };
  const used: NodeJS.CpuUsage = counting.threadCpuUsage?.() ?? process.cpuUsage();
  return (used.user + used.system) / 1000;
}

export interface Activation {
  /** CPU ms of loading the extension's files. */
  readonly load: number;
  /** CPU ms of activating it. */
  readonly activate: number;
  /** CPU ms of then loading what the first view or command needs. */
  readonly desk: number;
  readonly files: readonly string[];
}

function deskOf(extensionPath: string): string {
  const dist = join(extensionPath, 'dist');
  const desk = readdirSync(dist).find((name) => /^extension-desk-\w+\.cjs$/.test(name));
  assert.ok(desk, `no desk in ${dist}`);
  return join(dist, desk);
}

/** In a host where the extension was not needed yet. */
export async function activation(): Promise<Activation> {
  const { extensionPath, isActive } = extension();
  const manifest = extension().packageJSON as { main: string };
  assert.ok(!isActive, 'the extension was activated before');
  const main = load.resolve(join(extensionPath, manifest.main));
  const begin = cpuMs();
  const own = load(main) as { activate: (context: unknown) => void };
  const loading = cpuMs() - begin;
  let activating = NaN;
  const module = load.cache[main];
  assert.ok(module);
  // What the host then calls: it does much else until it says that the extension is active.
  module.exports = {
    ...own,
    activate(context: unknown) {
      const before = cpuMs();
      own.activate(context);
      activating = cpuMs() - before;
    },
  };
  await extension().activate();
  const files = loaded();
  const before = cpuMs();
  load(deskOf(extensionPath));
  return { load: loading, activate: activating, desk: cpuMs() - before, files };
}

/** SSH, measuring, exports and readers of other tools’ files wait for their first use. */
export async function startsWithLittle(): Promise<void> {
  await extension().activate();
  const files = loaded();
  assert.ok(files.includes('extension.cjs'), files.join());
  const late = files.filter((file) => /-(open|bench|doctor|export|lstopo-check|desk|file-session)-/.test(file));
  assert.deepEqual(late, []);
}

async function broken(images: Locator): Promise<string[]> {
  await images.first().waitFor(PATIENT);
  return images.evaluateAll(async (all) => {
    const found = all as HTMLImageElement[];
    await Promise.all(found.map((image) => image.decode().catch(() => undefined)));
    return found.filter(({ naturalWidth }) => naturalWidth === 0).map(({ src }) => src.slice(0, 200));
  });
}

/** Those that lead out of the packed page to nowhere (the editor’s own one to its top is a button): within it there has to be such a place, elsewhere a whole address. */
const astray = (page: FrameLocator): Promise<string[]> =>
  page.locator('a:not([role=button])').evaluateAll((links) =>
    links
      .filter((link) => {
        const to = link.getAttribute('href') ?? '';
        if (to.startsWith('#')) return document.getElementById(decodeURIComponent(to.slice(1))) === null;
        return !URL.canParse(to) || !to.startsWith('https:');
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 200)),
  );

/** What the repository will show at its published place, out of this copy of it. */
async function publish(window: WorkbenchWindow): Promise<void> {
  const { repository } = extension().packageJSON as { repository: { url: string } };
  const shown = `${repository.url.replace(/\.git$/, '')}/raw/HEAD/`;
  const copy = join(process.env['NUMA_TEST_ARTIFACTS'] ?? '', '..');
  await window.page
    .context()
    .route(`${shown}**`, (route) => route.fulfill({ path: join(copy, route.request().url().slice(shown.length)) }));
}

/** The page of the extension, as the editor shows it: every picture is seen, every link leads somewhere. */
export async function listing(window: WorkbenchWindow): Promise<void> {
  await publish(window);
  await vscode.commands.executeCommand('extension.open', extension().id);
  const editor = window.page.locator('.extension-editor');
  assert.deepEqual(await broken(editor.locator('.header img').filter({ visible: true })), []);
  const page = await window.webviewFrame(0, PATIENT.timeout);
  await page.getByRole('heading', { name: 'NUMA Pinboard' }).first().waitFor(PATIENT);
  assert.deepEqual(await broken(page.locator('img')), []);
  assert.deepEqual(await astray(page), []);
  await window.screenshot('vscode-listing');
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  await window.page
    .locator('iframe.webview')
    .first()
    .waitFor({ ...PATIENT, state: 'detached' });
}
