// Small things that a person sees at once: what is read on heat, where the focus is, what moves, what a key does, what is alike.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { memoryRun } from '../support/memory-run.ts';
import { varied } from '../support/long.ts';
import { removeFolder, startProcess, temporaryFolder, waitFor } from '../support/processes.ts';
import { twoSockets } from '../unit/topologies.ts';
import { MEASURES } from '../../src/model/live/measures/measures.ts';
import { themeClasses } from '../../src/webview/ui/theme.ts';
import { OneBoard } from './one-board.ts';
import { boxOf, openBoard, PATIENT, serve, sharedBrowser, THEMES } from './page.ts';
import type { BoardPage, Served, Theme } from './page.ts';

const folder = temporaryFolder('details');
const chromium = sharedBrowser();
let browser: Browser;
/** This machine, and a recorded run with workers on one node and memory on both. */
let [live, recorded]: Served[] = [];

before(async () => {
  browser = await chromium.open();
  const file = join(folder, 'run.numa.json');
  writeFileSync(file, JSON.stringify(memoryRun(twoSockets(), { workers: [0, 1], memory: [0, 1] })));
  [live, recorded] = await Promise.all([serve(), serve(['--from', file])]);
});
after(async () => {
  for (const page of Object.values(pages)) await page.close();
  await chromium.leave();
  for (const served of [live, recorded]) await served?.cli.stop();
  removeFolder(folder);
});

const pages = {
  live: new OneBoard(() => openBoard(browser, live?.address ?? '')),
  recorded: new OneBoard(() => openBoard(browser, recorded?.address ?? '')),
};
const WIDE = { width: 1440, height: 900 };

const on = (
  page: OneBoard,
  size: { width: number; height: number },
  body: (board: BoardPage) => Promise<void>,
): Promise<void> =>
  page.on(async (board) => {
    await board.page.setViewportSize(size);
    await board.pu(0).waitFor(PATIENT);
    await body(board);
  });

async function themed(board: BoardPage, theme: Theme): Promise<void> {
  const wishes = THEMES[theme];
  await board.page.emulateMedia(wishes);
  const [dark, more] = [wishes.colorScheme === 'dark', wishes.contrast === 'more'];
  const wanted = themeClasses(dark, more).at(-1) ?? '';
  const other = more && dark ? ':not(.vscode-high-contrast-light)' : '';
  await board.page.locator(`body.${wanted}${other}`).waitFor({ ...PATIENT, state: 'attached' });
}

