// Small windows: a page at 400 % zoom, a phone, a narrow half of a screen. Nothing is cut off or out of reach, for the eye, the mouse and the keys.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { waitFor } from '../support/processes.ts';
import { violations } from './axe.ts';
import { OneBoard } from './one-board.ts';
import { boxOf, openBoard, PATIENT, serve, sharedBrowser, THEMES } from './page.ts';
import type { BoardPage, Served } from './page.ts';

const IN_TIME = { timeoutMs: PATIENT.timeout };
const chromium = sharedBrowser();
let browser: Browser;
let served: Served;

before(async () => {
  browser = await chromium.open();
  served = await serve();
});

after(async () => {
  await one.close();
  await chromium.leave();
  await served.cli.stop();
});

const WIDE = { width: 1440, height: 900 };
const one = new OneBoard(() => openBoard(browser, served.address));

const on = (size: typeof WIDE, work: (board: BoardPage) => Promise<void>): Promise<void> =>
  one.on(async (board) => {
    await board.page.setViewportSize(size);
    await board.pu(0).waitFor(PATIENT);
    await work(board);
  });

/** Scrolled to, each control is whole on the window, and a press on it meets nothing else: those of which that is not so. */
function outOfReach(): string[] {
  const out: string[] = [];
  for (const one of document.querySelectorAll<HTMLElement>('[data-action], .grab, .panel, .time')) {
    if (!one.checkVisibility() || one.getClientRects().length === 0) continue;
    one.scrollIntoView({ block: 'nearest' });
    const { left, top, width, height } = one.getBoundingClientRect();
    const at = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, innerHeight / 2));
    const name = one.dataset['action'] ?? one.className;
    if (left < 0 || left + width > innerWidth + 0.5) out.push(`${name} sideways`);
    else if (!one.contains(at)) out.push(`${name} under ${at?.className ?? 'nothing'}`);
  }
  return out;
}

/** Waits until nothing is out of reach: what a new size moves is drawn again a frame or more later. */
async function allInReach({ page }: BoardPage): Promise<void> {
  let out: string[] = [];
  await waitFor(async () => (out = await page.evaluate(outOfReach)).length === 0, {
    what: () => `all in reach; out of it: ${out.join(', ')}`,
    ...IN_TIME,
  });
}

/** All that can be done at this size now; what a heat button says stands in a list in small windows. */
const actions = (board: BoardPage): Promise<string[]> =>
  board.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-action]')]
      .filter((one) => one.checkVisibility() && one.getClientRects().length > 0)
      .map((one) => one.dataset['action'] ?? '')
      .filter((name) => !name.startsWith('heat-')),
  );

const SIZES = [
  [{ width: 320, height: 225 }, 'dark'],
  [{ width: 360, height: 640 }, 'hc-light'],
  [{ width: 800, height: 600 }, 'light'],
] as const;

for (const [size, theme] of SIZES) {
  test(`${String(size.width)} × ${String(size.height)}: all that a large window offers, nothing cut off`, () =>
    on(WIDE, async (board) => {
      const { page } = board;
      await page.emulateMedia(THEMES[theme]);
      // With something to run: who presses a control that is disabled meets what is below it.
      for (const [role, cpu] of [
        ['producer', 'cpu 0'],
        ['consumer', 'cpu 1'],
      ] as const) {
        await board.action(`place-${role}`).fill(cpu);
        await board.action(`place-${role}`).press('Enter');
        await board.sits(role, cpu);
      }
      const all = await actions(board);
      await page.setViewportSize(size);
      const wide = async (): Promise<boolean> => {
        const box = await page.locator('.board').boundingBox();
        return box !== null && box.width >= size.width - 20 && box.height >= 176;
      };
      await waitFor(wide, { what: 'a board to be seen', ...IN_TIME });
      await board.screenshot(`small-${String(size.width)}`);
      await allInReach(board);
      await board.action('more').click();
      const folded = await actions(board);
      await board.action('unfold').click();
      await board.action('program').click();
      let missing = all;
      const unfolded = async (): Promise<boolean> => {
        const open = [...folded, ...(await actions(board))];
        missing = all.filter((name) => !open.includes(name));
        return missing.length === 0;
      };
      await waitFor(unfolded, { what: () => `what a large window offers: ${missing.join(', ')}`, ...IN_TIME });
      await allInReach(board);
      const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(scrollWidth <= size.width, 'no scrolling to the side');
      assert.deepEqual(await violations(board), []);
      for (const folds of ['program', 'unfold', 'more']) await board.action(folds).click();
    }));
}

test('at 400 % zoom by keyboard alone: the tables out of More; a token picked up brings the board into view', async () => {
  // Tab goes on from where one was on a page that was left.
  await one.close();
  await on({ width: 320, height: 225 }, async (board) => {
    const { page } = board;
    const focused = (): Promise<string | undefined> =>
      page.evaluate(() =>
        document.activeElement instanceof HTMLElement ? document.activeElement.dataset['action'] : '',
      );
    const tabTo = async (action: string): Promise<void> => {
      for (let presses = 0; (await focused()) !== action; presses++) {
        assert.ok(presses < 12, `no way to ${action}`);
        await page.keyboard.press('Tab');
      }
    };
    await tabTo('more');
    await page.keyboard.press('Enter');
    assert.equal(await board.action('more').getAttribute('aria-expanded'), 'true');
    await tabTo('table');
    await page.keyboard.press('Enter');
    const tables = page.getByRole('region', { name: 'The board as tables' });
    await tables.waitFor(PATIENT);
    await page.keyboard.press('t');
    await tables.waitFor({ state: 'hidden', ...PATIENT });
    await page.locator('.panel').focus();
    await page.keyboard.press('c');
    const cell = await waitFor(() => page.evaluate(() => document.activeElement?.closest('[data-cpu]') !== null), {
      what: 'a focus on the machine',
    });
    assert.ok(cell);
    const whole = await page.evaluate(() => {
      const { top, bottom } = document.activeElement?.getBoundingClientRect() ?? { top: -1, bottom: -1 };
      return top >= 0 && bottom <= innerHeight;
    });
    assert.ok(whole, 'the cell with the focus is on the window');
    await page.keyboard.press('Escape');
  });
});

test('where the page scrolls, a wheel over the board scrolls it; with Ctrl it zooms the machine', () =>
  on({ width: 360, height: 640 }, async (board) => {
    const { page } = board;
    const scrolled = (): Promise<number> => page.evaluate(() => document.documentElement.scrollTop);
    const near = (): Promise<boolean> => page.locator('.board').evaluate((one) => one.classList.contains('near'));
    const at = await boxOf(page.locator('.board'));
    await page.mouse.move(at.x + at.width / 2, at.y + 20);
    await page.mouse.wheel(0, 60);
    await waitFor(async () => (await scrolled()) > 0, { what: 'a page that scrolls' });
    assert.equal(await near(), false);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -60);
    await page.keyboard.up('Control');
    await waitFor(near, { what: 'a machine from near' });
  }));
