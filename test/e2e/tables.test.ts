// The board as tables, and its legend: everything is there, axes follow the machine, heat is read in all themes, the page never scrolls.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { dumpOf } from '../support/dump.ts';
import { removeFolder, waitFor } from '../support/processes.ts';
import { syntheticProbe } from '../unit/machines.ts';
import { violations } from './axe.ts';
import { OneBoard } from './one-board.ts';
import { boxOf, openBoard, PATIENT, serve, sharedBrowser, themesOf } from './page.ts';
import type { BoardPage, Served } from './page.ts';

/** Four packages and a CXL node near the first, distances as in a ring, one of them not the same both ways. */
const RING = {
  packages: 4,
  coresPerNode: 4,
  threads: 2,
  cpulessNodes: 1,
  rated: true,
  offline: [31],
  allowed: '0-29',
  distances: [
    [10, 21, 31, 21, 14],
    [21, 10, 21, 31, 24],
    [31, 28, 10, 21, 24],
    [21, 31, 21, 10, 24],
    [14, 24, 24, 24, 10],
  ],
};
const MANY = { packages: 8, nodesPerPackage: 2, coresPerNode: 4, threads: 2 };

const chromium = sharedBrowser();
let browser: Browser;
const served: Served[] = [];
const folders = [RING, MANY].map((shape) => dumpOf(syntheticProbe(shape)));

before(async () => {
  browser = await chromium.open();
  for (const folder of folders) served.push(await serve(['--from', folder]));
});

after(async () => {
  for (const page of pages) await page.close();
  await chromium.leave();
  for (const { cli } of served) await cli.stop();
  folders.forEach(removeFolder);
});

const WIDE = { width: 1440, height: 900 };
const pages = [0, 1].map((machine) => new OneBoard(() => openBoard(browser, served[machine]?.address ?? '')));

/** A page of a machine, which shows its tables. */
const on = (machine: 0 | 1, work: (board: BoardPage) => Promise<void>, size = WIDE): Promise<void> =>
  pages[machine]?.on(async (board) => {
    await board.page.setViewportSize(size);
    const table = board.page.locator('[data-table]');
    await board.page.locator('[data-cpu="0"]:visible, [data-table]:visible').first().waitFor(PATIENT);
    if (!(await table.isVisible())) await board.page.keyboard.press('t');
    await table.waitFor(PATIENT);
    await work(board);
  }) ?? assert.fail();

const called = (board: BoardPage, caption: string): Locator =>
  board.page.locator('table', { has: board.page.locator('caption', { hasText: caption }) });
const texts = async (cells: Locator): Promise<string[]> => (await cells.allTextContents()).map((text) => text.trim());

test('the legend names the shapes that the machine has, and no others', async () => {
  for (const machine of [0, 1] as const) {
    await on(machine, async (board) => {
      const legend = board.page.getByRole('list', { name: 'Legend of the board' });
      // Tables need none; it may go a moment after they come.
      await legend.waitFor({ ...PATIENT, state: 'hidden' });
      await board.page.keyboard.press('t');
      await legend.waitFor(PATIENT);
      const states = machine === 0 ? ['disallowed: outside the cpuset', 'offline'] : [];
      const shapes = [...states, 'memory in use', 'free', 'L3, L2, L1d cache'];
      assert.deepEqual(await texts(legend.getByRole('listitem')), shapes);
    });
  }
});

test('distances stand in the order of the machine, the number in each cell, and what is uneven is said', () =>
  on(0, async (board) => {
    const distances = called(board, 'Distances between nodes');
    assert.deepEqual(await texts(distances.locator('tbody th')), ['node 0', 'node 4', 'node 1', 'node 2', 'node 3']);
    assert.deepEqual((await texts(distances.locator('thead tr').last().locator('th'))).slice(1), [
      '0',
      '4',
      '1',
      '2',
      '3',
    ]);
    assert.deepEqual(await texts(distances.locator('tbody tr').nth(3).locator('td')), [
      '31',
      '24',
      '\u226028',
      '10',
      '21',
    ]);
    const steps = await distances
      .locator('tbody tr')
      .first()
      .locator('td')
      .evaluateAll((cells) =>
        cells.map((cell) => [1, 2, 3, 4, 5, 6].find((step) => cell.classList.contains(`h${String(step)}`)) ?? 0),
      );
    assert.equal(steps[0], 0, 'the node itself carries no heat');
    assert.ok((steps[1] ?? 0) < (steps[2] ?? 0) && (steps[2] ?? 0) < (steps[3] ?? 0), 'farther is stronger');
    await board.page.getByText('node 1 to 2 is 21, back 28').waitFor(PATIENT);
    await board.page.getByText('Reported by firmware (ACPI SLIT), not measured').waitFor(PATIENT);
    const rated = called(board, 'Rated access to memory');
    assert.deepEqual((await texts(rated.locator('tbody tr').nth(1).locator('td'))).slice(0, 2), ['node 0', '250']);
    await board.page.getByText('Reported by firmware (ACPI HMAT), never measured').waitFor(PATIENT);
  }));

