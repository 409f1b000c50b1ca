// Memory and huge pages in a browser: workers on whole parts of a machine, memory on several nodes, page sizes compared, exported.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { parseRun } from '../../src/protocol/run.ts';
import { indexTopology } from '../../src/model/topology/relation.ts';
import { memoryRun, withPages } from '../support/memory-run.ts';
import { noPool, poolFile, reserved, withPool } from '../support/pool.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { machine } from '../unit/topologies.ts';
import { boxOf, finishedExport, openBoard, PATIENT, quick, serve, sharedBrowser } from './page.ts';
import type { BoardPage } from './page.ts';

/** Four sockets of four CPUs, a node and an L3 each; cores are two CPUs. */
const FOUR_SOCKETS = fileURLToPath(new URL('../fixtures/machines/lab-4s.tar.gz', import.meta.url));
const exports_ = temporaryFolder('exports');
const chromium = sharedBrowser();
let browser: Browser;

before(async () => {
  browser = await chromium.open();
});
after(async () => {
  await chromium.leave();
  removeFolder(exports_);
});

test('workers are dropped on CPUs, nodes and sockets, added and taken away; the same by keys and by the field', async () => {
  const served = await serve(['--from', FOUR_SOCKETS]);
  const board = await openBoard(browser, served.address);
  const { keyboard, mouse } = board.page;
  try {
    await board.pu(0).waitFor(PATIENT);
    await chooseMemory(board);
    await board.drag(board.token('workers'), board.node(1));
    await board.sits('workers', 'cpus 4-7');
    await board.drag(board.token('workers'), board.pu(0));
    await board.sits('workers', 'cpus 0,4-7');
    await keyboard.down('Alt');
    await board.drag(board.token('workers'), board.pu(5));
    await keyboard.up('Alt');
    await board.sits('workers', 'cpus 0,4,6-7');
    const socket = await boxOf(board.page.getByText('Package 2', { exact: true }));
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
    const type = async (words: string): Promise<void> => {
      await board.action('place-workers').fill(words);
      await board.action('place-workers').press('Enter');
    };
    await type('all');
    await board.sits('workers', 'cpus 0-15');
    await type('node:9');
    await board.page.getByText('This host has no node:9. It has NUMA nodes 0-3.').waitFor(PATIENT);
    await type('l3:2');
    await board.sits('workers', 'cpus 8-11');
    for (const node of [0, 3]) await board.drag(board.token('memory'), board.node(node));
    await board.sits('memory', 'nodes 0,3');
    await board.screenshot('e2e-workers');
    assert.deepEqual(board.complaints, []);
  } finally {
    await board.close();
    await served.cli.stop();
  }
});

test('the page size on the memory token, in its chip and in the field is one, and no setting is lost', async () => {
  const served = await serve([], { XDG_STATE_HOME: temporaryFolder('state') });
  const board = await openBoard(browser, served.address);
  try {
    await board.pu(0).waitFor(PATIENT);
    await chooseMemory(board);
    await board.drag(board.token('workers'), board.pu(0));
    await board.drag(board.token('memory'), board.node(0));
    await board.sits('memory', 'node 0');
    await pageSizes(board);
    assert.deepEqual(board.complaints, []);
  } finally {
    await board.close();
    await served.cli.stop();
  }
});

/** The benchmark is chosen from the list, by keys. */
async function chooseMemory(board: BoardPage): Promise<void> {
  await board.action('benchmark').focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await board.page.keyboard.press(key);
  await board.token('workers').waitFor(PATIENT);
}

