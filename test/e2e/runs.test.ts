// Kept runs on the page: opened from files, shown on their own picture, compared, named, deleted and put back; nothing is measured.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Run } from '../../src/model/run/run.ts';
import { RunStore } from '../../src/remote/store/run-store.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { oneNode, runOf, spscCase } from '../unit/topologies.ts';
import { violations } from './axe.ts';
import { OneBoard } from './one-board.ts';
import { openBoard, PATIENT, serve, sharedBrowser, type BoardPage, type Served } from './page.ts';

const folder = temporaryFolder('runs');
const store = new RunStore(join(folder, 'numa-pinboard', 'runs'));
const chromium = sharedBrowser();
let browser: Browser;
let served: Served;
const asked = { timeoutMs: PATIENT.timeout };

const around = (figure: number): number[] => [1, 1.01, 0.99, 1.005, 0.995].map((factor) => figure * factor);
function run(nth: number, change: Partial<Run>, ...[far, consumer, padding]: [number, number, 0 | 64 | 128]): Run {
  const cases = [spscCase(0, consumer, { padding }), spscCase(0, 1)];
  const time = new Date(Date.UTC(2026, 0, nth)).toISOString();
  return { ...runOf({ cases, figures: [around(far), around(100)] }), id: `run-${nth}`, time, ...change };
}
const near = run(1, {}, 80, 2, 128);
const across = run(2, {}, 40, 4, 128);
const padded = run(3, { name: 'Padded' }, 80.2, 2, 64);
const another = run(4, {}, 60, 4, 64);
const foreign = { ...runOf({ topology: oneNode(), cases: [spscCase(0, 1)], figures: [around(9)] }), id: 'foreign' };
const elsewhere: Run = { ...foreign, host: { name: 'db1', transport: 'ssh' } };

before(async () => {
  browser = await chromium.open();
  for (const one of [near, across, padded]) await store.write(one);
  const broken = join(store.folder, 'ssh-old-00000000');
  mkdirSync(broken);
  writeFileSync(join(broken, 'half.numa.json'), '{"schema":');
  const file = join(folder, 'saved.numa.json');
  writeFileSync(file, JSON.stringify(near));
  served = await serve(['--from', file], { XDG_STATE_HOME: folder });
});

after(async () => {
  await one.close();
  await chromium.leave();
  await served.cli.stop();
  removeFolder(folder);
});

const one = new OneBoard(() => openBoard(browser, served.address));

const row = (page: Page, id: string): Locator => page.locator(`[data-run="${id}"]`);
const words = async (at: Locator): Promise<string> => (await at.textContent(PATIENT)) ?? '';
const reads = (at: Locator, pattern: RegExp): Promise<unknown> =>
  waitFor(async () => pattern.test(await words(at)), { what: () => String(pattern), ...asked });

async function dropped(board: BoardPage, name: string, text: string): Promise<void> {
  const files = await board.page.evaluateHandle(
    ([called = '', content = '']) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], called));
      return transfer;
    },
    [name, text],
  );
  await board.page.dispatchEvent('.app', 'dragover', { dataTransfer: files });
  assert.ok(await board.page.getByText('Drop a run').isVisible());
  await board.page.dispatchEvent('.app', 'drop', { dataTransfer: files });
  assert.ok(!(await board.page.getByText('Drop a run').isVisible()));
}

