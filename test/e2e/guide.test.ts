// The guided run on the board: one button, progress in cases and time, sentences with their figures, what to paste; stopped, it keeps
// what it has. Looked at in four themes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { parseRun } from '../../src/protocol/run.ts';
import { varied } from '../support/long.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { finishedExport, openBoard, PATIENT, serve, sharedBrowser, themesOf } from './page.ts';
import type { BoardPage, Served } from './page.ts';

const chromium = sharedBrowser();
let browser: Browser;
let served: Served;
const exports_ = temporaryFolder('guide-exports');

before(async () => {
  browser = await chromium.open();
  served = await serve(['--to', exports_]);
});

after(async () => {
  await chromium.leave();
  await served.cli.stop();
  removeFolder(exports_);
});

async function withBoard(work: (board: BoardPage) => Promise<void>, wishes?: BrowserContextOptions): Promise<void> {
  const board = await openBoard(browser, served.address, { width: 1440, height: 900 }, wishes);
  try {
    await board.pu(0).waitFor(PATIENT);
    await work(board);
    assert.deepEqual(board.complaints, []);
  } finally {
    await board.close();
  }
}

/** Of the minute that the page gives: enough for as many rounds, of shorter repetitions, and for twice as many as sentences need. */
const BUDGET_MS = varied(13_000, 60_000);

async function givesLess(board: BoardPage): Promise<void> {
  await board.page.routeWebSocket(/socket$/, (page) => {
    const server = page.connectToServer();
    page.onMessage((message) => server.send(String(message).replace('"budgetMs":60000', `"budgetMs":${BUDGET_MS}`)));
  });
}

const nothingSideways = (): boolean => {
  const panel = document.querySelector('.panel');
  return panel !== null && panel.scrollWidth <= panel.clientWidth + 1;
};

test('stopped half-way, a guided run keeps what it measured and says what is missing', async () => {
  await withBoard(async (board) => {
    await board.page.keyboard.press('g');
    await board.page
      .getByText(/Round [1-9]\d* of \d+/)
      .first()
      .waitFor(PATIENT);
    await board.page
      .getByText(/case [2-9] of \d+, \d+(\.\d)? s left/)
      .first()
      .waitFor(PATIENT);
    await board.page.locator('.machine path.ends.live').waitFor({ ...PATIENT, state: 'attached' });
    await board.page
      .locator('.panel svg.strip .rep')
      .first()
      .waitFor({ ...PATIENT, state: 'attached' });
    await board.screenshot('guide-running');
    await board.action('stop-keep').click(PATIENT);
    await board.page.getByText('cut short').first().waitFor(PATIENT);
    await board.page.locator('[data-finding="one-node"], [data-kind]').first().waitFor(PATIENT);
  });
});

test('one button asks it all: sentences with figures, what cannot be answered here, what to paste, the exported page', async () => {
  await withBoard(async (board) => {
    await board.page.getByText('cut short').first().waitFor(PATIENT);
    await givesLess(board);
    await board.page.reload();
    await board.pu(0).waitFor(PATIENT);
    await board.action('ask-g').click(PATIENT);
    await board.page
      .getByText(/case \d+ of \d+/)
      .first()
      .waitFor(PATIENT);
    const answers = board.page.locator('[data-finding]');
    await answers.first().waitFor({ timeout: 300_000 });
    const sentences = await answers.allTextContents();
    assert.ok(
      sentences.some((words) => words.includes('not pinned')),
      sentences.join('\n'),
    );
    const nodes = await board.page.locator('[data-node]').count();
    if (nodes === 1) {
      assert.match(await board.page.locator('[data-finding="one-node"]').innerText(), /npm run lab -- 4s/);
      await board.page.getByText('there is no second socket to cross to').first().waitFor(PATIENT);
    }
    await board.action('guide-cases').click();
    await board.page.getByRole('table', { name: 'Cases of the guided run' }).waitFor(PATIENT);

    // A narrower window draws the answer anew; what was unfolded stays so.
    await board.page.setViewportSize({ width: 1300, height: 900 });
    await board.page.getByRole('table', { name: 'Cases of the guided run' }).waitFor(PATIENT);

    const numactl = board.page.locator('[data-paste="numactl"]');
    await numactl.locator('summary').click();
    assert.match(await numactl.locator('pre').innerText(), /^numactl --physcpubind=0-1 --membind=0 \.\/your-program\n/);
    await numactl.locator('[data-action="copy-numactl"]').click();
    await numactl.getByText(/^(Copied|Selected)$/).waitFor(PATIENT);
    assert.ok(await board.page.evaluate(nothingSideways));

    await board.action('export').click();
    const folder = await waitFor(() => finishedExport(exports_), { what: 'an exported folder' });
    await board.page.getByText(folder).first().waitFor(PATIENT);
    const run = parseRun(readFileSync(join(exports_, folder, 'run.numa.json'), 'utf8'));
    assert.equal(run.guide?.budgetMs, BUDGET_MS);
    const page = readFileSync(join(exports_, folder, 'report.md'), 'utf8');
    assert.match(page, /## What was found/);
    assert.match(page, /numactl --physcpubind=0-1 --membind=0/);
    await board.page.close();
  });
});

for (const [name, wishes] of themesOf(2)) {
  test(`the sentences and what to paste, ${name}`, async () => {
    await withBoard(async (board) => {
      await board.page.locator('[data-run]').first().click(PATIENT);
      await board.page.locator('[data-finding]').first().waitFor(PATIENT);
      await board.screenshot(`guide-${name}`);
      await board.page.locator('[data-paste="systemd"] summary').click();
      await board.page.locator('[data-paste="kubernetes"] summary').click();
      await board.page.locator('[data-paste="kubernetes"] pre').scrollIntoViewIfNeeded();
      assert.ok(await board.page.evaluate(nothingSideways));
      await board.screenshot(`guide-paste-${name}`);
    }, wishes);
  });
}
