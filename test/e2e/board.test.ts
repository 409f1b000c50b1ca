// The main job in a browser: drag both threads, run, see the figure, export; by mouse, by keyboard, and when it breaks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { descendantsOf } from '../support/process-table.mjs';
import { parseRun } from '../../src/protocol/run.ts';
import { cpuSeconds } from '../support/cpu-time.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { OneBoard } from './one-board.ts';
import { boxOf, finishedExport, openBoard, PATIENT, quick, serve, sharedBrowser } from './page.ts';
import type { BoardPage, Served } from './page.ts';

const chromium = sharedBrowser();
let browser: Browser;
let served: Served;
const exports_ = temporaryFolder('exports');

before(async () => {
  browser = await chromium.open();
  served = await serve(['--to', exports_]);
});

after(async () => {
  await one.close();
  await chromium.leave();
  await served.cli.stop();
  removeFolder(exports_);
});

const one = new OneBoard(() => openBoard(browser, served.address));

const onBoard = (work: (board: BoardPage) => Promise<void>): Promise<void> =>
  one.on(async (board) => {
    await board.pu(0).waitFor(PATIENT);
    await board.page.keyboard.press('Escape');
    await work(board);
  });

test('drag both threads, run, see the figure, export', () =>
  onBoard(async (board) => {
    await board.drag(board.token('producer'), board.pu(0));
    await board.sits('producer', 'cpu 0');
    await board.drag(board.token('consumer'), board.pu(1));
    await board.sits('consumer', 'cpu 1');
    await board.drag(board.token('memory'), board.node(0));
    await board.sits('memory', 'node 0');
    await board.screenshot('e2e-placed');
    await quick(board, 3);
    await board.action('run').click(PATIENT);
    await board.action('export').waitFor(PATIENT);
    await board.page
      .getByText(/items\/s/)
      .first()
      .waitFor(PATIENT);
    await board.screenshot('e2e-result');
    await board.action('export').click();
    const folder = await waitFor(() => finishedExport(exports_), { what: 'an exported folder' });
    const run = parseRun(readFileSync(join(exports_, folder, 'run.numa.json'), 'utf8'));
    assert.equal(run.results.length, 2, 'what was placed, and the baseline in turn with it');
    assert.deepEqual(run.results[0]?.seen.cpus, { producer: '0', consumer: '1' });
    await board.page.getByText(folder).first().waitFor(PATIENT);
  }));

test('a question measures pairs of CPUs; then a carried token shows what dropping it costs', () =>
  onBoard(async (board) => {
    await board.page.keyboard.press('2');
    await board.page
      .getByText(/^core to core, 2 CPUs/)
      .first()
      .waitFor(PATIENT);
    await board.page.getByText('1 of 1').waitFor(PATIENT);
    await board.screenshot('e2e-core-to-core');
    await board.action('place-producer').fill('cpu 0');
    await board.action('place-producer').press('Enter');
    await board.sits('producer', 'cpu 0');
    await board.action('place-producer').blur();
    await board.page.keyboard.press('c');
    await waitFor(async () => ((await board.pu(1).getAttribute('aria-label')) ?? '').includes('ns one way, measured'), {
      what: 'the cost of dropping on CPU 1',
    });
    await board.screenshot('e2e-drop-costs');
    await board.page.keyboard.press('Escape');
  }));

test('the heat shows where a process has its memory, once it is found in the list, or its id is typed', () =>
  onBoard(async (board) => {
    const field = board.action('follow');
    await board.page.keyboard.press('4');
    // What is wanted next is the process: its field has the focus.
    await waitFor(() => field.evaluate((one) => one.matches(':focus')), { what: 'the focus in the field' });
    await field.fill('no number');
    await field.press('Enter');
    // What is no number is a name: the list has those it may be, here none; by keys the one that is wanted is found and chosen.
    await board.page.getByText('None fits').first().waitFor(PATIENT);
    const filter = board.action('process-filter');
    await filter.fill(`node ${process.pid}`);
    const option = board.page.locator(`#process-${process.pid}[aria-selected="true"]`);
    await option.getByText(/ on node 0$/).waitFor(PATIENT);
    await board.screenshot('e2e-processes');
    await filter.press('Enter');
    await waitFor(async () => (await field.inputValue()) === String(process.pid), { what: 'the process in the field' });
    await board.page.getByText('node', { exact: true }).first().waitFor(PATIENT);
    await waitFor(async () => /\d %/.test((await board.node(0).getAttribute('aria-label')) ?? ''), {
      what: 'the share of node 0',
    });
    await board.screenshot('e2e-process');
    await field.fill('4194304');
    await field.press('Enter');
    await board.page.getByText('not running').first().waitFor(PATIENT);
    await field.fill('');
    await field.press('Enter');
    await board.page
      .getByText('not running')
      .first()
      .waitFor({ ...PATIENT, state: 'hidden' });
  }));

