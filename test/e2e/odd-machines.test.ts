// Machines that say too little, too much or something odd: warnings that open, empty nodes that unfold, and what may not be used seen as such.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { Topology } from '../../src/model/topology/topology.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { fakeNuma, graceHopper, machine } from '../unit/layout/topologies.ts';
import { violations } from './axe.ts';
import { openBoard, PATIENT, serve, sharedBrowser } from './page.ts';
import type { Served } from './page.ts';

const HOSTILE = '<img src=x onerror=alert(1)> \u202etxt.exe ' + 'averyveryverylongwordwithoutanyblank'.repeat(20);
const WARNINGS = [1, 2, 3].map((id) => `Node ${id} claims CPUs 0-3, which another node has.`).concat(HOSTILE);

const limited = machine({ packages: 2, coresPerNode: 4, threads: 2, name: 'limited', allowed: '0-3' });
const masked = machine({ packages: 1, coresPerNode: 8, name: 'masked' });
const made = <T>(items: readonly T[]): T[] => items.map((item) => ({ ...item, inferred: true }));

const MACHINES = {
  hopper: graceHopper(4),
  fake: { ...fakeNuma(4, 8), warnings: WARNINGS },
  limited: {
    ...limited,
    nodes: limited.nodes.map((node) => ({ ...node, allowed: node.id === 0 })),
    cpus: limited.cpus.map((cpu) => ({ ...cpu, isolated: cpu.id === 2 })),
  },
  masked: {
    ...masked,
    packages: made(masked.packages),
    cores: made(masked.cores),
    nodes: made(masked.nodes),
    warnings: ['This host shows no NUMA nodes.'],
  },
} satisfies Record<string, Topology>;
type Name = keyof typeof MACHINES;

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };
const LIGHT: BrowserContextOptions = { colorScheme: 'light', contrast: 'no-preference' };
const DARK: BrowserContextOptions = { colorScheme: 'dark', contrast: 'no-preference' };
const HIGH: BrowserContextOptions = { colorScheme: 'dark', contrast: 'more' };

const chromium = sharedBrowser();
let browser: Browser;
const folder = temporaryFolder('odd');
const servers = new Map<Name, Served>();

before(async () => {
  browser = await chromium.open();
  for (const [name, topology] of Object.entries(MACHINES)) {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(topology));
    servers.set(name as Name, await serve(['--from', file]));
  }
});

after(async () => {
  await chromium.leave();
  for (const { cli } of servers.values()) await cli.stop();
  removeFolder(folder);
});

const open = (name: Name, size = WIDE, wishes = DARK): ReturnType<typeof openBoard> =>
  openBoard(browser, servers.get(name)?.address ?? '', size, wishes);

test('warnings stand on the board, open by key, pointer and finger, wrap, and give the focus back', async () => {
  const board = await open('fake', PHONE, { ...LIGHT, hasTouch: true });
  const { page } = board;
  try {
    const chip = board.action('warnings');
    const list = page.locator('dialog[open]');
    await chip.waitFor(PATIENT);
    assert.equal((await chip.innerText()).trim(), '2 warnings');
    await chip.focus();
    await page.keyboard.press('Enter');
    await list.waitFor(PATIENT);
    assert.match(await list.innerText(), /Node 1 claims CPUs 0-3[\s\S]*and 2 more like it[\s\S]*<img src=x onerror/);
    assert.doesNotMatch(await list.innerText(), /\u202e/);
    assert.ok(await list.evaluate((at) => at.scrollWidth <= at.clientWidth), 'long words wrap');
    await list.locator('summary').click();
    await page.getByText('Node 3 claims').waitFor(PATIENT);
    await board.screenshot('odd-warnings-phone');
    assert.deepEqual(await violations(board), []);
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached', ...PATIENT });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-action')), 'warnings');
    await chip.tap();
    await list.waitFor(PATIENT);
    await page.touchscreen.tap(8, 700);
    await list.waitFor({ state: 'detached', ...PATIENT });
    await page.keyboard.press('!');
    await list.waitFor(PATIENT);
    // Among the tables they have one of their own.
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached', ...PATIENT });
    await page.keyboard.press('t');
    const told = page.locator('table', {
      has: page.locator('caption', { hasText: 'What this host reports that cannot be right' }),
    });
    await told.locator('tbody tr', { hasText: 'Node 1 claims CPUs 0-3' }).waitFor(PATIENT);
    assert.deepEqual(board.complaints, []);
  } finally {
    await board.close();
  }
});

