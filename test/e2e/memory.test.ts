// Memory and huge pages in a browser: workers on whole parts of a machine, memory on several nodes, page sizes compared, exported.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { parseRun } from '../../src/protocol/run.ts';
import { noPool, poolFile, reserved, withPool } from '../support/pool.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { finishedExport, launchChromium, openBoard, PATIENT, quick, serve } from './page.ts';

/** Four sockets of four CPUs, a node and an L3 each; cores are two CPUs. */
const FOUR_SOCKETS = fileURLToPath(new URL('../fixtures/machines/lab-4s.tar.gz', import.meta.url));
const exports_ = temporaryFolder('exports');
let browser: Browser;

before(async () => {
  browser = await launchChromium();
});
after(async () => {
  await browser.close();
  removeFolder(exports_);
});

test('workers are dropped on CPUs, nodes and sockets, added and taken away; the same by keys and by the field', async () => {
  const served = await serve(['--from', FOUR_SOCKETS]);
  const board = await openBoard(browser, served.address);
  const { keyboard, mouse } = board.page;
  try {
    await board.pu(0).waitFor(PATIENT);
    // The benchmark is chosen from the list, by keys.
    await board.action('benchmark').focus();
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await board.token('workers').waitFor(PATIENT);
    await board.drag(board.token('workers'), board.node(1));
    await board.sits('workers', 'cpus 4-7');
    await board.drag(board.token('workers'), board.pu(0));
    await board.sits('workers', 'cpus 0,4-7');
    await keyboard.down('Alt');
    await board.drag(board.token('workers'), board.pu(5));
    await keyboard.up('Alt');
    await board.sits('workers', 'cpus 0,4,6-7');
    const socket = await board.page.getByText('Package 2', { exact: true }).boundingBox();
    assert.ok(socket);
    await board.token('workers').hover();
    await mouse.down();
    await mouse.move(socket.x + socket.width + 12, socket.y + socket.height / 2, { steps: 12 });
    await mouse.up();
    await board.sits('workers', 'cpus 0,4,6-11');
    await keyboard.press('Control+z');
    await board.sits('workers', 'cpus 0,4,6-7');
    // By keys: to CPU 12, wider to its core, wider to its L3; then the core is taken away.
    for (const key of ['w', '1', '2', '+', '+', 'Enter']) await keyboard.press(key);
    await board.sits('workers', 'cpus 0,4,6-7,12-15');
    for (const key of ['w', '1', '3', '+', 'Alt+Enter']) await keyboard.press(key);
    await board.sits('workers', 'cpus 0,4,6-7,14-15');
    await board.action('place-workers').fill('8-11');
    await board.action('place-workers').press('Enter');
    await board.sits('workers', 'cpus 8-11');
    for (const node of [0, 3]) await board.drag(board.token('memory'), board.node(node));
    await board.sits('memory', 'nodes 0,3');
    await board.page.getByText('Do huge pages help, and on which node?').first().waitFor(PATIENT);
    await board.screenshot('e2e-workers');
    assert.deepEqual(board.complaints, []);
  } finally {
    await board.page.close();
    await served.cli.stop();
  }
});

/** Where pages may not be reserved, only what can be had is compared. */
test('question 3 places tokens, missing pages are reserved, page sizes compared and exported, the pages put back', () =>
  withPool(async () => {
    if (noPool === false) writeFileSync(poolFile, '0');
    const served = await serve(['--to', exports_], { XDG_STATE_HOME: temporaryFolder('state') });
    const board = await openBoard(browser, served.address);
    const panel = board.page.locator('.panel');
    try {
      await board.pu(0).waitFor(PATIENT);
      await board.page.keyboard.press('3');
      await board.token('workers').waitFor(PATIENT);
      await board.sits('memory', 'node 0');
      await board.action('size').fill('4 MB');
      await board.action('size').press('Enter');
      await quick(board, 3, '20 ms');
      if (noPool === false) {
        await panel.getByText('2 MB pages: 2 needed on node 0, 0 free').waitFor(PATIENT);
        await board.action('reserve-2m').click(PATIENT);
        await board.page.getByText(/nr_hugepages goes from 0 to 2/).waitFor(PATIENT);
        await board.screenshot('e2e-reserve');
        await board.action('pool-reserve-run').click(PATIENT);
      } else await board.action('run').click(PATIENT);
      await board.action('export').waitFor(PATIENT);
      const sizes = ['4 KB pages', 'Transparent huge pages', ...(noPool === false ? ['2 MB pages'] : [])];
      for (const words of ['Memory latency', 'Memory bandwidth', ...sizes]) {
        await panel.getByText(words).first().waitFor(PATIENT);
      }
      await board.screenshot('e2e-memory-result');
      await board.action('export').click();
      const folder = await waitFor(() => finishedExport(exports_), { what: 'an exported folder' });
      const run = parseRun(readFileSync(join(exports_, folder, 'run.numa.json'), 'utf8'));
      assert.equal(run.results.length, 2 * sizes.length);
      assert.ok(run.results.every(({ placement }) => placement.kind === 'memory'));
      assert.match(readFileSync(join(exports_, folder, 'report.md'), 'utf8'), /Do huge pages help/);
      if (noPool === false) {
        assert.equal(reserved(), 2);
        await board.action('pool-put-back').click(PATIENT);
        await waitFor(() => reserved() === 0, { what: 'the pages to be put back' });
      }
      assert.deepEqual(board.complaints, []);
    } finally {
      await board.page.close();
      await served.cli.stop();
    }
  }));
