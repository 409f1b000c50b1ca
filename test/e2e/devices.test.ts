// I/O devices on the board: off until asked for, at their nodes, named, reached by keys, and none of it in the way.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { linkTo, paperDevices, pciFiles } from '../support/devices.ts';
import { topologyFile } from '../support/dump.ts';
import { varied } from '../support/long.ts';
import { removeFolder, waitFor } from '../support/processes.ts';
import { syntheticProbe } from '../unit/machines.ts';
import type { MachineShape } from '../unit/machines.ts';
import { violations } from './axe.ts';
import { OneBoard } from './one-board.ts';
import { boxOf, openBoard, PATIENT, serve, sharedBrowser, themesOf } from './page.ts';
import type { BoardPage, Served } from './page.ts';

interface Made {
  readonly shape: MachineShape;
  readonly near: readonly [string, string];
}

const MACHINES = {
  'two nodes': {
    shape: { packages: 2, coresPerNode: 4, threads: 2, cpulessNodes: 1, numbering: 'compact' },
    near: ['0-7', '8-15'],
  },
  '384 CPUs': {
    shape: { packages: 2, coresPerNode: 96, threads: 2, l3PerNode: 12 },
    near: ['0-95,192-287', '96-191,288-383'],
  },
} satisfies Record<string, Made>;
type Machine = keyof typeof MACHINES;

/** Beside those of every paper machine: one that firmware names no node of, and one at the node without CPUs. */
function filesOf({ shape, near }: Made): Map<string, string> {
  return new Map([
    ...syntheticProbe(shape),
    ...paperDevices(near),
    ...pciFiles({ address: '0000:00:1f.6', code: '020000', node: -1, cpus: '' }),
    linkTo('net', 'eno1', '0000:00:1f.6'),
    ...('cpulessNodes' in shape ? pciFiles({ address: '0000:c1:00.0', code: '010802', node: 2, cpus: '' }) : []),
  ]);
}

const chromium = sharedBrowser();
let browser: Browser;
const served = new Map<Machine, Served>();
const folders: string[] = [];

before(async () => {
  browser = await chromium.open();
  for (const [name, made] of Object.entries(MACHINES)) {
    const file = topologyFile(filesOf(made));
    folders.push(dirname(file));
    served.set(name as Machine, await serve(['--from', file]));
  }
});

after(async () => {
  for (const page of Object.values(pages)) await page.close();
  await chromium.leave();
  for (const { cli } of served.values()) await cli.stop();
  folders.forEach(removeFolder);
});

const pageOf = (machine: Machine): OneBoard =>
  new OneBoard(() => openBoard(browser, served.get(machine)?.address ?? ''));
const pages = { 'two nodes': pageOf('two nodes'), '384 CPUs': pageOf('384 CPUs') } satisfies Record<Machine, OneBoard>;

/** The machine without its devices. */
const onBoard = (machine: Machine, work: (board: BoardPage) => Promise<void>): Promise<void> =>
  pages[machine].on(async (board) => {
    await board.pu(0).waitFor(PATIENT);
    assert.equal(await board.page.locator('.device').count(), 0);
    await work(board);
  });

const device = (board: BoardPage, name: string): Locator => board.page.locator(`[data-device="${name}"]`);