function luminance(fill: string): number {
  const [r = 0, g = 0, b = 0] = (fill.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Of a letter and what it stands on, as WCAG reckons it. */
async function contrast(board: BoardPage, letter: string, ground: string): Promise<number> {
  const fills = [letter, ground].map((selector) =>
    board.page
      .locator(selector)
      .first()
      .evaluate((one) => getComputedStyle(one).fill),
  );
  const [low = 0, high = 0] = (await Promise.all(fills)).map(luminance).sort((one, two) => one - two);
  return (high + 0.05) / (low + 0.05);
}

test('what a token says on a hot node is read as well as elsewhere, in every theme', () =>
  on(pages.recorded, WIDE, async (board) => {
    await board.sits('memory', 'nodes 0-1');
    await board.page.keyboard.press('m');
    await board.page.locator('.bar.hot .token').first().waitFor(PATIENT);
    for (const theme of Object.keys(THEMES) as Theme[]) {
      await themed(board, theme);
      for (const [letter, ground] of [
        ['.bar.hot .token .tok-t', '.bar.hot .token .tok'],
        ['.bar.hot .setting text', '.bar.hot .setting rect'],
      ] as const) {
        const found = await contrast(board, letter, ground);
        assert.ok(found >= 4.5, `${theme}: ${letter} has a contrast of ${found.toFixed(1)}`);
      }
    }
    await board.page.keyboard.press('Escape');
  }));

test('a key that asks what cannot be asked says why, for everybody to see', () =>
  on(pages.recorded, WIDE, async (board) => {
    for (const key of ['3', 'g']) {
      await board.page.keyboard.press(key);
      await board.page.locator('.notices').getByText('This machine is a recording').first().waitFor(PATIENT);
    }
  }));

test('the focus is on the measure that a digit chose, also where it stands in the list', async () => {
  const focused = (board: BoardPage): Promise<string | null> =>
    board.page.evaluate(() => document.activeElement?.getAttribute('data-action') ?? null);
  await on(pages.live, WIDE, async (board) => {
    for (const [key, action] of [
      ['h', 'heat-busy'],
      ['3', 'heat-remote'],
      ['2', 'heat-allocations'],
    ] as const) {
      await board.page.keyboard.press(key);
      assert.equal(await focused(board), action);
      await board.page.locator(`[data-action=${action}][aria-checked=true][tabindex="0"]`).waitFor(PATIENT);
    }
  });
  await on(pages.live, { width: 1000, height: 800 }, async (board) => {
    for (const key of ['h', '5']) await board.page.keyboard.press(key);
    await waitFor(async () => (await focused(board)) === 'heat-more', { what: 'the focus on what opens the list' });
    await board.page.keyboard.press('2');
    await waitFor(async () => (await focused(board)) === 'heat-allocations', { what: 'the focus on the measure' });
  });
});

test('every measure is in the list, by keys alone, with what it counts, its figure, or why there is none', () =>
  on(pages.live, WIDE, async (board) => {
    const { keyboard } = board.page;
    const list = board.page.getByRole('listbox', { name: 'Measures' });
    const field = board.page.getByRole('combobox', { name: 'What the colours show' });
    for (const key of ['h', 'h']) await keyboard.press(key);
    await field.waitFor(PATIENT);
    await waitFor(async () => (await list.getByRole('option').count()) === MEASURES.length, { what: 'all measures' });
    const options = await waitFor(
      async () => {
        const told = await list.getByRole('option').allTextContents();
        return told.some((text) => text.includes('no sample yet')) ? null : told;
      },
      { what: 'a figure or a reason each' },
    );
    for (const { name, meaning } of MEASURES) {
      assert.ok(
        options.some((text) => text.startsWith(name) && text.includes(meaning)),
        name,
      );
    }
    await keyboard.type('numastat numa_miss');
    await keyboard.press('Enter');
    const more = board.page.getByRole('button', { name: 'Misses, chosen; more measures' });
    await more.waitFor(PATIENT);
    await waitFor(() => more.evaluate((one) => one === document.activeElement), { what: 'the focus on the choice' });
    await board.page.locator('.panel .q', { hasText: 'Misses, last' }).waitFor(PATIENT);
    await board.page.locator('.panel').getByText('(numastat numa_miss)').waitFor(PATIENT);
    // What is known of the whole machine only colours nothing, and says so.
    // The focus is in the bar already: one key opens the list, and a second would be typed into it.
    await keyboard.press('h');
    await field.waitFor(PATIENT);
    await keyboard.type('migrations');
    await keyboard.press('Enter');
    await board.page.locator('.bar .silent', { hasText: 'whole machine only' }).waitFor(PATIENT);
    await keyboard.press('t');
    const row = board.page.locator('.tables tr', { hasText: 'Page migrations' });
    await row.locator('td', { hasText: /pages\/s, whole machine/ }).waitFor(PATIENT);
    await keyboard.press('t');
  }));

test('nothing moves when a token is picked up', async () => {
  const places = (board: BoardPage): Promise<Record<string, string>> =>
    board.page.evaluate(() => {
      const controls = document.querySelectorAll(
        '.title *, .bar [data-action], .tray [data-action], .tray h2, .legend-line *',
      );
      const seen = [...controls].filter((one) => one.checkVisibility({ visibilityProperty: true }));
      return Object.fromEntries(
        seen.map((one, i) => {
          const { x, y, width } = one.getBoundingClientRect();
          return [one.getAttribute('data-action') ?? `${one.tagName} ${i}`, [x, y, width].map(Math.round).join()];
        }),
      );
    });
  for (const width of varied([1440, 700], [1440, 1000, 700])) {
    await on(pages.live, { width, height: 900 }, async (board) => {
      await board.action('place-producer').fill('0');
      await board.action('place-producer').press('Enter');
      await board.sits('producer', 'cpu 0');
      await board.page.keyboard.press('Escape');
      await board.page.locator('.legend-line li').nth(1).waitFor(PATIENT);
      const before = await places(board);
      await board.page.keyboard.press('c');
      await board.page.locator('.bar .costing').getByText('Cost from P').waitFor(PATIENT);
      const now = await places(board);
      const moved = Object.keys(now).filter((name) => name in before && now[name] !== before[name]);
      assert.deepEqual(moved, [], `at ${width} px`);
      for (const tab of ['heat-busy', 'heat-allocations']) assert.ok(tab in now, `${tab} at ${width} px`);
      await board.page.keyboard.press('Escape');
    });
  }
});

test('legend and zoom are whole beside the measures, however wide the window', () =>
  on(pages.live, { width: 1440, height: 900 }, async ({ page }) => {
    for (const width of [1440, 1405, 1300, 1228, 1181, 1180, 940, 900, 830, 700]) {
      await page.setViewportSize({ width, height: 900 });
      const over = await page
        .locator('.bar[aria-label="Heat bar"]')
        .evaluate((bar) => bar.scrollWidth - bar.clientWidth);
      assert.ok(over <= 0, `${over} px too wide at ${width} px`);
    }
  }));

test('a CPU that a token lies on still shows how busy it is, in colour and as a number', () =>
  on(pages.live, WIDE, async (board) => {
    await board.action('heat-busy').click(PATIENT);
    await board.action('place-producer').fill('0');
    await board.action('place-producer').press('Enter');
    await board.sits('producer', 'cpu 0');
    const load = await startProcess('taskset', ['-c', '0', process.execPath, '-e', 'for (;;);']);
    try {
      const cell = board.page.locator('.cell.occupied.hot[data-cpu="0"]');
      await cell.waitFor({ ...PATIENT, state: 'attached' });
      await waitFor(async () => /^\d+$/.test((await cell.locator('.value').textContent()) ?? ''), {
        what: 'its number',
      });
      const own = await boxOf(cell.locator('.pu'));
      const token = await boxOf(board.page.locator('.machine [data-token=producer] .tok'));
      assert.ok(own.y + own.height - (token.y + token.height) >= 12, 'below the token is room for it');
    } finally {
      await load.stop();
    }
  }));

test('no two entries of the legend look alike, in any theme', () =>
  on(pages.live, WIDE, async (board) => {
    await board.page.locator('.legend-line li').nth(2).waitFor(PATIENT);
    for (const theme of Object.keys(THEMES) as Theme[]) {
      await themed(board, theme);
      const faces = await board.page.evaluate(() =>
        [...document.querySelectorAll('.legend-line li:has(svg)')].map((entry) => ({
          words: entry.textContent,
          face: [...entry.querySelectorAll('svg *')]
            .map((shape) => {
              const { fill, stroke, strokeDasharray } = getComputedStyle(shape);
              const { width, height } = shape.getBoundingClientRect();
              return [shape.tagName, fill, stroke, strokeDasharray, width, height].join(' ');
            })
            .join('; '),
        })),
      );
      const alike = faces.filter(({ face }, i) => faces.findIndex((other) => other.face === face) !== i);
      assert.deepEqual(alike, [], theme);
    }
  }));
