// The page of an emulated host of four sockets, as a person without a server would try it: placed by mouse and by keyboard,
// measured, seen live, exported; with pictures of it in four themes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { parseRun } from '../../src/protocol/run.ts';
import { bringProgram } from '../support/brought.ts';
import { bootLab, type LabHost } from '../support/lab.ts';
import { varied } from '../support/long.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { byKeyboard, byMouse, endsByKeyboard, HOLDER, isAccessible, liesOn } from './moving-pages.ts';
import { OneBoard } from './one-board.ts';
import { startProgram } from './own-program.ts';
import { finishedExport, openBoard, PATIENT, quick, serve, sharedBrowser, themesOf } from './page.ts';
import type { BoardPage, Served } from './page.ts';
import { decided, laidOutByKeys } from './two-pools.ts';

let lab: LabHost;
const chromium = sharedBrowser();
let browser: Browser;
let served: Served;
/** Left on node 0: buffers of 16 MiB. */
const FREE_KB = 100 * 1024;
const exports_ = temporaryFolder('exports');

before(async () => {
  lab = await bootLab('4s');
  browser = await chromium.open();
  // Of what is free on the fullest node a board takes a quarter for each buffer: an emulator brings in memory slowly.
  await lab.ask(
    'root',
    `cd /sys/devices/system/node/node0 && free=$(awk '/MemFree/ { print $4 }' meminfo) &&
     echo $(((free - ${String(FREE_KB)}) / 2048)) >hugepages/hugepages-2048kB/nr_hugepages`,
  );
  served = await serve(['--host', lab.alias('bench'), '--ssh-config', lab.sshConfig, '--to', exports_]);
});

after(async () => {
  await one.close();
  await chromium.leave();
  await served.cli.stop();
  await lab.stop();
  removeFolder(exports_);
});

/** What it looked like, on the page and on the host, is kept for whoever reads the log. */
async function failed(board: BoardPage, name: string, error: unknown): Promise<never> {
  await board.screenshot(`failed-four-sockets-${name}`);
  console.error(lab.console());
  throw error;
}

const one = new OneBoard(() => openBoard(browser, served.address));

const onBoard = (name: string, work: (board: BoardPage) => Promise<void>): Promise<void> =>
  one.on(async (board) => {
    try {
      await board.pu(15).waitFor(PATIENT);
      await work(board);
    } catch (error) {
      await failed(board, name, error);
    }
  });

test('four packages, their distances, and the word emulated', async () => {
  await onBoard('seen', async (board) => {
    for (let cpu = 0; cpu < 16; cpu++) assert.equal(await board.pu(cpu).count(), 1, `CPU ${String(cpu)}`);
    for (let node = 0; node < 4; node++) assert.equal(await board.node(node).count(), 1, `node ${String(node)}`);
    const words = await board.page.locator('body').innerText();
    for (const part of ['Package 0', 'Package 3', 'emulated', '16', '22', '28']) assert.ok(words.includes(part), part);
  });
});

test('from socket to socket: dragged, measured, answered, exported; every figure is marked', async () => {
  await onBoard('run', async (board) => {
    await board.drag(board.token('producer'), board.pu(0));
    await board.sits('producer', 'cpu 0');
    await board.drag(board.token('consumer'), board.pu(8));
    await board.sits('consumer', 'cpu 8');
    await board.drag(board.token('memory'), board.node(3));
    await board.sits('memory', 'node 3');
    await board.screenshot('four-sockets-placed');
    await quick(board, 2, '1 s');
    await board.action('run').click(PATIENT);
    // While it runs the producer's CPU is seen to work.
    await waitFor(async () => /[1-9]\d? %|100 %/.test((await board.pu(0).getAttribute('aria-label')) ?? ''), {
      what: 'heat on CPU 0',
      timeoutMs: PATIENT.timeout,
    });
    await board.screenshot('four-sockets-running');
    await board.action('export').waitFor(PATIENT);
    await board.page
      .getByText(/emulated host/)
      .first()
      .waitFor(PATIENT);
    await board.action('export').click();
    const folder = await waitFor(() => finishedExport(exports_), { what: 'an exported folder' });
    const read = (name: string): string => readFileSync(join(exports_, folder, name), 'utf8');
    const run = parseRun(read('run.numa.json'));
    assert.deepEqual(run.results[0]?.seen.cpus, { producer: '0', consumer: '8' });
    assert.deepEqual(Object.keys(run.results[0].seen.nodes), ['3']);
    for (const { emulated, valid, why } of run.results) assert.ok(emulated && valid, why ?? '');
    assert.match(run.verdict?.sentence ?? '', /emulated/);
    assert.match(read('report.md'), /emulated/);
    assert.match(read('topology.svg'), />emulated</);
  });
});

