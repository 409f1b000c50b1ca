// The timeline: the whole board shows a moment of the past and comes back to now, two moments are held against each other, all by keys.
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Browser } from 'playwright-core';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { violations } from './axe.ts';
import { boxOf, openBoard, PATIENT, serve, sharedBrowser, THEMES } from './page.ts';
import type { BoardPage, Served } from './page.ts';

const folder = temporaryFolder('timeline');
const chromium = sharedBrowser();
let browser: Browser;
let served: Served;
let recorder: Served;

before(async () => {
  browser = await chromium.open();
  [served, recorder] = await Promise.all([serve(), serve(['--to', folder])]);
});

after(async () => {
  await chromium.leave();
  for (const { cli } of [served, recorder]) await cli.stop();
  removeFolder(folder);
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

/** What is shown of a sample once all of it is: cells and words are told anew at most twice a second, each at its own moment. */
async function settled(board: BoardPage, what: string, at: number): Promise<Shown> {
  let [last, times]: [Shown | null, number] = [null, 0];
  return waitFor(
    async () => {
      const now = await shown(board);
      times = last && isDeepStrictEqual(still(now), still(last)) ? times + 1 : 0;
      last = now;
      return now.at === at && times >= 5 ? now : null;
    },
    { what, timeoutMs: PATIENT.timeout, everyMs: 200 },
  );
}

// Both wait for samples most of the time.
void describe('side by side', { concurrency: true }, () => {
  test('pause, step, compare, zoom and back to now, by keys; a page loaded anew knows what was', async () => {
    const board = await openBoard(browser, served.address, undefined, THEMES['hc-light']);
    const { page } = board;
    try {
      await board.pu(0).waitFor(PATIENT);
      await until(board, 'some samples', ({ last, words }) => last >= 4 && words.startsWith('live: CPU busy, node 0 '));

      await page.keyboard.press('k');
      await page.locator('.title .badge', { hasText: /^paused at \d\d:\d\d:\d\d, / }).waitFor(PATIENT);
      await page.locator('.app.then').waitFor(PATIENT);
      await page.locator('[role=slider]:focus').waitFor(PATIENT);
      const first = await shown(board);
      assert.match(first.words, /^paused at /);

      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press(',');
      const second = await settled(board, 'two samples before', first.at - 2);
      await page.keyboard.press('Shift+ArrowLeft');
      await until(board, 'the first sample', ({ at }) => at === 0);
      // Time goes on meanwhile, and what is shown does not.
      await until(board, 'samples since', ({ last }) => last >= first.last + 2);
      await page.keyboard.press('Home');
      for (let i = 0; i < second.at; i++) await page.keyboard.press('.');
      const again = await settled(board, 'the second moment', second.at);
      assert.deepEqual(still(again), still(second), 'the same moment shows the same');
      await page.keyboard.press('t');
      const cell = page.locator('.tables section[aria-label=CPUs] tr', { hasText: 'P#0' }).first();
      const busy = /(\d+) % busy/.exec(second.cpu)?.[1];
      if (busy !== undefined)
        assert.match((await cell.textContent()) ?? '', new RegExp(`${busy} %`), 'so do the tables');
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
      await waitFor(() => page.locator('[data-action=span]').evaluate((one) => 'value' in one && one.value === '15'), {
        what: 'a quarter of an hour in sight',
        timeoutMs: PATIENT.timeout,
      });

      const box = await boxOf(page.locator('[role=slider] svg'));
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
      await board.close();
    }
  });

  test('what is recorded opens again as a board that is paused at its end, rewinds and plays', async () => {
    const board = await openBoard(browser, recorder.address);
    const { page } = board;
    try {
      await board.pu(0).waitFor(PATIENT);
      await until(board, 'samples', ({ words }) => words.startsWith('live: CPU busy, node 0 '));
      const record = board.action('record');
      await record.click(PATIENT);
      await page.locator('[data-action=record]', { hasText: /Stop recording, since \d\d:\d\d/ }).waitFor(PATIENT);
      const { last } = await shown(board);
      await until(board, 'samples that are recorded', (now) => now.last >= last + 4);
      await record.click(PATIENT);
      const told = page.locator('.notice', { hasText: / recorded in .*\.numarec$/ });
      await told.waitFor(PATIENT);
      const path = /recorded in (.*)$/.exec((await told.textContent()) ?? '')?.[1] ?? '';
      assert.deepEqual(board.complaints, []);

      const again = await serve(['--from', path]);
      const opened = await openBoard(browser, again.address, { width: 1000, height: 700 }, THEMES['hc-dark']);
      try {
        const end = await until(
          opened,
          'the end of the recording',
          (now) => now.words.startsWith('paused at ') && now.last >= 3,
        );
        assert.equal(end.at, end.last);
        assert.match(end.cpu, /busy/);
        await opened.page.keyboard.press('.');
        await opened.page.locator('[role=slider]').focus();
        await opened.page.keyboard.press('Home');
        await until(opened, 'its beginning', ({ at, cpu }) => at === 0 && cpu.includes('busy'));
        await opened.page.keyboard.press('k');
        await until(opened, 'that it plays', ({ words, at }) => words.startsWith('playing ') && at > 0);
        await until(opened, 'its end', ({ words, at, last: all }) => words.startsWith('paused at ') && at === all);
        for (const part of ['live', 'record']) assert.equal(await opened.action(part).isVisible(), false);
        await opened.screenshot('timeline-recorded');
        assert.deepEqual(await violations(opened), []);
        assert.deepEqual(opened.complaints, []);
      } finally {
        await opened.close();
        await again.cli.stop();
      }
    } finally {
      await board.close();
    }
  });
});
