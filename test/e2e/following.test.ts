// Processes that nobody started from the board: followed by name, their threads on its CPUs, moved after a question, and put back.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test, { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { buildProgram, type BuiltProgram } from '../support/built.ts';
import { startProcess, waitFor } from '../support/processes.ts';
import type { StartedProcess } from '../support/processes.ts';
import { violations } from './axe.ts';
import { openBoard, PATIENT, serve, sharedBrowser } from './page.ts';
import type { Served } from './page.ts';

const chromium = sharedBrowser();
let browser: Browser;
let served: Served;
let program: BuiltProgram;
let running: StartedProcess;

before(async () => {
  program = buildProgram('threads');
  running = await startProcess(program.path, ['16', 'worker:0:3']);
  browser = await chromium.open();
  served = await serve();
});
after(async () => {
  await chromium.leave();
  await served.cli.stop();
  await running.stop();
  program.remove();
});

/** Affinities of its threads of that name, as the kernel has them. */
function allowed(name: string): string[] {
  const pid = String(running.child.pid);
  return readdirSync(`/proc/${pid}/task`).flatMap((tid) => {
    const status = readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8');
    const mine = /^Name:\s*(.*)$/m.exec(status)?.[1] === name;
    return mine ? [/^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? ''] : [];
  });
}
const becomes = (name: string, list: string | undefined): Promise<unknown> =>
  waitFor(() => allowed(name).length > 0 && allowed(name).every((one) => one === list), {
    what: () => `${name} on ${String(list)}: ${allowed(name).join(' ')}`,
    timeoutMs: PATIENT.timeout,
  });

test('threads of a process that was there stand on their CPUs, are moved when a person agrees, and put back', async () => {
  const board = await openBoard(browser, served.address);
  const { page } = board;
  try {
    await board.pu(0).waitFor(PATIENT);
    const free = allowed('worker')[0];
    await page.keyboard.press('4');
    await board.action('follow').fill(`pid:${String(running.child.pid)}`);
    await board.action('follow').press('Enter');
    const told = page.locator('[data-following]');
    await told.getByText('Threads and all pages on node 0.').waitFor(PATIENT);
    await told.getByText(`Threads ${String(running.child.pid)}: 4 threads`).waitFor(PATIENT);
    await page.getByRole('table', { name: 'Threads by name' }).getByText('worker × 3').waitFor(PATIENT);
    await page
      .locator('.thread-on')
      .first()
      .waitFor({ ...PATIENT, state: 'attached' });
    // By keys, out of the tray; the careful answer is the near one, and nothing was done yet.
    await board.action('followed').press('Enter');
    const token = board.token('thread:worker');
    const carry = async (): Promise<void> => {
      await token.press('Enter', PATIENT);
      for (const key of ['1', 'Enter']) await page.keyboard.press(key);
      await page.locator('dialog[open]').getByText('Keep 3 threads of threads on CPU 1?').waitFor(PATIENT);
    };
    await carry();
    assert.deepEqual(await violations(board), []);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ ...PATIENT, state: 'detached' });
    assert.ok(allowed('worker').every((list) => list === free));
    await carry();
    await board.screenshot('following-question');
    await board.action('pin-accept').click(PATIENT);
    await becomes('worker', '1');
    assert.deepEqual(allowed('threads'), [free], 'no other thread was moved');
    await board.action('fix-threads-back').click(PATIENT);
    await becomes('worker', free);
    await board.action('fix-threads-back').waitFor({ ...PATIENT, state: 'detached' });
    // In the timeline each process has a lane of its own, the last of the kinds.
    await board.action('lanes').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await waitFor(
      async () =>
        /CPUs kept busy by each followed process, threads \d+ /.test(
          (await page.locator('.time [role="slider"]').getAttribute('aria-valuetext')) ?? '',
        ),
      { what: 'a lane of the process', timeoutMs: PATIENT.timeout },
    );
    // What nobody follows any more is not drawn.
    await board.action('follow-none').press('Enter', PATIENT);
    await page
      .locator('.thread-on')
      .first()
      .waitFor({ ...PATIENT, state: 'detached' });
    assert.deepEqual(board.complaints, []);
  } catch (error) {
    await board.screenshot('failed-following');
    throw error;
  } finally {
    await board.close();
  }
});