test('a run is opened from a file: here where it was measured here, else on its own picture, with a way back', () =>
  one.on(async (board) => {
    const { page } = board;
    // Long before it comes: else the browser may open one of its own that nobody sees.
    const chooser = page.waitForEvent('filechooser', PATIENT);
    await row(page, 'run-1').waitFor(PATIENT);
    assert.equal(await page.locator('[data-run]').count(), 3, 'what was kept of this machine');

    await page.keyboard.press('o');
    await (await chooser).setFiles({ name: 'a.numa.json', mimeType: '', buffer: Buffer.from(JSON.stringify(another)) });
    await page.locator('[data-run="run-4"][aria-selected=true]').waitFor(PATIENT);
    await page.getByText('Opened and kept').waitFor(PATIENT);
    assert.ok((await store.find('run-4')).id);

    await dropped(board, 'b.numa.json', '{"schema":"numa-pinboard/snapshot/9"}');
    await page.getByText('written by a newer NUMA Pinboard').first().waitFor(PATIENT);
    await page.keyboard.press('Escape');

    await dropped(board, 'c.numa.json', JSON.stringify(elsewhere));
    await page.waitForURL((url) => url.searchParams.get('run') === 'foreign', PATIENT);
    await page.locator('h1', { hasText: 'db1' }).waitFor(PATIENT);
    await row(page, 'foreign').waitFor(PATIENT);
    assert.equal(await page.locator('[data-cpu]').count(), oneNode().cpus.length);
    assert.equal(await page.locator('[data-run]').count(), 1);
    const unknown = await page.context().request.get(new URL('?run=nothing', page.url()).href);
    assert.equal(unknown.status(), 404);
    await board.action('to-board').click(PATIENT);
    await row(page, 'run-1').waitFor(PATIENT);

    await board.action('all-runs').click(PATIENT);
    await page.locator('[data-shelf="foreign"]').waitFor(PATIENT);
    const all = await words(page.locator('dialog[open]'));
    assert.match(all, /paper, SSH \(4\).*Padded.*2026-01-03.*db1, SSH \(1\).*half\.numa\.json.*not JSON/s);
    await page.locator('[data-shelf="run-2"]').click(PATIENT);
    await page.locator('[data-run="run-2"][aria-selected=true]').waitFor(PATIENT);
    await row(page, 'run-2').click(PATIENT);
    await page.locator('[data-run="run-2"][aria-selected=false]').waitFor(PATIENT);
  }));

test('two runs are held against each other, settings first; several have factors where the figures carry one', () =>
  one.on(async (board) => {
    const { page } = board;
    await row(page, 'run-2').click(PATIENT);
    await row(page, 'run-1').focus();
    await page.keyboard.press(' ');
    const panel = page.locator('[data-comparison]');
    await panel.waitFor(PATIENT);
    await reads(panel.locator('[data-verdict]'), /^A gives 50 % less than B\.$/);
    const settings = await words(panel.locator('table').first());
    assert.match(settings, /Consumer42/);
    assert.doesNotMatch(settings, /Padding|Producer/);
    await reads(panel, /against B95\s% interval −5\d[\d.]* to −4/);
    assert.equal(await panel.locator('svg.strip .median').count(), 2);
    assert.ok(await page.locator('.route.base').count(), 'B is drawn on the machine');
    await board.action('swap').click(PATIENT);
    await reads(panel.locator('[data-verdict]'), /^A gives (?:99|100|101) % more than B\.$/);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached', ...PATIENT });

    for (const id of ['run-3', 'run-2']) await row(page, id).locator('[data-pick]').click(PATIENT);
    await reads(panel, /3 runs, each against A/);
    const table = await words(panel.locator('table').last());
    assert.match(table, /A.*1 ×.*B.*not shown.*C.*0\.5\d* ×/s);
    await reads(panel, /Padding128 A C64 B/);
    assert.deepEqual(await violations(board), []);
  }));

test('a run is named, deleted and put back by keys', async () => {
  // None is shown yet.
  await one.close();
  await one.on(async (board) => {
    const { page } = board;
    await row(page, 'run-2').focus();
    await page.keyboard.press('F2');
    await board.action('run-name').fill('Across \u202esockets');
    await page.keyboard.press('Enter');
    await reads(row(page, 'run-2'), /Across sockets/);
    assert.equal((await store.find('run-2')).name, 'Across sockets');
    await row(page, 'run-2').focus();
    await page.keyboard.press('Delete');
    await row(page, 'run-2').waitFor({ state: 'detached', ...PATIENT });
    await reads(page.locator('.notices'), /“Across sockets” was deleted\./);
    assert.ok(!(await store.has('run-2')));
    await board.action('notice-act').focus();
    await page.keyboard.press('Enter');
    await reads(row(page, 'run-2'), /Across sockets/);
    await reads(page.locator('.notices'), /is back/);
    assert.ok(await store.has('run-2'));
    await board.action('delete-run').waitFor(PATIENT);
    await board.action('all-runs').click(PATIENT);
    await page.locator('[data-shelf]').first().waitFor(PATIENT);
    assert.deepEqual(await violations(board), []);
  });
});