interface Spot {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const spotsOf = (board: BoardPage, selector: string): Promise<Spot[]> =>
  board.page.locator(selector).evaluateAll((all) =>
    all.map((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      const name = one.closest('[data-device], [data-cpu], [data-node]')?.getAttribute('aria-label') ?? '';
      return { name, left, right, top, bottom };
    }),
  );

/** Chips that lie over one another, over a thread or a node's bar, or out of the board. */
async function collisions(board: BoardPage): Promise<string[]> {
  const chips = await spotsOf(board, '.device .dev');
  const others = await spotsOf(board, '[data-cpu] .pu, [data-node] .node');
  const [around] = await spotsOf(board, '.board');
  const over = (a: Spot, b: Spot): boolean =>
    a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
  return chips.flatMap((chip, i) => {
    const out = !around || chip.left < around.left || chip.right > around.right || chip.bottom > around.bottom;
    const hit = [...chips.slice(i + 1), ...others].filter((other) => over(chip, other));
    return [
      ...(out ? [`${chip.name} out of the board`] : []),
      ...hit.map((other) => `${chip.name} over ${other.name}`),
    ];
  });
}

test('devices come and go by a key and by a button, and stay over a reload', () =>
  onBoard('two nodes', async (board) => {
    await board.page.keyboard.press('i');
    await device(board, 'ens1f0').waitFor(PATIENT);
    assert.equal(await board.action('devices').getAttribute('aria-pressed'), 'true');
    assert.equal(await device(board, 'ens1f0').getAttribute('aria-label'), 'net ens1f0, network, node 1, P#8–15 near');
    assert.equal(
      await device(board, 'eno1').getAttribute('aria-label'),
      'net eno1, network, node unknown, no CPU nearer than the others',
    );
    const bar = await boxOf(board.node(1));
    const chip = await boxOf(device(board, 'ens1f0'));
    assert.ok(chip.y > bar.y + bar.height - 1 && chip.x >= bar.x - 1, 'below the bar of its node');
    await board.page.reload(PATIENT);
    await device(board, 'ens1f0').waitFor(PATIENT);
    await board.action('devices').click();
    await device(board, 'ens1f0').waitFor({ ...PATIENT, state: 'detached' });
  }));

test('who points at a device, or goes to it by keys, sees who is near; Enter leads on to its node', () =>
  onBoard('two nodes', async (board) => {
    await board.page.keyboard.press('i');
    await device(board, 'nvme0n1').hover(PATIENT);
    const near = board.page.locator('.near');
    await near.waitFor({ ...PATIENT, state: 'attached' });
    assert.equal((await near.getAttribute('d'))?.match(/M/g)?.length, 8);
    const words = await board.page.locator('.np-pop').innerText();
    assert.match(words, /node 1, P#8–15 near\nnvme0n1, storage, 0000:3c:00\.0, 0108 144d:a80a/);
    await board.page.mouse.move(1, 1);
    await near.waitFor({ ...PATIENT, state: 'detached' });

    await device(board, 'eth0').focus();
    await board.page.keyboard.press('End');
    assert.equal(await device(board, 'eno1').evaluate((one) => one === document.activeElement), true);
    await board.page.keyboard.press('Home');
    await near.waitFor({ ...PATIENT, state: 'attached' });
    await board.page.keyboard.press('Enter');
    await waitFor(() => board.node(0).evaluate((one) => one === document.activeElement), {
      what: 'the focus on node 0',
      timeoutMs: PATIENT.timeout,
    });
    await board.page.keyboard.press('t');
    const row = board.page.locator('.tables tr', { hasText: 'ens1f1' });
    assert.match(await row.innerText(PATIENT), /network\s+node 1\s+P#8–15 near\s+0000:3b:00\.1\s+0200 8086:1521/);
    for (const key of ['t', 'i']) await board.page.keyboard.press(key);
    await device(board, 'eth0').waitFor({ ...PATIENT, state: 'detached' });
  }));

for (const machine of Object.keys(MACHINES) as Machine[]) {
  // The small one, which is quick, in all themes.
  for (const [theme, wishes] of themesOf(machine === 'two nodes' ? 3 : 0)) {
    test(`${machine}, ${theme}: every chip has a place of its own and a name`, () =>
      onBoard(machine, async (board) => {
        await board.page.emulateMedia(wishes);
        const cells = await board.page.locator('[data-cpu]').count();
        await board.page.keyboard.press('i');
        await board.page.locator('.device').first().waitFor(PATIENT);
        await board.page.locator('.device').first().hover();
        await board.screenshot(`devices-${machine.replace(' ', '-')}-${theme}`);
        assert.equal(await board.page.locator('[data-cpu]').count(), cells);
        assert.deepEqual(await collisions(board), []);
        // The same parts, twenty times as many.
        if (varied(machine === 'two nodes', true)) assert.deepEqual(await violations(board), []);
        await board.page.keyboard.press('i');
        await board.page
          .locator('.device')
          .first()
          .waitFor({ ...PATIENT, state: 'detached' });
      }));
  }
}
