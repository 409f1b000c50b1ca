// The timeline: the whole board shows a moment of the past and comes back to now, two moments are held against each other, all by keys.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { waitFor } from '../support/processes.ts';
import { violations } from './axe.ts';
import { openBoard, PATIENT, serve, sharedBrowser, THEMES } from './page.ts';
import type { BoardPage, Served } from './page.ts';

const chromium = sharedBrowser();
let browser: Browser;
let served: Served;

before(async () => {
  browser = await chromium.open();
  served = await serve();
});

after(async () => {
  await chromium.leave();
  await served.cli.stop();
});

interface Shown {
  /** The slider's words: when it was, and each lane's figure. */
  readonly words: string;
  readonly at: number;
  readonly last: number;
  readonly cpu: string;
  readonly panel: string;
}

const shown = ({ page }: BoardPage): Promise<Shown> =>
  page.evaluate(() => {
    const slider = document.querySelector('[role=slider]');
    return {
      words: slider?.getAttribute('aria-valuetext') ?? '',
      at: Number(slider?.getAttribute('aria-valuenow')),
      last: Number(slider?.getAttribute('aria-valuemax')),
      cpu: document.querySelector('[data-cpu="0"]')?.getAttribute('aria-label') ?? '',
      panel: document.querySelector('.panel table')?.textContent ?? '',
    };
  });

/** How long ago it was grows while one looks; the rest of a moment stays. */
const still = ({ words, ...rest }: Shown): unknown => ({
  ...rest,
  last: 0,
  words: words.replace(/,[^:]* ago|, just now/, ''),
});

async function until(board: BoardPage, what: string, holds: (now: Shown) => boolean): Promise<Shown> {
  return waitFor(
    async () => {
      const now = await shown(board);
      return holds(now) ? now : null;
    },
    { what, timeoutMs: PATIENT.timeout },
  );
}

test('pause, step, compare, zoom and back to now, by keys; a page loaded anew knows what was', async () => {
  const board = await openBoard(browser, served.address, undefined, THEMES['hc-light']);
  const { page } = board;
  try {
    await board.pu(0).waitFor(PATIENT);
    await until(board, 'some samples', ({ last, words }) => last >= 4 && words.startsWith('live: CPU busy, node 0 '));

    await page.keyboard.press('k');
    await page.locator('.title .badge', { hasText: /^paused at \d\d:\d\d:\d\d, / }).waitFor(PATIENT);
    await page.locator('.app.then').waitFor(PATIENT);
    assert.ok(await page.locator('[role=slider]').evaluate((one) => one === document.activeElement));
    const first = await shown(board);
    assert.match(first.words, /^paused at /);

    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press(',');
    const second = await until(board, 'two samples before', ({ at }) => at === first.at - 2);
    await page.keyboard.press('Shift+ArrowLeft');
    await until(board, 'the first sample', ({ at }) => at === 0);
    // Time goes on meanwhile, and what is shown does not.
    await until(board, 'samples since', ({ last }) => last >= first.last + 2);
    await page.keyboard.press('Home');
    for (let i = 0; i < second.at; i++) await page.keyboard.press('.');
    const again = await until(board, 'the second moment', ({ at }) => at === second.at);
    assert.deepEqual(still(again), still(second), 'the same moment shows the same');
    await page.keyboard.press('t');
    const cell = page.locator('.tables section[aria-label=CPUs] tr', { hasText: 'P#0' }).first();
    const busy = /(\d+) % busy/.exec(second.cpu)?.[1];
    if (busy !== undefined) assert.match((await cell.textContent()) ?? '', new RegExp(`${busy} %`), 'so do the tables');
    await page.keyboard.press('t');

    await page.keyboard.press('[');
    await page.keyboard.press('End');
    await page.keyboard.press(']');
    const panel = page.locator('.panel');
    await panel.getByText(/^CPU busy: A at \d\d:\d\d:\d\d, B at \d\d:\d\d:\d\d$/).waitFor(PATIENT);
    await panel.getByText('no measured effect').waitFor(PATIENT);
    await board.action('show-a').click(PATIENT);
    await until(board, 'A', ({ at }) => at === second.at);
    await board.screenshot('timeline-compared');
    assert.deepEqual(await violations(board), []);
    await page.locator('[role=slider]').focus();
    await page.keyboard.press('-');
    await page.locator('[data-action=span]').evaluate((one) => 'value' in one && one.value === '15');

    const box = await page.locator('[role=slider] svg').boundingBox();
    assert.ok(box);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await until(board, 'the oldest, for all came later', ({ at }) => at === 0);

    await page.keyboard.press('Escape');
    await until(board, 'now', ({ words }) => words.startsWith('live'));
    await page.locator('.app:not(.then)').waitFor(PATIENT);
    await page.keyboard.press('Escape');
    await board.action('forget-ends').waitFor({ ...PATIENT, state: 'detached' });
    const known = await shown(board);
    await page.reload(PATIENT);
    await until(board, 'what was before it was loaded', ({ last }) => last >= known.last);
    assert.deepEqual(board.complaints, []);
  } finally {
    await page.close();
  }
});
