// Looking at a large machine from near: zoom, pan, the small map, finding a CPU, and that drops still land where one points.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import { stealOrders } from '../../src/model/steal/order.ts';
import { topologyFile } from '../support/dump.ts';
import { removeFolder, waitFor } from '../support/processes.ts';
import { syntheticProbe } from '../unit/machines.ts';
import type { MachineShape } from '../unit/machines.ts';
import { OneBoard } from './one-board.ts';
import { boxOf, openBoard, PATIENT, serve, sharedBrowser } from './page.ts';
import type { BoardPage, Served } from './page.ts';

const chromium = sharedBrowser();
let browser: Browser;
let served: Served;
const SHAPE: MachineShape = {
  ...{ packages: 4, nodesPerPackage: 2, coresPerNode: 64, threads: 2, l3PerNode: 8, offline: [77] },
};
const file = topologyFile(syntheticProbe(SHAPE));

before(async () => {
  browser = await chromium.open();
  served = await serve(['--from', file]);
});

after(async () => {
  await one.close();
  await chromium.leave();
  await served.cli.stop();
  removeFolder(dirname(file));
});

const one = new OneBoard(() => openBoard(browser, served.address));

/** At fit, whatever the test before was near to. */
const onBoard = (work: (board: BoardPage) => Promise<void>): Promise<void> =>
  one.on(async (board) => {
    // From near it may be out of sight.
    await board.pu(0).waitFor({ ...PATIENT, state: 'attached' });
    for (const key of ['Escape', '0']) await board.page.keyboard.press(key);
    await board.pu(0).waitFor(PATIENT);
    await map(board).waitFor({ ...PATIENT, state: 'hidden' });
    await work(board);
  });

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Once two looks in a row show it at the same place. */
async function settled(what: Locator): Promise<Rect> {
  let last: Rect | null = null;
  return waitFor(
    async () => {
      const now = await what.boundingBox();
      const same = now?.x === last?.x && now?.y === last?.y && now?.width === last?.width;
      last = now;
      await what.page().waitForTimeout(250);
      return same ? now : null;
    },
    { what: 'a picture that stands still' },
  );
}

/** Opens the finder and asks it for `what`. */
async function find(board: BoardPage, what: string): Promise<void> {
  await board.page.keyboard.press('f');
  await board.action('find-field').fill(what);
  await board.action('find-field').press('Enter');
}

const map = (board: BoardPage): Locator => board.page.locator('.minimap');

