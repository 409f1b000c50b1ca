// Every state the page can be in is accessible: axe finds nothing in any of them; each is looked at in
// one of the four themes, in a long run in all of them.
import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { topologyFile } from '../support/dump.ts';
import { varied } from '../support/long.ts';
import { removeFolder } from '../support/processes.ts';
import { syntheticProbe } from '../unit/machines.ts';
import { violations } from './axe.ts';
import { OneBoard } from './one-board.ts';
import { openBoard, PATIENT, quick, serve, sharedBrowser, themesOf } from './page.ts';
import type { BoardPage, Served } from './page.ts';

const chromium = sharedBrowser();
let browser: Browser;
let own: Served;
let large: Served;
/** What axe takes grows with the cells; looks.test.ts has it look at 384 and 1,024. */
const CORES = varied(8, 24);
/** In node 4. */
const AMID = CORES * 12.5;
const file = topologyFile(
  syntheticProbe({
    ...{ packages: 4, nodesPerPackage: 2, diesPerPackage: 2, coresPerNode: CORES, threads: 2, l3PerNode: CORES / 8 },
  }),
);

const pages = {
  own: new OneBoard(() => openBoard(browser, own.address)),
  large: new OneBoard(() => openBoard(browser, large.address)),
};

before(async () => {
  browser = await chromium.open();
  own = await serve();
  large = await serve(['--from', file]);
});

after(async () => {
  for (const page of Object.values(pages)) await page.close();
  await chromium.leave();
  for (const served of [own, large]) await served.cli.stop();
  removeFolder(dirname(file));
});

async function place(board: BoardPage, role: string, words: string): Promise<void> {
  await board.action(`place-${role}`).fill(words);
  await board.action(`place-${role}`).press('Enter');
  await board.sits(role, words);
  await board.action(`place-${role}`).blur();
}

/** What is done before one looks; it ends in a state that was waited for. */
interface State {
  readonly name: string;
  readonly of: 'own' | 'large';
  reach(board: BoardPage): Promise<void>;
}

const press = (board: BoardPage, key: string): Promise<void> => board.page.keyboard.press(key);

const STATES: readonly State[] = [
  {
    name: 'the finder, with what it did not find',
    of: 'large',
    async reach(board) {
      await press(board, 'f');
      await board.action('find-field').fill('cpu 4000');
      await board.action('find-field').press('Enter');
      await board.page.getByText('There is no cpu 4000 here.').waitFor(PATIENT);
    },
  },
  {
    name: 'a token carried from near over a large machine',
    of: 'large',
    async reach(board) {
      await place(board, 'producer', 'cpu 0');
      await board.pu(1).focus();
      await press(board, 'z');
      await board.page.locator('.minimap').waitFor(PATIENT);
      await press(board, 'c');
      await press(board, 'Shift+ArrowRight');
      await board.page.getByText(/^Into .*node 1/).waitFor({ ...PATIENT, state: 'attached' });
    },
  },
  {
    name: 'victims of a CPU, numbered',
    of: 'large',
    async reach(board) {
      await board.pu(5).focus();
      await press(board, 'n');
      await board.page.locator('[data-cpu="5"][aria-label*="steals in this order"]').waitFor(PATIENT);
    },
  },
  {
    name: 'all keys',
    of: 'own',
    async reach(board) {
      await press(board, '?');
      await board.action('help-close').waitFor(PATIENT);
    },
  },
  {
    name: 'a run going on',
    of: 'own',
    async reach(board) {
      await place(board, 'producer', 'cpu 0');
      await place(board, 'consumer', `cpu ${String(Math.min(1, cpus().length - 1))}`);
      await quick(board, 50, '1 s');
      await board.action('run').click();
      await board.page
        .locator('.route.live')
        .first()
        .waitFor({ ...PATIENT, state: 'attached' });
    },
  },
  {
    name: 'a result',
    of: 'own',
    async reach(board) {
      await stop(board);
      await place(board, 'producer', 'cpu 0');
      await place(board, 'consumer', 'cpu 1');
      await quick(board, 3);
      await board.action('run').click();
      await board.action('export').waitFor(PATIENT);
    },
  },
  {
    name: 'the choice of a host',
    of: 'own',
    async reach(board) {
      await stop(board);
      await board.action('other-host').click();
      await board.action('target').waitFor(PATIENT);
    },
  },
];

/** Of one that is carried from near the map is seen, too, and of a machine with more to tell its tables are looked at in tables.test.ts. */
const MORE: readonly State[] = [
  {
    name: 'zoomed to a node, with the small map',
    of: 'large',
    async reach(board) {
      await board.pu(AMID).focus();
      await press(board, 'z');
      await board.page.locator('.minimap').waitFor(PATIENT);
      await board.page.getByText('Zoomed to node 4').waitFor({ ...PATIENT, state: 'attached' });
    },
  },
  {
    name: 'show everything as tables',
    of: 'own',
    async reach(board) {
      await press(board, 't');
      await board.page.locator('table').first().waitFor(PATIENT);
    },
  },
];

/** Ends what this page or another of the same board started. */
async function stop(board: BoardPage): Promise<void> {
  const shown = (name: string): Locator => board.page.locator(`[data-action="${name}"]:visible`).first();
  await shown('run').or(shown('stop')).first().waitFor(PATIENT);
  if (await shown('stop').isVisible()) await shown('stop').click();
  await shown('run').waitFor(PATIENT);
}

for (const [nth, state] of varied(STATES, [...STATES, ...MORE]).entries()) {
  test(`${state.name}: nothing for axe to find`, async () => {
    for (const [name, theme] of themesOf(nth))
      await pages[state.of].on(async (board) => {
        await board.page.emulateMedia(theme);
        // The page hears of its theme before the next frame.
        await board.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
        // The host that was left by the state before.
        const here = board.page.getByText('this machine', { exact: true });
        await board
          .pu(0)
          .or(here)
          .first()
          .waitFor({ ...PATIENT, state: 'attached' });
        if (await here.isVisible()) await here.click();
        await board.pu(0).waitFor({ ...PATIENT, state: 'attached' });
        for (const key of ['Escape', '0']) await press(board, key);
        await board.pu(0).waitFor(PATIENT);
        try {
          await state.reach(board);
          await board.screenshot(`state-${state.name.replaceAll(/\W+/g, '-')}-${name}`);
          assert.deepEqual(await violations(board), [], name);
        } finally {
          if (state.name === 'a run going on') await stop(board);
        }
      });
  });
}
