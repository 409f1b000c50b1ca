// The matrix of pairs beside the machine: looked at node by node and CPU by CPU, by pointer and by keys, lit on both sides, exported.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { readGrid, writeGrid } from '../../src/model/bench/matrix/csv.ts';
import { allPairs, measurable } from '../../src/model/bench/matrix/pairs.ts';
import { simulateMatrix } from '../../src/model/bench/matrix/simulate.ts';
import { buildRun } from '../../src/model/verdict/build-run.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { TWO_SOCKETS } from '../unit/layout/topologies.ts';
import { violations } from './axe.ts';
import { finishedExport, openBoard, PATIENT, serve, sharedBrowser, THEMES } from './page.ts';
import type { Served } from './page.ts';

const folder = temporaryFolder('matrix');
const chromium = sharedBrowser();
let browser: Browser;
let served: Served;

/** 72 CPUs: siblings, sockets, and what lies between them. */
const cost = (a: number, b: number): number => (a % 36 === b % 36 ? 9 : a % 36 < 18 === b % 36 < 18 ? 49 : 112);

before(async () => {
  browser = await chromium.open();
  const cpus = measurable(TWO_SOCKETS);
  const grid = readGrid(writeGrid(cpus, allPairs(cpus).map(([a, b]) => [[a, b], cost(a, b)]))); // oxfmt-ignore
  const run = buildRun({
    time: new Date(0),
    seconds: 1,
    random: '0',
    host: { name: 'paper', transport: 'local' },
    repeat: 'numa-pinboard bench matrix',
    topology: TWO_SOCKETS,
    environment: {},
    results: [simulateMatrix(TWO_SOCKETS, grid, null, 'paper.csv')],
    question: 'What does it cost to cross this machine?',
    partial: null,
  });
  const file = join(folder, 'run.numa.json');
  writeFileSync(file, JSON.stringify(run));
  mkdirSync(join(folder, 'pages'));
  served = await serve(['--from', file, '--to', join(folder, 'pages')]);
});

after(async () => {
  await chromium.leave();
  await served.cli.stop();
  removeFolder(folder);
});

test(
  'node by node, then CPU by CPU: by keys, with each cell in words, and both ends on the machine',
  PATIENT,
  async () => {
    const board = await openBoard(browser, served.address);
    const { page } = board;
    const cell = page.locator('.matrix-grid [role=gridcell][tabindex="0"]');
    const lit = page.locator('.machine path.ends.lit');
    await board.pu(0).waitFor(PATIENT);
    await page.keyboard.press('x');
    await cell.focus(PATIENT);
    assert.match((await cell.textContent()) ?? '', /^within node 0: 49 ns is the middle one of 630 pairs, classes /);
    await lit.waitFor({ ...PATIENT, state: 'attached' });
    await page.keyboard.press('ArrowRight');
    await page
      .locator('.matrix-grid :focus', { hasText: 'node 0 to node 1: 112 ns' })
      .waitFor({ ...PATIENT, state: 'attached' });
    await page.keyboard.press('Enter');
    await cell
      .filter({ hasText: 'CPU 0 to CPU 18: 112 ns, class other socket, distance 21, ' })
      .waitFor({ ...PATIENT, state: 'attached' });
    await page.keyboard.press('ArrowDown');
    await page
      .locator('.matrix-grid :focus', { hasText: /^CPU 36 to CPU 18: 112 ns, .*, (measured|inferred)$/ })
      .waitFor({ ...PATIENT, state: 'attached' });
    await page.keyboard.press('l');
    await page
      .locator('.matrix-grid :focus', { hasText: 'CPU L#1 to CPU L#36: 112 ns' })
      .waitFor({ ...PATIENT, state: 'attached' });
    await page.keyboard.press('l');
    await page.locator('.machine path.route.lit').waitFor({ ...PATIENT, state: 'attached' });
    for (const told of ['.matrix-grid :focus', '.matrix-readout'])
      await page.locator(told, { hasText: 'CPU 36 to CPU 18: ' }).waitFor({ ...PATIENT, state: 'attached' });
    assert.equal(
      await page.locator('.matrix-readout').textContent(),
      await page.locator('.matrix-grid :focus').textContent(),
    );
    await page.keyboard.press('Escape');
    await page.locator('.matrix-grid :focus', { hasText: 'within node 0' }).waitFor({ ...PATIENT, state: 'attached' });
    await page.keyboard.press('Escape');
    await page.locator('.matrix-view').waitFor({ ...PATIENT, state: 'hidden' });
    assert.deepEqual(board.complaints, []);
    await board.close();
  },
);

test(
  'by pointer: a cell lights the machine, a CPU of the machine its row and column; axe finds nothing',
  PATIENT,
  async () => {
    const board = await openBoard(browser, served.address, { width: 1440, height: 900 }, THEMES['hc-light']);
    const { page } = board;
    await board.pu(0).waitFor(PATIENT);
    await board.action('matrix').click();
    const sight = page.locator('.matrix-sight > svg');
    await sight.hover({ ...PATIENT, position: { x: 60, y: 30 } });
    await page.locator('.machine path.ends.lit').waitFor({ ...PATIENT, state: 'attached' });
    await sight.click({ position: { x: 60, y: 30 } });
    await page.locator('.matrix-bar h2', { hasText: 'CPUs of node 0' }).waitFor(PATIENT);
    await board.pu(3).hover();
    await waitFor(async () => (await page.locator('.matrix-view rect.band').count()) === 2, {
      what: 'a row and a column',
      timeoutMs: PATIENT.timeout,
    });
    assert.equal(await page.locator('.machine path.ends.lit').count(), 0, 'what is pointed at is not lit as well');
    await board.action('matrix-export').click();
    const name = await waitFor(() => finishedExport(join(folder, 'pages')), {
      what: 'the page',
      timeoutMs: PATIENT.timeout,
    });
    const files = readdirSync(join(folder, 'pages', name));
    assert.ok(files.includes('matrix.csv') && files.includes('matrix.svg'), files.join());
    await page.locator('[data-exported]').waitFor(PATIENT);
    assert.deepEqual(await violations(board), []);
    assert.deepEqual(board.complaints, []);
    await board.close();
  },
);