test('finds a CPU by its number: near, with the focus, and said', () =>
  onBoard(async (board) => {
    assert.ok(!(await map(board).isVisible()), 'at fit all is seen');
    await find(board, 'cpu 4000');
    await board.page.getByText('There is no cpu 4000 here.').waitFor(PATIENT);
    await board.action('find-field').fill('1023');
    await board.action('find-field').press('Enter');
    await waitFor(() => board.pu(1023).evaluate((cell) => cell === document.activeElement), { what: 'its focus' });
    await board.page.getByText(/^Found P#1023/).waitFor({ ...PATIENT, state: 'attached' });
    const [cell, zone] = [await settled(board.pu(1023)), await boxOf(board.page.locator('.board'))];
    assert.ok(cell.x >= zone.x && cell.x + cell.width <= zone.x + zone.width, 'on the board');
    assert.ok(cell.width >= 36, `wide enough to be read: ${cell.width}`);
    await board.page.locator('[data-cpu="1023"] .name', { hasText: '1023' }).waitFor(PATIENT);
    assert.ok(await map(board).isVisible());
    await board.screenshot('near-found');
  }));

test('numbers CPUs as lstopo does when asked, finds them by those numbers, and keeps to it', () =>
  onBoard(async (board) => {
    await board.page.keyboard.press('l');
    await board.page.locator('[data-action="numbers"]', { hasText: 'L#lstopo' }).waitFor(PATIENT);
    await find(board, 'L#1023');
    await board.page.getByText('There is no L#1023 here.').waitFor(PATIENT);
    // The sibling of core 1: its second thread is CPU 513, the fourth as lstopo counts.
    await board.action('find-field').fill('3');
    await board.action('find-field').press('Enter');
    await board.page.getByText(/^Found L#3, P#513, core 1/).waitFor({ ...PATIENT, state: 'attached' });
    await board.page.locator('[data-cpu="513"] .name', { hasText: /^(L#)?3$/ }).waitFor(PATIENT);
    await board.screenshot('near-logical');
    await board.page.reload();
    await waitFor(async () => (await board.pu(513).getAttribute('aria-label'))?.startsWith('L#3') === true, {
      what: 'the same numbers after a reload',
    });
    await board.page.keyboard.press('l');
    await board.page.locator('[data-cpu="513"][aria-label^="P#513"]').waitFor(PATIENT);
  }));

test('whom a CPU steals from is numbered on the machine: by key and pointer, in the order of the model, and said', () =>
  onBoard(async (board) => {
    const topology = readTopology(syntheticProbe(SHAPE));
    const workers = topology.cpus.filter(({ online, allowed }) => online && allowed).map(({ id }) => id);
    const order = (thief: number): number[] =>
      stealOrders(topology, workers)
        .workers.find(({ cpu }) => cpu === thief)
        ?.victims.slice() ?? assert.fail();
    const numbered = async (thief: number): Promise<void> => {
      await board.page
        .locator(`[data-cpu="${String(thief)}"][aria-label*="steals in this order: 1 same core"]`)
        .waitFor(PATIENT);
      const victims = order(thief);
      for (const place of [1, 2, 200, victims.length]) {
        const said = `[data-cpu="${String(victims[place - 1])}"][aria-label*=" ${String(place)} in the steal order of cpu ${String(thief)}"]`;
        await board.page.locator(said).waitFor(PATIENT);
      }
    };
    await board.pu(300).focus();
    await board.page.keyboard.press('n');
    await board.page
      .getByText(/^cpu 300 steals first from cpu \d+, same core; then from/)
      .waitFor({ ...PATIENT, state: 'attached' });
    await numbered(300);
    await board.page.locator('.legend[aria-label^="Legend: Victims of cpu 300"]').waitFor(PATIENT);
    // Out of the cpuset, or offline: it stays whose they are.
    await board.pu(77).focus();
    await numbered(300);
    await board.pu(5).hover();
    await numbered(5);
    await board.page.locator('.np-pop', { hasText: 'cpu 5 steals' }).waitFor(PATIENT);
    await board.screenshot('near-victims');
    await board.page.keyboard.press('Escape');
    await board.page
      .locator('[aria-label*="in the steal order"]')
      .first()
      .waitFor({ ...PATIENT, state: 'detached' });
  }));

test('zooms to the node of the focus and back, and the small map leads elsewhere', () =>
  onBoard(async (board) => {
    const far = await settled(board.pu(0));
    await board.pu(0).focus();
    await board.page.keyboard.press('z');
    await waitFor(async () => (await settled(board.pu(0))).width > far.width * 1.5, { what: 'a larger CPU 0' });
    await board.screenshot('near-node');
    const bar = await settled(board.node(0));
    const corner = await boxOf(map(board));
    await board.page.mouse.move(corner.x + 20, corner.y + 20);
    await board.page.mouse.down();
    await board.page.mouse.move(corner.x + corner.width - 12, corner.y + corner.height - 12, { steps: 5 });
    await board.page.mouse.up();
    const panned = await settled(board.node(0));
    assert.ok(panned.x < bar.x - 200 && panned.y < bar.y - 100, 'node 0 went off to the upper left');
    assert.equal(panned.width, bar.width, 'as near as before');
    await board.page.keyboard.press('z');
    // The line of the focus makes it a little wider.
    await waitFor(async () => Math.abs((await settled(board.pu(0))).x - far.x) < 2, { what: 'CPU 0 where it was' });
    assert.ok(!(await map(board).isVisible()));
  }));

test('a token dropped on a machine that was zoomed and panned lands where one points', () =>
  onBoard(async (board) => {
    await find(board, 'cpu 500');
    const start = await settled(board.pu(500));
    const zone = await boxOf(board.page.locator('.board'));
    const [x, y] = [zone.x + zone.width / 2, zone.y + 12];
    await board.page.mouse.move(x, y);
    await board.page.mouse.down();
    await board.page.mouse.move(x + 60, y + 40, { steps: 4 });
    await board.page.mouse.up();
    const moved = await settled(board.pu(500));
    assert.ok(
      Math.abs(moved.x - start.x - 60) < 2 && Math.abs(moved.y - start.y - 40) < 2,
      'the picture follows the pointer',
    );
    await board.drag(board.token('consumer'), board.pu(500));
    await board.sits('consumer', 'cpu 500');
  }));

test('what comes into sight while one pans shows its number at once, and what it is called was true all the while', () =>
  onBoard(async (board) => {
    await find(board, 'cpu 500');
    await settled(board.pu(500));
    // Out of sight there is nothing to paint, and all to be told.
    const drawn = (): Promise<number> => board.page.locator('.cell .pu:visible').count();
    assert.ok((await drawn()) < 512, `far fewer than 1,024 are drawn: ${await drawn()}`);
    assert.equal(await board.page.locator('.cell[aria-label^="P#1023"]').count(), 1);
    const zone = await boxOf(board.page.locator('.board'));
    // The test before may have left a token on CPU 500, amid the board: the bar above the cells has nothing to take.
    const [x, y] = [zone.x + zone.width / 2, zone.y + 12];
    const namesOf = (): Promise<string[]> => board.page.locator('.cell .pu:visible ~ .name').allTextContents();
    const before = new Set(await namesOf());
    await board.page.mouse.move(x, y);
    await board.page.mouse.down();
    // CPU 500 is at the lower right: there is more of the machine the other way.
    await board.page.mouse.move(x + 300, y + 150, { steps: 12 });
    const after = await waitFor(
      async () => {
        const names = await namesOf();
        return names.some((name) => name !== '' && !before.has(name)) ? names : null;
      },
      { what: 'other cells in sight' },
    );
    assert.ok(!after.includes(''), `every cell that is seen carries its number: ${after.join(' ')}`);
    await board.page.mouse.up();
    await board.page.keyboard.press('0');
    await waitFor(async () => (await drawn()) >= 1023, { what: 'all cells at fit' });
  }));
