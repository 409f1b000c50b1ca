// What a person types and places while the board still answers to what came before: nothing of it is lost, whatever comes late.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { memoryRun } from '../support/memory-run.ts';
import { varied } from '../support/long.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { twoSockets } from '../unit/topologies.ts';
import { openBoard, PATIENT, serve, sharedBrowser } from './page.ts';
import type { BoardPage, Served } from './page.ts';

const folder = temporaryFolder('late');
const chromium = sharedBrowser();
let [browser, served]: [Browser | undefined, Served | undefined] = [undefined, undefined];

const open = async (): Promise<BoardPage> => {
  assert.ok(browser && served);
  const board = await openBoard(browser, served.address);
  await board.token('workers').waitFor(PATIENT);
  return board;
};

const type = async (board: BoardPage, role: string, words: string): Promise<void> => {
  await board.action(`place-${role}`).fill(words);
  await board.action(`place-${role}`).press('Enter');
};

before(async () => {
  browser = await chromium.open();
  const file = join(folder, 'run.numa.json');
  writeFileSync(file, JSON.stringify(memoryRun(twoSockets(), { workers: [0, 1], memory: [0, 1] })));
  served = await serve(['--from', file]);
});
after(async () => {
  await chromium.leave();
  await served?.cli.stop();
  removeFolder(folder);
});

test('a token placed while the run’s tokens are still being put there stays where it was placed', async () => {
  const board = await open();
  const held: (() => void)[] = [];
  let slow = false;
  await board.page.routeWebSocket(/socket$/, (page) => {
    const server = page.connectToServer();
    server.onMessage((message) => {
      if (slow) held.push(() => page.send(message));
      else page.send(message);
    });
  });
  await board.page.reload(PATIENT);
  await board.sits('memory', 'nodes 0-1');
  slow = true;
  await type(board, 'workers', 'node:1');
  await type(board, 'memory', '1');
  slow = false;
  for (const tell of held) tell();
  await board.sits('workers', 'cpus 4-7,12-15');
  await board.sits('memory', 'node 1');
  assert.deepEqual(board.complaints, []);
  await board.page.close();
});

test('what is being typed stays while the board below it changes, and counts when Enter is pressed; Escape shows the board', async () => {
  const [board, other] = [await open(), await open()];
  const field = board.action('place-memory');
  /** In the other tab, until it is drawn in this one. */
  const place = async (node: number): Promise<void> => {
    await type(other, 'memory', String(node));
    await board
      .node(node)
      .locator('[data-token=memory]')
      .waitFor({ ...PATIENT, state: 'attached' });
    await board
      .node(1 - node)
      .locator('[data-token=memory]')
      .waitFor({ ...PATIENT, state: 'detached' });
  };
  // From here on both show what is placed, not the run.
  await type(board, 'memory', '1');
  await board.sits('memory', 'node 1');
  await field.fill('0-1');
  await place(0);
  assert.equal(await field.inputValue(), '0-1');
  await field.press('Enter');
  await board.sits('memory', 'nodes 0-1');
  await other.sits('memory', 'nodes 0-1');
  await type(board, 'memory', '7');
  await board.page.getByText('This host has no NUMA node 7.').first().waitFor(PATIENT);
  await place(1);
  assert.equal(await field.inputValue(), '7', 'also what is wrong, while it is being mended');
  await field.press('Escape');
  await board.sits('memory', 'node 1');
  assert.deepEqual([...board.complaints, ...other.complaints], []);
  for (const one of [board, other]) await one.close();
});

test('before its later part has come the page takes keys, clicks and wheel, and says where that part does not come', async () => {
  assert.ok(browser);
  // Of a machine with a run its sentence is waited for: this one stands there at once.
  const empty = await serve(['--from', 'pack:2 numa:1 l3:1 core:4 pu:2']);
  const board = await openBoard(browser, empty.address);
  const { page } = board;
  const near = page.locator('.board.near');
  const LATER = /board-later-\w+\.js$/;
  const CASES: [act: () => Promise<void>, done: Locator][] = [
    [() => page.keyboard.press('+'), near],
    ...varied<[() => Promise<void>, Locator][]>([], [[() => board.action('zoom-in').press('Enter'), near]]),
    [
      async () => {
        await board.pu(0).hover(PATIENT);
        await page.mouse.wheel(0, -200);
      },
      near,
    ],
    [() => board.action('table').press('Enter'), page.locator('.tables table').first()],
    [
      async () => {
        await board.action('benchmark').focus();
        for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
      },
      board.token('workers'),
    ],
  ];
  for (const [act, done] of CASES) {
    let letCome = (): void => undefined;
    const wait = new Promise<void>((resolve) => (letCome = resolve));
    await page.evaluate(() => sessionStorage.clear());
    await page.route(LATER, (route) => wait.then(() => route.continue()));
    await page.reload(PATIENT);
    await board.pu(0).waitFor(PATIENT);
    await act();
    assert.equal(await done.count(), 0);
    letCome();
    await done.waitFor(PATIENT);
    await page.unroute(LATER);
  }
  assert.deepEqual(board.complaints, []);
  await page.route(LATER, (route) => route.abort());
  await page.reload(PATIENT);
  await page.getByText('A part of this page could not be loaded.').first().waitFor(PATIENT);
  await board.pu(0).waitFor(PATIENT);
  await board.close();
  await empty.cli.stop();
});
