// `npm run pictures`: the pictures of the documentation, of the real served page in Chromium, from the recorded examples.
// `npm run pictures -- MATRIX.csv TOPOLOGY.xml`: the one in README.md as well: what every drop costs on the machine of a published matrix
// (core-to-core-latency's CSV, and the topology of the same machine, as `--from` takes it), by simulation. Such data are not part of this
// repository.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { cli } from '../test/cli/cli.ts';
import { openBoard, PATIENT, serve, THEMES, type BoardPage, type Theme } from '../test/e2e/page.ts';
import { launchChromium } from '../test/support/chromium.ts';
import { removeFolder, temporaryFolder } from '../test/support/processes.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const IMAGES = join(ROOT, 'docs/images');
const SIZE = { width: 1440, height: 900 };

interface Picture {
  /** Of the file in docs/images, without its end. */
  readonly name: string;
  /** What the page is served from. */
  readonly from: string;
  readonly theme: Theme;
  readonly size?: { readonly width: number; readonly height: number };
  /** Brings the page into the state to be shown. */
  readonly arrange?: (board: BoardPage) => Promise<void>;
  /** The part to show; absent: all of it. */
  readonly part?: string;
}

const PICTURES: readonly Picture[] = [
  { name: 'four-sockets-queue', from: 'docs/examples/four-sockets-queue.numa.json', theme: 'light' },
  {
    name: 'four-sockets-matrix',
    from: 'docs/examples/four-sockets-matrix.numa.json',
    theme: 'dark',
    arrange: async ({ page }) => {
      await page.keyboard.press('x');
      await page.locator('.matrix-grid [role=gridcell]').first().waitFor(PATIENT);
    },
  },
  {
    name: 'pages-answer',
    from: 'docs/examples/one-node-pages.numa.json',
    theme: 'light',
    size: { width: 1440, height: 590 },
    part: '.panel',
  },
  {
    name: 'doctor',
    from: 'test/fixtures/machines/lab-memless.tar.gz',
    theme: 'light',
    arrange: async ({ page }) => {
      await page.keyboard.press('d');
      await page.locator('.panel .dx-card').first().waitFor(PATIENT);
    },
  },
  {
    name: 'far-memory',
    from: 'docs/examples/two-sockets-far.numarec',
    theme: 'dark',
    arrange: async ({ page }) => {
      await page.locator('[role=slider]').waitFor(PATIENT);
    },
  },
];

async function take(browser: Browser, picture: Picture): Promise<void> {
  const { name, from, theme, size = SIZE, arrange, part } = picture;
  const { cli: server, address } = await serve(['--from', resolve(ROOT, from)]);
  try {
    const board = await openBoard(browser, address, size, THEMES[theme]);
    await board.pu(0).waitFor(PATIENT);
    await arrange?.(board);
    const shown = part === undefined ? board.page : board.page.locator(part).first();
    await still(board);
    const path = join(IMAGES, `${name}.png`);
    await shown.screenshot({ path });
    await board.page.close();
    console.log(path);
  } finally {
    await server.stop();
  }
}

/** A cell takes its colour in a moment. */
async function still({ page }: BoardPage): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
}

/** Where P lies, and the keys that carry C to the far socket. */
const PRODUCER = 'cpu 0';
const CARRY = ['c', 'PageDown', 'ArrowRight'];

async function carrying(board: BoardPage): Promise<void> {
  await board.action('place-producer').fill(PRODUCER);
  await board.action('place-producer').press('Enter');
  await board.sits('producer', PRODUCER);
  await board.page.keyboard.press('Escape');
  for (const key of CARRY) await board.page.keyboard.press(key);
  await board.page
    .locator('.np-pop')
    .getByText(/ ns one way, simulated from /)
    .waitFor(PATIENT);
}

/** The run of a simulated matrix, in a file of `folder`. */
async function simulated(matrix: string, topology: string, folder: string): Promise<string> {
  // The machine is called what its file is called.
  const machine = join(folder, basename(topology).split('.', 1).join('') + extname(topology));
  copyFileSync(topology, machine);
  const words = ['bench', 'matrix', '--from', machine, '--simulate', matrix, '--format', 'json'];
  const { code, stdout, stderr } = await cli(words);
  if (code !== 0) throw new Error(stderr);
  const run = join(folder, 'run.numa.json');
  writeFileSync(run, stdout);
  return run;
}

const [matrix, topology] = process.argv.slice(2);
if (matrix !== undefined && topology === undefined) {
  console.error('usage: npm run pictures [-- MATRIX.csv TOPOLOGY.xml]');
  process.exit(2);
}
mkdirSync(IMAGES, { recursive: true });
const folder = temporaryFolder('pictures');
const browser = await launchChromium();
try {
  for (const picture of PICTURES) await take(browser, picture);
  if (matrix !== undefined && topology !== undefined) {
    const from = await simulated(matrix, topology, folder);
    await take(browser, { name: 'cost-of-every-drop', from, theme: 'dark', arrange: carrying });
  }
} finally {
  await browser.close();
  removeFolder(folder);
}
