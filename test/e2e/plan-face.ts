// Owns a plan's way over the board, as a person goes it: dragged, typed and by keys, into its file and out of it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { waitFor } from '../support/processes.ts';
import { violations } from './axe.ts';
import { openBoard, PATIENT, serve, themesOf } from './page.ts';

const EXAMPLE = new URL('../../docs/examples/four-vms.plan.yaml', import.meta.url);

export async function planOnTheBoard(browser: Browser, folder: string): Promise<void> {
  const before = readFileSync(EXAMPLE, 'utf8');
  const file = join(folder, 'four-vms.plan.yaml');
  writeFileSync(file, before);
  const now = (): string => readFileSync(file, 'utf8');
  const written = (words: string): Promise<unknown> =>
    waitFor(() => now().includes(words), {
      what: () => `${words} in the file:\n${now()}`,
      timeoutMs: PATIENT.timeout,
    });
  /** Until an act is in the file: a second one before that would be taken for the first. */
  const changes = async (act: () => Promise<void>): Promise<void> => {
    const last = now();
    await act();
    await waitFor(() => now() !== last, { what: 'a change of the file', timeoutMs: PATIENT.timeout });
  };
  const served = await serve(['--plan', file]);
  const [[, wishes] = ['', {}]] = themesOf(0);
  const board = await openBoard(browser, served.address, undefined, wishes);
  const { page } = board;
  const row = (name: string): ReturnType<typeof page.locator> => page.locator(`[data-block-row="${name}"]`);
  const cpu = (id: number): ReturnType<typeof page.locator> => page.locator(`.plan [data-cpu="${id}"]`);
  const area = (name: string): ReturnType<typeof page.locator> => page.locator(`[data-area="${name}"]`);
  const where = (name: string, words: string): Promise<void> => row(name).filter({ hasText: words }).waitFor(PATIENT);
  try {
    await where('slm', 'Node 1, P#26–29, 62–65');
    await area('slm').waitFor(PATIENT);

    // By pointer onto a core: whole cores from there on, and what only counts its cores gives way.
    await board.drag(row('slm').locator('.grab'), cpu(20));
    await written('cpus: "20-23,56-59"');
    await where('slm', 'P#20–23, 56–59');
    await where('data', 'P#18–19, 24–29');
    // Its beginning by keys: a core less, a core more.
    await row('slm').focus();
    await page.keyboard.press(']');
    await written('cpus: "21-23,57-59"');
    await page.keyboard.press('[');
    await written('cpus: "20-23,56-59"');
    // The list of keys is the plan's.
    await page.keyboard.press('?');
    await page.locator('.keys').filter({ hasText: 'back into the tray' }).waitFor(PATIENT);
    assert.equal(await page.locator('.keys').filter({ hasText: 'the guided run' }).count(), 0);
    await board.action('help-close').click(PATIENT);
    // By keys: a core less, a core more, to the node before.
    await row('tasks').focus();
    await page.keyboard.press('-');
    await written('cores: 3');
    assert.match(now(), /threads: 6\n.*\n.*guest: \{ sockets: 1, cores: 3, threads: 2 \}/);
    await page.keyboard.press('+');
    await waitFor(() => !now().includes('cores: 3'), { what: 'four cores again', timeoutMs: PATIENT.timeout });
    // Carried by keys: up from the machine, over a node, dropped.
    await row('tasks').press('Enter');
    for (const key of ['+', '+', '+', 'Shift+ArrowLeft']) await page.keyboard.press(key);
    await page.locator('.plan-trial').filter({ hasText: 'tasks on node 0' }).waitFor(PATIENT);
    await page.keyboard.press('Enter');
    await where('tasks', 'Node 0');
    // Node 0 has no room for that: it is said on the block, and in the list.
    await row('tasks').locator('.trouble.error').waitFor(PATIENT);
    await page.locator('[data-problem="overcommits-cpus"]').waitFor(PATIENT);

    // By a field; what is wrong with what is typed stands beside it.
    await row('data').click(PATIENT);
    const memory = board.action('plan-memory');
    await memory.fill('much');
    await memory.press('Enter');
    await page.locator('#wrong-plan-memory').filter({ hasText: 'Give a size with its unit' }).waitFor(PATIENT);
    await memory.fill('48GB');
    await memory.press('Enter');
    await written('memory: 48GB');
    // Rarer fields, and lists of the whole plan, unfold.
    await page.locator('.plan-more > summary').click(PATIENT);
    await board.action('plan-storage').fill('40GB on tape');
    await board.action('plan-storage').press('Enter');
    await page.locator('#wrong-plan-storage').filter({ hasText: 'The plan has no storage "tape"' }).waitFor(PATIENT);
    await board.action('plan-storage').fill('40GB on ssd, 1TB on hdd');
    await board.action('plan-storage').press('Enter');
    await written('storage: [{ on: ssd, size: 40GB }, { on: hdd, size: 1TB }]');
    await page.locator('[data-list="reserve"] > summary').click(PATIENT);
    await board.action('plan-reserve-0-cores').fill('1');
    await board.action('plan-reserve-0-cores').press('Enter');
    await written('- { node: 0, cores: 1, memory: 8GB }');
    const flows = page.locator('[data-list="flows"]');
    await flows.locator('> summary').click(PATIENT);
    await flows.locator('[data-item="new"] > summary').click(PATIENT);
    await board.action('plan-flows-new-bytes').fill('10-20MB');
    await board.action('plan-flows-new-bytes').press('Enter');
    await written('- { from: slm-heavy, to: slm-heavy, bytes: [10MB, 20MB] }');
    // A block more, under a name of its own; it goes as it came.
    await board.action('add-block').click(PATIENT);
    await written('- { name: vm-1, kind: vm, cores: 1 }');
    await board.action('plan-name').fill('slm');
    await board.action('plan-name').press('Enter');
    await page.locator('#wrong-plan-name').filter({ hasText: 'Another block has that name.' }).waitFor(PATIENT);
    await board.action('plan-name').fill('cache');
    await board.action('plan-name').press('Enter');
    await written('- { name: cache, kind: vm, cores: 1 }');
    await board.action('remove-block').click(PATIENT);
    await waitFor(() => !now().includes('cache'), { what: 'no such block', timeoutMs: PATIENT.timeout });
    await row('data').click(PATIENT);
    // Drawn out by its handle, onto a core that nobody names: shown on the way, and written where it is let go.
    await changes(() => board.drag(page.locator('[data-handle="last"]'), cpu(18)));
    await where('data', '1 core');

    // Each is taken back, and the file is to the letter what it was; every comment stayed meanwhile.
    for (const comment of before.match(/#.*/g) ?? []) assert.ok(now().includes(comment), comment);
    for (let left = 30; now() !== before && left > 0; left--)
      await changes(() => board.action('plan-undo').click(PATIENT));
    assert.equal(now(), before);

    // What is written in the file is shown; what is no plan is told with its line, and the last plan stays.
    writeFileSync(file, before.replace('memory: 60GB', 'memory: 61GB'));
    await row('data').filter({ hasText: '61 GB' }).waitFor(PATIENT);
    writeFileSync(file, before.replace('memory: 60GB', 'memory: sixty'));
    await page.locator('.plan-wrong').filter({ hasText: 'Line 34: blocks[1].memory' }).waitFor(PATIENT);
    await row('data').filter({ hasText: '61 GB' }).waitFor(PATIENT);
    // Neither is lost: nothing is written over what cannot be read.
    await row('slm').focus();
    await page.keyboard.press('-');
    await page.locator('.notice').filter({ hasText: 'Nothing was written' }).waitFor(PATIENT);
    assert.match(now(), /sixty/);
    writeFileSync(file, before);
    await row('data').filter({ hasText: '60 GB' }).waitFor(PATIENT);
    await waitFor(async () => (await page.locator('.plan-wrong svg').count()) === 0, {
      what: 'no wrong line',
      timeoutMs: PATIENT.timeout,
    });
    // The board is a press away, and back.
    await board.action('plan-face').click(PATIENT);
    await page.locator('.tray [data-token="producer"]').waitFor(PATIENT);
    await board.action('plan-face').click(PATIENT);
    await area('slm').waitFor(PATIENT);
    await board.screenshot('plan');
    assert.deepEqual(await violations(board), []);
    assert.deepEqual(board.complaints, []);
  } catch (error) {
    await board.screenshot('failed-plan');
    throw error;
  } finally {
    await board.close();
    await served.cli.stop();
  }
}
