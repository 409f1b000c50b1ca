// `npm run pictures -- MATRIX.csv TOPOLOGY.xml`: the picture in README.md, of the real served page in Chromium: what every drop costs on the
// machine of a published matrix (core-to-core-latency's CSV, and the topology of the same machine, as `--from` takes it), by simulation.
// Such data are not part of this repository.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cli } from '../test/cli/cli.ts';
import { openBoard, PATIENT, serve, THEMES } from '../test/e2e/page.ts';
import { launchChromium } from '../test/support/chromium.ts';
import { removeFolder, temporaryFolder } from '../test/support/processes.ts';

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
const SIZE = { width: 1440, height: 900 };
/** Where P lies, and the keys that carry C to the far socket. */
const PRODUCER = 'cpu 0';
const CARRY = ['c', 'PageDown', 'ArrowRight'];

const [matrix, topology] = process.argv.slice(2);
if (!matrix || !topology) {
  console.error('usage: npm run pictures -- MATRIX.csv TOPOLOGY.xml');
  process.exit(2);
}
const folder = temporaryFolder('pictures');
try {
  // The machine is called what its file is called.
  const machine = join(folder, basename(topology).split('.', 1).join('') + extname(topology));
  copyFileSync(topology, machine);
  const { code, stdout, stderr } = await cli([
    'bench',
    'matrix',
    '--from',
    machine,
    '--simulate',
    matrix,
    '--format',
    'json',
  ]);
  if (code !== 0) throw new Error(stderr);
  const run = join(folder, 'run.numa.json');
  writeFileSync(run, stdout);
  await picture(run, join(IMAGES, 'cost-of-every-drop.png'));
} finally {
  removeFolder(folder);
}

async function picture(run: string, path: string): Promise<void> {
  const { cli: server, address } = await serve(['--from', run]);
  const browser = await launchChromium();
  try {
    const board = await openBoard(browser, address, SIZE, THEMES.dark);
    await board.action('place-producer').fill(PRODUCER);
    await board.action('place-producer').press('Enter');
    await board.sits('producer', PRODUCER);
    await board.page.keyboard.press('Escape');
    for (const key of CARRY) await board.page.keyboard.press(key);
    await board.page
      .locator('.np-pop')
      .getByText(/ ns one way, simulated from /)
      .waitFor(PATIENT);
    // A cell takes its colour in a moment.
    await board.page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
    mkdirSync(IMAGES, { recursive: true });
    await board.page.screenshot({ path });
    console.log(path);
  } finally {
    await browser.close();
    await server.stop();
  }
}