/** In a plain run two pools are laid out by keys here, and a queue on this machine (board.test.ts). */
for (const name of varied([], ['the same placement by keyboard alone']))
  test(name, async () => {
    await onBoard('keys', async (board) => {
      const { keyboard } = board.page;
      for (const [key, digits, role, words] of [
        ['p', '4', 'producer', 'cpu 4'],
        ['c', '12', 'consumer', 'cpu 12'],
        ['m', '2', 'memory', 'node 2'],
      ] as const) {
        await keyboard.press(key);
        for (const digit of digits) await keyboard.press(digit);
        await keyboard.press('Enter');
        await board.sits(role, words);
      }
    });
  });

/** For a person to look at. */
for (const [theme, wishes] of varied([], themesOf(0))) {
  test(`the result, and a token in the hand: ${theme}`, async () => {
    await onBoard(theme, async (board) => {
      await board.page.emulateMedia(wishes);
      await board.screenshot(`four-sockets-${theme}`);
      await board.page.keyboard.press('c');
      await board.pu(8).hover();
      await board.screenshot(`four-sockets-${theme}-carrying`);
      await board.page.keyboard.press('Escape');
    });
  });
}

test('the doctor shows what it looks at, and Escape ends that', async () => {
  await onBoard('doctor', async (board) => {
    await board.page.keyboard.press('d');
    await board.action('stop-check').waitFor(PATIENT);
    await board.page.locator('.panel', { hasText: /reading|watching/ }).waitFor(PATIENT);
    await board.page.keyboard.press('Escape');
    await board.action('stop-check').waitFor({ ...PATIENT, state: 'detached' });
    assert.equal(await board.page.getByText('looked at for').count(), 0);
  });
});

test('the pages of a running program move to another node when a person agrees, and back', async (context) => {
  const { path } = await bringProgram(lab, HOLDER.program);
  let pid = 0;
  await onBoard('program', async (board) => {
    pid = await startProgram(board, `${path} ${HOLDER.words}`, HOLDER.where);
  });
  // It runs on when the page that began it has closed.
  await one.close();
  const held = { lab, pid };
  await liesOn(held, 1);
  await onBoard('pages', async (board) => {
    const step = (name: string, work: () => Promise<void>): Promise<void> =>
      context.test(name, () => work().catch((error: unknown) => failed(board, `pages-${name}`, error)));
    await step('by mouse', () => byMouse(board, held));
    await step('by keyboard', () => byKeyboard(board, held));
    for (const [theme, wishes] of themesOf(1))
      await step(`axe finds nothing in the question: ${theme}`, async () => {
        await board.page.emulateMedia(wishes);
        await isAccessible(board, theme);
      });
    await endsByKeyboard(board);
  });
});

test('memory node to node: measured from the tables, it stands in them, on the links and on every node\u2019s bar', async () => {
  await onBoard('nodes', async (board) => {
    const { keyboard } = board.page;
    await board.action('benchmark').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) await keyboard.press(key);
    await board.page.getByText('Nothing to place').waitFor(PATIENT);
    // Once, and short: an emulator is slow.
    await quick(board, 1, '200 ms');
    await board.action('table').click();
    await board.action('measure-nodes').click(PATIENT);
    await board.page.locator('.tables caption', { hasText: 'Latency, ' }).waitFor({ timeout: 300_000 });
    await board.action('table').click();
    for (let node = 0; node < 4; node++)
      await board
        .node(node)
        .getByText(/ns, [\d.]+ [KMG]B\/s/)
        .waitFor(PATIENT);
    const links = (await board.page.locator('.link').allTextContents()).join(' ');
    await board.page.getByText('of a node\u2019s own memory, emulated').waitFor(PATIENT);
    // Across, and down, where there is less room; short figures leave room for what they are of.
    assert.match(links, /distance *16 *(memory )?[\d.,]+ ns {2}[\d.]+ GB\/s/);
    assert.match(links, /memory [\d.,]+ ns[^]*[\d.]+ GB\/s[^]*emulated/);
    await board.action('run-again').waitFor(PATIENT);
    await board.screenshot('four-sockets-nodes');
  });
});

test('two pools: laid out by keys beside mixed and separated ones, measured, decided, exported', async () => {
  await onBoard('pools', async (board) => {
    await laidOutByKeys(board);
    await decided(board, exports_);
  });
});
