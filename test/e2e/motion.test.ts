// Who asks for less motion gets none; who asks for contrast, or has colours of their own, sees every boundary.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { topologyFile } from '../support/dump.ts';
import { varied } from '../support/long.ts';
import { removeFolder, waitFor } from '../support/processes.ts';
import { syntheticProbe } from '../unit/machines.ts';
import { OneBoard } from './one-board.ts';
import { openBoard, PATIENT, quick, serve, sharedBrowser } from './page.ts';
import type { BoardPage, Served } from './page.ts';

type Wishes = NonNullable<Parameters<Page['emulateMedia']>[0]>;

const chromium = sharedBrowser();
let browser: Browser;
let own: Served;
let large: Served;
const file = topologyFile(
  syntheticProbe({ packages: 2, diesPerPackage: 2, coresPerNode: 32, threads: 2, l3PerNode: 2 }),
);

before(async () => {
  browser = await chromium.open();
  own = await serve();
  large = await serve(['--from', file]);
});

after(async () => {
  for (const page of Object.values(pages)) await page.close();
  await chromium.leave();
  for (const served of [own, large]) await served.cli.stop();
  removeFolder(dirname(file));
});

const pages = {
  own: new OneBoard(() => openBoard(browser, own.address)),
  large: new OneBoard(() => openBoard(browser, large.address)),
};

const USUAL = {
  colorScheme: 'dark',
  contrast: 'no-preference',
  reducedMotion: 'no-preference',
  forcedColors: 'none',
} as const;

/** A page of a person who wishes for that, and for nothing else that the one before wished for. */
async function onBoard(
  of: keyof typeof pages,
  wishes: Wishes,
  work: (board: BoardPage) => Promise<void>,
): Promise<void> {
  await pages[of].on(async (board) => {
    await board.page.emulateMedia({ ...USUAL, ...wishes });
    await board.pu(0).waitFor(PATIENT);
    await work(board);
  });
}

declare global {
  interface Window {
    /** Every animation and transition that began, by the class of what it moves. */
    moved: string[];
    watching: number | undefined;
    /** Every place that the picture was at. */
    places: Set<string>;
  }
}

/** From now on, what moves by itself is written down. */
function watch(board: BoardPage): Promise<void> {
  return board.page.evaluate(() => {
    window.moved = [];
    window.places = new Set();
    clearInterval(window.watching);
    window.watching = window.setInterval(() => {
      for (const { effect } of document.getAnimations()) {
        const target = effect instanceof KeyframeEffect ? effect.target : null;
        window.moved.push(`${target?.nodeName ?? ''} ${target?.getAttribute('class') ?? ''}`);
      }
      const machine = document.querySelector<HTMLElement>('.machine');
      if (machine) window.places.add(machine.style.transform);
    }, 4);
  });
}

const places = (board: BoardPage): Promise<number> => board.page.evaluate(() => window.places.size);

async function place(board: BoardPage, role: string, cpu: string): Promise<void> {
  await board.action(`place-${role}`).fill(cpu);
  await board.action(`place-${role}`).press('Enter');
  await board.sits(role, cpu);
  await board.action(`place-${role}`).blur();
}

/** Places, carries, is refused, runs, has live heat all the while: what moved meanwhile, each kind once. */
async function busyMinute(wishes: Wishes): Promise<string[]> {
  let moved: string[] = [];
  await onBoard('own', wishes, async (board) => {
    await watch(board);
    await place(board, 'consumer', '');
    await board.drag(board.token('producer'), board.pu(0));
    await board.sits('producer', 'cpu 0');
    // Over nothing it goes home.
    await board.drag(board.token('consumer'), board.page.locator('.title'));
    await place(board, 'consumer', 'cpu 1');
    await quick(board, 3, '200 ms');
    await board.action('run').click(PATIENT);
    await board.page
      .locator('.route.live')
      .first()
      .waitFor({ ...PATIENT, state: 'attached' });
    await waitFor(async () => /\d+ % busy/.test((await board.pu(0).getAttribute('aria-label')) ?? ''), {
      what: 'live heat on CPU 0',
    });
    await board.page
      .locator('.route.live')
      .first()
      .waitFor({ ...PATIENT, state: 'detached' });
    await board.action('run').waitFor(PATIENT);
    moved = await board.page.evaluate(() => [...new Set(window.moved)]);
  });
  return moved;
}

