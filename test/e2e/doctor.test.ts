// The doctor on the board: asked by key and by button, its verdict and cards, what is folded, and putting it away.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import type { HostEvent } from '../../src/protocol/messages.ts';
import { dumpOf } from '../support/dump.ts';
import { removeFolder, waitFor } from '../support/processes.ts';
import { filesOf, nic } from '../unit/doctor/hosts.ts';
import { violations } from './axe.ts';
import { boxOf, openBoard, PATIENT, serve, sharedBrowser } from './page.ts';
import type { BoardPage, Box, Served } from './page.ts';

/** Faults of each weight, notes, and checks that a recording leaves open. */
const sick = dumpOf(
  filesOf(
    nic({
      'proc/irq/40/smp_affinity_list': '0',
      'proc/irq/40/effective_affinity_list': '0',
      'proc/irq/41/smp_affinity_list': '1',
      'proc/irq/41/effective_affinity_list': '1',
      'sys/class/net/eth0/queues/tx-0/xps_cpus': null,
      'sys/class/net/eth0/queues/rx-0/rps_cpus': null,
      'proc/sys/vm/zone_reclaim_mode': '1',
      'proc/sys/kernel/numa_balancing': '0',
    }),
  ),
);
const chromium = sharedBrowser();
let browser: Browser;
let [recorded, here]: Served[] = [];

before(async () => {
  browser = await chromium.open();
  [recorded, here] = await Promise.all([serve(['--from', sick]), serve()]);
});
after(async () => {
  await chromium.leave();
  for (const served of [recorded, here]) await served?.cli.stop();
  removeFolder(sick);
});

async function on(served: Served | undefined, body: (board: BoardPage) => Promise<void>, width = 1440): Promise<void> {
  assert.ok(served);
  const board = await openBoard(browser, served.address, { width, height: 900 });
  try {
    await board.pu(0).waitFor(PATIENT);
    await body(board);
    assert.deepEqual(board.complaints, []);
  } finally {
    await board.close();
  }
}

test('a key asks; verdict, cards and folded rest are read, copied, put away and brought back without a mouse', async () => {
  await on(recorded, async (board) => {
    const { page } = board;
    await page.keyboard.press('d');
    const cards = page.locator('.panel .dx-card');
    await page.locator('.panel [data-verdict]', { hasText: '2 findings, 1 of them serious.' }).waitFor(PATIENT);
    const found = await cards.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['finding']));
    assert.deepEqual(found.slice(0, 2), ['irqs-far', 'zone-reclaim']);
    const card = page.locator('[data-finding="zone-reclaim"]');
    assert.match(await card.innerText(), /vm\.zone_reclaim_mode = 1[\s\S]*sudo sysctl -w vm\.zone_reclaim_mode=0/);
    const undo = card.locator('details summary');
    await undo.focus();
    await page.keyboard.press('Enter');
    await card.getByText('sudo sysctl -w vm.zone_reclaim_mode=1').waitFor(PATIENT);
    await board.action('check-notes').press('Enter');
    await page.locator('[data-finding="numa-balancing"]').waitFor(PATIENT);
    await board.action('check-not').press('Enter');
    await page.getByText('a recording does not show what runs').first().waitFor(PATIENT);
    await page.locator('body').press('Escape');
    await cards.first().waitFor({ ...PATIENT, state: 'detached' });
    await board.action('check').press('Enter');
    await cards.first().waitFor(PATIENT);
    assert.deepEqual(await violations(board), []);
  });
});

test('a running host is looked at, and says its verdict and how long that took', async () => {
  await on(here, async ({ page }) => {
    await page.keyboard.press('d');
    await page.locator('.panel', { hasText: /looked at for/ }).waitFor(PATIENT);
    assert.match(
      await page.locator('.panel [data-verdict]').innerText(),
      /NUMA is not your problem|Nothing was found|finding/,
    );
  });
});

test('at 360 px nothing is cut off or scrolls to the side, and what is chosen in an editor is in view', async () => {
  await on(
    recorded,
    async (board) => {
      const { page } = board;
      let tell: (event: HostEvent) => void = () => undefined;
      await page.routeWebSocket(/socket$/, (own) => {
        own.connectToServer();
        tell = (event) => own.send(JSON.stringify(event));
      });
      await page.reload(PATIENT);
      await board.pu(0).waitFor(PATIENT);
      await page.keyboard.press('d');
      const card = page.locator('.panel .dx-card').first();
      await card.waitFor(PATIENT);
      const wide = await card.evaluate((one) => {
        const own = one.getBoundingClientRect();
        return [...one.querySelectorAll('dd, .find, h3')].filter(
          (part) => part.getBoundingClientRect().right > own.right + 1,
        ).length;
      });
      assert.equal(wide, 0);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      // A note, in its fold, of an outcome that was put away.
      const note = page.locator('[data-finding="numa-balancing"]');
      const finding = Number((await note.getAttribute('data-key'))?.replace('finding-', ''));
      await page.locator('body').press('Escape');
      await card.waitFor({ ...PATIENT, state: 'detached' });
      tell({ type: 'event', event: 'reveal', finding });
      await note.and(page.locator(':focus')).waitFor(PATIENT);
      const inSight = ({ y }: Box): boolean => y >= 0 && y < 900;
      await waitFor(async () => inSight(await boxOf(note)), { what: 'the note in sight' });
      await page.close();
    },
    360,
  );
});