test('the same by keyboard alone', () =>
  onBoard(async (board) => {
    await board.page.keyboard.press('p');
    await board.page.keyboard.press('1');
    await board.page.keyboard.press('Enter');
    await board.sits('producer', 'cpu 1');
    await board.page.keyboard.press('c');
    await board.page.keyboard.press('0');
    await board.page.keyboard.press('Enter');
    await board.sits('consumer', 'cpu 0');
    await board.page.keyboard.press('p');
    await board.page.keyboard.press('Home');
    await board.page.keyboard.press('Escape');
    await board.sits('producer', 'cpu 1');
    await board.page.keyboard.press('Control+z');
    await board.sits('consumer', 'cpu 1');
  }));

test('a finger carries a token, too', () =>
  onBoard(async (board) => {
    const target = (await board.action('place-producer').inputValue()) === 'cpu 0' ? 1 : 0;
    const [from, to] = [await boxOf(board.token('producer')), await boxOf(board.pu(target))];
    const touch = await board.page.context().newCDPSession(board.page);
    const middle = (box: typeof from): { x: number; y: number } => ({
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
    });
    const [start, end] = [middle(from), middle(to)];
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [start] });
    for (let step = 1; step <= 8; step++) {
      const point = { x: start.x + ((end.x - start.x) * step) / 8, y: start.y + ((end.y - start.y) * step) / 8 };
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [point] });
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await board.sits('producer', `cpu ${String(target)}`);
  }));

test('to the hosts and back to this machine', () =>
  onBoard(async (board) => {
    await board.action('other-host').click();
    await board.action('target').waitFor(PATIENT);
    await board.screenshot('e2e-hosts-beside');
    await board.page.keyboard.press('Escape');
    await board.pu(0).waitFor(PATIENT);
    // To the host that is shown: it is not left, and nothing connects anew.
    await board.action('other-host').click();
    await board.page.getByText('this machine', { exact: true }).click();
    await board.pu(0).waitFor(PATIENT);
    await board.action('other-host').click();
    await board.action('disconnect').click();
    await board.page.getByText('No host yet', { exact: true }).waitFor(PATIENT);
    await board.screenshot('e2e-hosts');
    await board.page.getByText('this machine', { exact: true }).click();
    await board.pu(0).waitFor(PATIENT);
  }));

test('where this machine is no Linux host, the page opens on the hosts and says why', async () => {
  // Everything but the name of the platform is real.
  const preload = "data:text/javascript,Object.defineProperty(process,'platform',{value:'darwin'})";
  const elsewhere = await serve([], { NODE_OPTIONS: `--import=${preload}` });
  const board = await openBoard(browser, elsewhere.address);
  try {
    await board.action('target').waitFor(PATIENT);
    await board.page
      .getByText(/does not run Linux/)
      .first()
      .waitFor(PATIENT);
    await board.screenshot('e2e-no-linux');
    assert.deepEqual(board.complaints, []);
  } finally {
    await board.close();
    await elsewhere.cli.stop();
  }
});

test('an agent that dies half-way: the page says so, and what was measured is a run', () =>
  onBoard(async (board) => {
    for (const [role, cpu] of [
      ['producer', '0'],
      ['consumer', '1'],
    ] as const) {
      await board.action(`place-${role}`).fill(cpu);
      await board.action(`place-${role}`).press('Enter');
      await board.sits(role, `cpu ${cpu}`);
    }
    const before_ = await board.page.locator('[data-run]').count();
    await quick(board, 500);
    // One that measured for the test before may be ending still.
    const earlier = new Set(descendantsOf(served.cli.pid));
    await board.action('run').click(PATIENT);
    await board.action('stop').waitFor(PATIENT);
    // The process that measures is the one that works: after a second of it several repetitions are in.
    const working = (): number | undefined =>
      descendantsOf(served.cli.pid).find((pid) => !earlier.has(pid) && cpuSeconds(pid) > 1);
    const agent = await waitFor(working, {
      what: 'the agent to measure',
      timeoutMs: PATIENT.timeout,
    });
    await board.screenshot('e2e-running');
    process.kill(agent, 'SIGKILL');
    await waitFor(async () => (await board.page.locator('[data-run]').count()) > before_, {
      what: 'the cut run on the list',
      timeoutMs: PATIENT.timeout,
    });
    await board.page
      .getByText(/killed/)
      .first()
      .waitFor(PATIENT);
    await board.screenshot('e2e-agent-died');
    await quick(board, 3);
  }));