test('with reduced motion nothing is animated: placing, running, live heat', async () => {
  const usual = await busyMinute({ reducedMotion: 'no-preference' });
  assert.ok(
    usual.some((what) => what.includes('live')),
    `the dashes of a run move: ${usual.join('; ')}`,
  );
  assert.deepEqual(await busyMinute({ reducedMotion: 'reduce' }), []);
});

/** How many places the picture is drawn at from a press of + until CPU 0 is read. */
async function zooming(wishes: Wishes): Promise<number> {
  let count = 0;
  await onBoard('large', wishes, async (board) => {
    await board.pu(0).focus();
    const width = (): Promise<string | null> => board.pu(0).locator('.pu').getAttribute('width');
    const before = await width();
    await watch(board);
    await board.page.keyboard.press('+');
    await waitFor(async () => (await width()) !== before, {
      what: 'a larger CPU 0',
    });
    count = await places(board);
    await board.page.keyboard.press('0');
    await waitFor(async () => (await width()) === before, { what: 'the whole machine' });
  });
  return count;
}

test('with reduced motion zooming is one step', async () => {
  const most = await zooming({ reducedMotion: 'no-preference' });
  const fewest = await zooming({ reducedMotion: 'reduce' });
  // Where it was, where it is, and there again with its boxes painted at their new size.
  assert.ok(fewest <= 3, `${String(fewest)} places`);
  assert.ok(most > fewest, `${String(most)} places with motion`);
});

/** WCAG 2: contrast of a boundary with what is on either side of it. */
const LEAST = 3;

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number).map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, two: string): number {
  const [a, b] = [luminance(one), luminance(two)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const KINDS = ['.pkg', '.die', '.bar .node', '.cell .pu', '.cell .name', '.bar text', '.link text'];

/** Each kind of part with the colours of its line or letters, and of the board behind. */
async function inks(board: BoardPage): Promise<readonly { what: string; inks: string[]; ground: string }[]> {
  return board.page.evaluate(
    (kinds) =>
      kinds.map((what) => ({
        what,
        inks: [...document.querySelectorAll(`.machine ${what}`)].map((one) => {
          const style = getComputedStyle(one);
          return one instanceof SVGTextContentElement ? style.fill : style.stroke;
        }),
        ground: getComputedStyle(document.body).backgroundColor,
      })),
    KINDS,
  );
}

const MORE = { colorScheme: 'dark', contrast: 'more' } as const;
const FORCED = { colorScheme: 'light', forcedColors: 'active' } as const;

for (const wishes of varied<readonly Wishes[]>(
  [MORE, FORCED],
  [MORE, FORCED, { ...MORE, colorScheme: 'light' }, { ...FORCED, colorScheme: 'dark' }],
)) {
  test(`every boundary is seen: ${JSON.stringify(wishes)}`, async () => {
    await onBoard('large', wishes, async (board) => {
      await board.page.setViewportSize({ width: 1600, height: 1000 });
      await board.page.locator('[data-cpu="0"] .name', { hasText: '0' }).waitFor(PATIENT);
      await board.screenshot(`contrast-${String(wishes.colorScheme)}-${'contrast' in wishes ? 'more' : 'forced'}`);
      const parts = await inks(board);
      for (const part of parts) assert.ok(part.inks.length > 0, `${part.what} is drawn`);
      const faint = parts.flatMap(({ what, inks: all, ground }) =>
        [...new Set(all)]
          .filter((ink) => !(contrast(ink, ground) >= LEAST))
          .map((ink) => `${what}: ${ink} on ${ground}`),
      );
      assert.deepEqual(faint, []);
    });
  });
}