/** The chip of the memory token, in the tray and on the machine, and the field say the same, whichever was used. */
async function pageSizes(board: BoardPage): Promise<void> {
  const chip = board.action('setting-memory');
  const onNode = board.node(0).locator('[data-setting]');
  const field = board.action('pages');
  const is = async (short: string, value: string): Promise<void> => {
    const told = async (): Promise<string> =>
      [await chip.innerText(), (await onNode.textContent())?.trim(), await field.evaluate(valueOf)].join();
    await waitFor(async () => (await told()) === [short, short, value].join(), { what: `page size ${value}` });
  };
  await is('all', 'compare');
  await chip.click();
  await is('4k', '4k');
  await onNode.click();
  await is('THP', 'thp');
  await board.page.keyboard.press('s');
  await is('2m', '2m');
  await board.page.keyboard.press('Shift+S');
  await is('THP', 'thp');
  await field.press('ArrowUp');
  await field.press('ArrowUp');
  await field.press('Enter');
  await is('4k', '4k');
  await chip.press('ArrowUp');
  await is('all', 'compare');
  // Two settings within the time of one answer: neither is lost.
  await board.page.evaluate(() => {
    for (const [name, typed] of [
      ['size', '64 MB'],
      ['rounds', '9'],
    ]) {
      const input = document.querySelector<HTMLInputElement>(`[data-action=${String(name)}]`);
      if (!input) throw new Error(`no field ${String(name)}`);
      input.value = String(typed);
      input.dispatchEvent(new Event('change'));
    }
  });
  await board.page.getByText('9 rounds of 500 ms each').waitFor(PATIENT);
  await waitFor(async () => (await board.action('size').inputValue()) === '64 MB', {
    what: 'the size that was set first',
  });
}

const valueOf = (field: Element): unknown => (field as unknown as { value: unknown }).value;

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
      await quick(board, 3, '150 ms');
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
        // Whoever loads the page anew can still put them back.
        await board.page.reload(PATIENT);
        await panel.getByText('Pages of 2 MB on node 0: 2 reserved, 0 before').waitFor(PATIENT);
        await board.action('pool-put-back').click(PATIENT);
        await waitFor(() => reserved() === 0, { what: 'the pages to be put back' });
      }
      assert.deepEqual(board.complaints, []);
    } finally {
      await board.close();
      await served.cli.stop();
    }
  }));

test('on a machine of 384 CPUs: tokens on nodes, the page size on the token beside no CPU, a run in its sentence and export', async () => {
  const folder = temporaryFolder('run');
  const topology = withPages(machine({ packages: 2, nodesPerPackage: 4, coresPerNode: 24, threads: 2, l3PerNode: 3 }));
  const workers = indexTopology(topology).cpusOfNode.get(3) ?? [];
  writeFileSync(join(folder, 'run.numa.json'), JSON.stringify(memoryRun(topology, { workers, memory: [2, 3] })));
  const served = await serve(['--from', join(folder, 'run.numa.json'), '--to', folder]);
  const board = await openBoard(browser, served.address);
  try {
    await board.pu(383).waitFor({ ...PATIENT, state: 'attached' });
    await board.page.keyboard.press('3');
    await board.token('workers').waitFor(PATIENT);
    const placed = board.action('place-workers');
    const before = await placed.inputValue();
    await board.drag(board.token('workers'), board.node(6));
    await waitFor(async () => (await placed.inputValue()) !== before, { what: 'more workers' });
    await board.action('place-memory').fill('5-6');
    await board.action('place-memory').press('Enter');
    await board.sits('memory', 'nodes 5-6');
    const covered = await board.page.evaluate(() => {
      const chips = [...document.querySelectorAll('[data-setting] rect')].map((one) => one.getBoundingClientRect());
      const cpus = [...document.querySelectorAll('[data-cpu]')].map((one) => one.getBoundingClientRect());
      const over = chips.filter((a) =>
        cpus.some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom),
      );
      return { chips: chips.length, over: over.length };
    });
    assert.deepEqual(covered, { chips: 2, over: 0 });
    await board.page.locator('[data-run]').first().click();
    await board.page
      .getByText(/^Transparent huge pages cut random access over 1 GB on node 2 by 29 % /)
      .first()
      .waitFor(PATIENT);
    await board.screenshot('e2e-memory-384');
    await board.action('export').click();
    const exported = await waitFor(() => readdirSync(folder).find((name) => name.endsWith('-paper')), {
      what: 'a folder',
    });
    assert.match(
      readFileSync(join(folder, exported, 'report.md'), 'utf8'),
      /Transparent huge pages cut random access over 1 GB on node 2 by 29 %/,
    );
    assert.deepEqual(board.complaints, []);
  } finally {
    await board.close();
    await served.cli.stop();
    removeFolder(folder);
  }
});
