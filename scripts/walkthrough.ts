// `npm run walkthrough`: the pictures of the extension's walkthrough, dark and light, of the real served page in Chromium and of a page that was
// really exported. The runs are the recorded ones of docs/examples.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import MarkdownIt from 'markdown-it';
import type { Browser, Page } from 'playwright-core';
import { cli } from '../test/cli/cli.ts';
import { openBoard, PATIENT, serve, THEMES } from '../test/e2e/page.ts';
import type { BoardPage } from '../test/e2e/page.ts';
import { launchChromium } from '../test/support/chromium.ts';
import { removeFolder, temporaryFolder } from '../test/support/processes.ts';
import { smallPng } from './small-png.ts';

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const IMAGES = file('media/walkthrough');
const QUEUE = file('docs/examples/four-sockets-queue.numa.json');
const MATRIX = file('docs/examples/four-sockets-matrix.numa.json');
/** What the walkthrough has room for, beside its text. */
const SIZE = { width: 1000, height: 640 };
const COLOURS = {
  dark: 'body { background: #1f1f1f; color: #cccccc } a { color: #4daafc } td, th, h1, h2 { border-color: #454545 }',
  light: 'body { background: #ffffff; color: #3b3b3b } a { color: #005fb8 } td, th, h1, h2 { border-color: #d0d0d0 }',
} as const;
type Theme = keyof typeof COLOURS;

async function keep(page: Page, name: string, theme: Theme): Promise<void> {
  writeFileSync(join(IMAGES, `${name}-${theme}.png`), await smallPng(page, await page.screenshot()));
}

async function still(board: BoardPage, name: string, theme: Theme): Promise<void> {
  // A cell takes its colour in a moment.
  await board.page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  await keep(board.page, name, theme);
}

async function result(browser: Browser, address: string, theme: Theme): Promise<void> {
  const board = await openBoard(browser, address, SIZE, THEMES[theme]);
  await board.page.locator('.panel [data-verdict]').first().waitFor(PATIENT);
  await still(board, 'result', theme);
}

async function machine(browser: Browser, address: string, theme: Theme): Promise<void> {
  const board = await openBoard(browser, address, SIZE, THEMES[theme]);
  await board.pu(15).waitFor(PATIENT);
  await board.page.keyboard.press('Escape');
  await still(board, 'machine', theme);
}

/** With the consumer in the hand. */
async function carrying(browser: Browser, address: string, theme: Theme): Promise<void> {
  const board = await openBoard(browser, address, SIZE, THEMES[theme]);
  await board.pu(15).waitFor(PATIENT);
  await board.page.keyboard.press('Escape');
  await board.action('place-producer').fill('cpu 0');
  await board.action('place-producer').press('Enter');
  await board.sits('producer', 'cpu 0');
  await board.page.keyboard.press('Escape');
  for (const key of ['c', 'PageDown', 'PageDown']) await board.page.keyboard.press(key);
  await board.page.locator('.np-pop').filter({ visible: true }).first().waitFor(PATIENT);
  await still(board, 'drag', theme);
}

/** As the editor previews Markdown. */
async function exported(browser: Browser, folder: string, theme: Theme): Promise<void> {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: theme });
  const html = new MarkdownIt({ html: true }).render(readFileSync(join(folder, 'report.md'), 'utf8'));
  const style = `body { font: 14px/1.5 sans-serif; margin: 24px 32px } td, th { padding: 2px 10px; text-align: left } img { max-width: 100% }`;
  const written = join(folder, `${theme}.html`);
  writeFileSync(written, `<!doctype html><meta charset="utf-8"><style>${style} ${COLOURS[theme]}</style>${html}`);
  await page.goto(pathToFileURL(written).href, PATIENT);
  await keep(page, 'export', theme);
}

mkdirSync(IMAGES, { recursive: true });
const folder = temporaryFolder('walkthrough');
const browser = await launchChromium();
try {
  const { code, stderr } = await cli(['report', QUEUE, '--to', folder]);
  if (code !== 0) throw new Error(stderr);
  const [name = ''] = readdirSync(folder);
  for (const theme of ['dark', 'light'] as const) await exported(browser, join(folder, name), theme);
  for (const [run, takes] of [
    [QUEUE, [result]],
    [MATRIX, [machine, carrying]],
  ] as const) {
    const { cli: server, address } = await serve(['--from', run]);
    try {
      for (const take of takes) for (const theme of ['dark', 'light'] as const) await take(browser, address, theme);
    } finally {
      await server.stop();
    }
  }
} finally {
  await browser.close();
  removeFolder(folder);
}