test('empty nodes are one chip that opens by key and pointer; finding one opens it; all nodes are in the document', async () => {
  const board = await open('hopper', WIDE, HIGH);
  const { page } = board;
  try {
    const chip = board.action('empty-nodes');
    await chip.waitFor(PATIENT);
    assert.equal(await board.action('warnings').isVisible(), false, 'there are none');
    assert.equal(await page.locator('[data-node]').count(), 36);
    assert.match((await chip.getAttribute('aria-label')) ?? '', /^28 empty nodes: 5–11, 13–19, 21–27, 29–35/);
    const expanded = (value: string): Promise<void> =>
      page.locator(`[data-action="empty-nodes"][aria-expanded="${value}"]`).waitFor(PATIENT);
    await expanded('false');
    assert.equal(await board.node(5).getAttribute('aria-hidden'), 'true');
    await chip.focus();
    await page.keyboard.press('Enter');
    await expanded('true');
    await board.node(35).locator('rect').first().waitFor(PATIENT);
    assert.match((await board.node(35).getAttribute('aria-label')) ?? '', /Node 35.*no memory|no CPUs/);
    await board.screenshot('odd-hopper-open');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-action')), 'empty-nodes');
    await chip.click();
    await expanded('false');
    await page.keyboard.press('f');
    await page.keyboard.type('node 13');
    await page.keyboard.press('Enter');
    await expanded('true');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-node')), '13');
    assert.deepEqual(board.complaints, []);
    assert.deepEqual(await violations(board), []);
  } finally {
    await board.close();
  }
});

test('what may not be used, is isolated or was made up is told by words, not by its look alone', async () => {
  const board = await open('limited', WIDE, LIGHT);
  try {
    await board.pu(0).waitFor(PATIENT);
    await board.page.locator('[data-node="1"] .barred').waitFor(PATIENT);
    assert.match((await board.node(1).getAttribute('aria-label')) ?? '', /outside the cpuset/);
    assert.doesNotMatch((await board.node(0).getAttribute('aria-label')) ?? '', /outside/);
    assert.match((await board.pu(2).getAttribute('aria-label')) ?? '', /isolated from the scheduler/);
    assert.equal(await board.page.locator('.cell .iso').count(), 1);
    const legend = await board.page.locator('.legend-line').innerText();
    assert.match(legend, /isolated from the scheduler[\s\S]*outside the cpuset/);
    await board.screenshot('odd-limited');
    assert.deepEqual(await violations(board), []);
  } finally {
    await board.close();
  }
  const hidden = await open('masked', PHONE, HIGH);
  try {
    await hidden.pu(0).waitFor(PATIENT);
    const title = await hidden.page.locator('.title .facts').textContent();
    assert.match(title ?? '', /^sockets unknown, cores unknown, 8 CPUs, no NUMA reported by this host/);
    assert.match((await hidden.node(0).getAttribute('aria-label')) ?? '', /^Memory.*no NUMA reported by this host/);
    assert.equal(await hidden.page.locator('.machine .core').count(), 0);
    assert.ok(await hidden.action('warnings').isVisible());
    await hidden.screenshot('odd-masked-phone');
    assert.deepEqual(await violations(hidden), []);
    assert.deepEqual([...board.complaints, ...hidden.complaints], []);
  } finally {
    await hidden.close();
  }
});