test('every part of the machine has its row, and the list at the head leads there', () =>
  on(0, async (board) => {
    const rows = (caption: string): Promise<number> => called(board, caption).locator('tbody tr').count();
    const counts = { 'NUMA nodes': 5, Packages: 4, Cores: 16, CPUs: 32, Caches: 52, Placed: 3 };
    for (const [caption, count] of Object.entries(counts)) assert.equal(await rows(caption), count, caption);
    const cpus = called(board, 'CPUs').locator('tbody tr');
    assert.deepEqual((await texts(cpus.nth(16).locator('td'))).slice(0, 4), ['L#1', 'P#0', 'P#0', 'P#0']);
    // Of a recording there is no live column.
    assert.deepEqual((await texts(cpus.nth(30).locator('td'))).slice(4), ['disallowed: outside the cpuset']);
    assert.deepEqual((await texts(cpus.nth(31).locator('td')))[0], 'none: offline');
    const toc = board.page.getByRole('navigation', { name: 'Tables' });
    await toc.getByRole('button', { name: 'CPUs' }).click();
    const below = async (): Promise<number> =>
      (await boxOf(called(board, 'CPUs'))).y - (await boxOf(board.page.locator('.sheet'))).y;
    await waitFor(async () => Math.abs(await below()) < 24, { what: 'the table at the head of the region' });
    await board.action('place-producer').fill('cpu 5');
    await board.action('place-producer').press('Enter');
    await called(board, 'Placed').locator('td', { hasText: 'P#5' }).waitFor(PATIENT);
  }));

test('where the followed process has its pages stands there, by node, and lives', async () => {
  const own = await serve();
  const board = await openBoard(browser, own.address);
  try {
    await board.pu(0).waitFor(PATIENT);
    await board.action('heat-process').click();
    await board.action('follow').fill(String(own.cli.child.pid));
    await board.action('follow').press('Enter');
    await board.page.keyboard.press('Escape');
    await board.action('table').click();
    const pages = called(board, `(process ${String(own.cli.child.pid)}) by node`);
    await pages.locator('tbody tr', { hasText: /node 0[\d.]+ [MG]B/ }).waitFor(PATIENT);
    await called(board, 'CPUs')
      .locator('td', { hasText: /^\d+ %$/ })
      .first()
      .waitFor(PATIENT);
  } finally {
    await board.close();
    await own.cli.stop();
  }
});

test('sixteen nodes in a narrow window: the table scrolls in its own region, its rows keep their names', () =>
  on(
    1,
    async (board) => {
      const region = board.page.getByRole('region', { name: 'Distances between nodes' });
      await region.scrollIntoViewIfNeeded();
      const seen = await region.evaluate((wide) => {
        wide.scrollLeft = wide.scrollWidth;
        const [name, own] = [wide.querySelector('tbody th'), wide.getBoundingClientRect()];
        const page = document.documentElement;
        return {
          scrolled: wide.scrollLeft,
          name: (name?.getBoundingClientRect().left ?? 0) - own.left,
          within: own.right <= innerWidth,
          page: page.scrollWidth > innerWidth || page.scrollHeight > innerHeight,
        };
      });
      assert.ok(seen.scrolled > 0);
      assert.deepEqual([seen.name, seen.within, seen.page], [0, true, false]);
      await region.focus();
      assert.ok(await region.evaluate((wide) => wide === document.activeElement), 'keys reach it');
      await board.screenshot('tables-narrow');
    },
    { width: 700, height: 900 },
  ));

for (const [name, theme] of themesOf(2)) {
  test(`tables in the theme ${name}: axe finds nothing`, () =>
    on(
      0,
      async (board) => {
        await board.page.emulateMedia(theme);
        await board.screenshot(`tables-${name}`);
        assert.deepEqual(await violations(board), []);
      },
      { width: 1440, height: 2400 },
    ));
}
