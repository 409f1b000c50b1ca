// How the page looks and reads: from 2 to 1,024 CPUs, in four themes, at three sizes; nothing overflows, complains or is unnamed.
import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { topologyFile } from '../support/dump.ts';
import { varied } from '../support/long.ts';
import { removeFolder } from '../support/processes.ts';
import { syntheticProbe } from '../unit/machines.ts';
import type { MachineShape } from '../unit/machines.ts';
import { violations } from './axe.ts';
import { boxOf, openBoard, PATIENT, serve, sharedBrowser, THEMES } from './page.ts';
import type { BoardPage, Served } from './page.ts';

const SHAPES = {
  64: { packages: 4, coresPerNode: 8, threads: 2, cpulessNodes: 1, rated: true, offline: [63], allowed: '0-60' },
  384: { packages: 2, coresPerNode: 96, threads: 2, l3PerNode: 12 },
  1024: { packages: 4, nodesPerPackage: 2, coresPerNode: 64, threads: 2, l3PerNode: 8 },
} satisfies Record<number, MachineShape>;
type Machine = 'own' | keyof typeof SHAPES;

const SIZES = {
  wide: { width: 1440, height: 900 },
  medium: { width: 1000, height: 800 },
  narrow: { width: 700, height: 900 },
};

/** What is done before one looks: nothing, a plan on the board, a token in the hand. */
type Doing = 'idle' | 'plan' | 'carry';

type Look = readonly [Machine, keyof typeof THEMES, keyof typeof SIZES, Doing];

/** Every machine, theme, size and doing. */
const SOME: readonly Look[] = [
  ['own', 'dark', 'wide', 'idle'],
  [64, 'hc-light', 'medium', 'carry'],
  [384, 'light', 'narrow', 'carry'],
  [1024, 'hc-dark', 'wide', 'plan'],
];

/** Every machine in every theme and at every size; every theme at every size. */
const LOOKS = varied(SOME, [
  ...SOME,
  ['own', 'light', 'narrow', 'plan'],
  [64, 'hc-light', 'narrow', 'plan'],
  [64, 'dark', 'medium', 'carry'],
  ['own', 'hc-dark', 'medium', 'carry'],
  [384, 'hc-light', 'medium', 'plan'],
  [64, 'light', 'wide', 'plan'],
  [64, 'hc-dark', 'wide', 'carry'],
  [384, 'dark', 'wide', 'plan'],
  [1024, 'hc-dark', 'narrow', 'idle'],
  [1024, 'light', 'medium', 'plan'],
  [1024, 'hc-light', 'wide', 'plan'],
]);

const chromium = sharedBrowser();
let browser: Browser;
const servers = new Map<Machine, Served>();
const folders: string[] = [];

before(async () => {
  browser = await chromium.open();
  servers.set('own', await serve());
  for (const [cpus, shape] of Object.entries(SHAPES)) {
    const file = topologyFile(syntheticProbe(shape));
    folders.push(dirname(file));
    servers.set(Number(cpus) as Machine, await serve(['--from', file]));
  }
});

after(async () => {
  await chromium.leave();
  for (const { cli } of servers.values()) await cli.stop();
  folders.forEach(removeFolder);
});

async function place(board: BoardPage, role: string, words: string): Promise<void> {
  await board.action(`place-${role}`).fill(words);
  await board.action(`place-${role}`).press('Enter');
  await board.sits(role, words);
}

/** What of the page's frame reaches out of the window, and what of a control out of its zone. */
function overflowing(): string[] {
  const { innerWidth, innerHeight } = window;
  const out: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) out.push('the page scrolls');
  for (const zone of document.querySelectorAll('.title, .tray, .bar, .board, .panel, .time')) {
    const { left, top, right, bottom } = zone.getBoundingClientRect();
    if (zone instanceof SVGElement || right - left === 0) continue;
    if (left < 0 || top < 0 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5) out.push(zone.className);
    // Down one may scroll; to the side nothing hides.
    if (zone.matches('.panel, .bar') && zone.scrollWidth > zone.clientWidth + 1) out.push(`${zone.className} sideways`);
  }
  // A drawing that is scaled scales its type with it.
  const [sheet, board] = [document.querySelector('.machine > svg'), document.querySelector('.board')];
  const scale = (sheet?.getBoundingClientRect().width ?? 0) / (board?.clientWidth ?? 1);
  for (const words of document.querySelectorAll('.machine text, .machine tspan')) {
    const size = parseFloat(getComputedStyle(words).fontSize) * scale;
    if (size < 9.9) out.push(`${words.textContent} at ${String(size)} px`);
  }
  for (const field of document.querySelectorAll<HTMLInputElement>('.tray input')) {
    if (field.clientWidth > 0 && field.scrollWidth > field.clientWidth) out.push(`${field.value} in its field`);
  }
  return out;
}

/** A partner of CPU 0 as far away as there is. */
const FAR: Readonly<Record<Machine, number>> = { own: 1, 64: 24, 384: 100, 1024: 1023 };

for (const [machine, theme, size, doing] of LOOKS) {
  test(`${machine} CPUs, ${theme}, ${size}, ${doing}: all there, nothing hidden, nothing unnamed`, async () => {
    const board = await openBoard(browser, servers.get(machine)?.address ?? '', SIZES[size], THEMES[theme]);
    try {
      await board.pu(0).waitFor(PATIENT);
      // The pages of one server share its board: every role is told anew.
      await place(board, 'producer', doing === 'idle' ? '' : 'cpu 0');
      await place(board, 'consumer', doing === 'plan' ? `cpu ${FAR[machine]}` : '');
      if (doing === 'carry') {
        await board.action('place-consumer').blur();
        await board.page.keyboard.press('c');
        await board.page.keyboard.press('PageDown');
      }
      await board.screenshot(`looks-${machine}-${theme}-${size}-${doing}`);
      const ids = await board.page
        .locator('[data-cpu]')
        .evaluateAll((all) => all.map((one) => Number(one.dataset['cpu'])));
      const count = machine === 'own' ? cpus().length : machine;
      assert.deepEqual(
        ids.sort((a, b) => a - b),
        Array.from({ length: count }, (_, id) => id),
      );
      assert.deepEqual(await board.page.evaluate(overflowing), []);
      assert.deepEqual(board.complaints, []);
      // A thousand cells are to axe what hundreds are.
      if (varied(machine !== 1024, true)) assert.deepEqual(await violations(board), []);
    } finally {
      await board.close();
    }
  });
}

test('a finger takes a token from the tray and drops it on a thread, where there is no mouse', async () => {
  const wishes = { hasTouch: true, isMobile: false };
  const board = await openBoard(browser, servers.get(64)?.address ?? '', SIZES.medium, wishes);
  try {
    await board.pu(0).waitFor(PATIENT);
    await place(board, 'consumer', '');
    const [from, to] = [await boxOf(board.token('consumer')), await boxOf(board.pu(9))];
    const touch = await board.page.context().newCDPSession(board.page);
    const at = (share: number): { x: number; y: number } => ({
      x: from.x + from.width / 2 + (to.x + to.width / 2 - from.x - from.width / 2) * share,
      y: from.y + from.height / 2 + (to.y + to.height / 2 - from.y - from.height / 2) * share,
    });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(0)] });
    for (const share of [0.1, 0.4, 0.7, 1]) {
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at(share)] });
    }
    await board.screenshot('looks-touch');
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await board.sits('consumer', 'cpu 9');
    assert.deepEqual(board.complaints, []);
  } finally {
    await board.close();
  }
});
