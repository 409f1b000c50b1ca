// Owns a plan held against this machine on the board: a program where it is planned, moved away and brought back, each seen on the page.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { parseCpuList } from '../../src/model/text/cpulist.ts';
import { startProcess } from '../support/processes.ts';
import { violations } from './axe.ts';
import { openBoard, PATIENT, serve, themesOf } from './page.ts';

export async function planBesideThisMachine(browser: Browser, folder: string): Promise<void> {
  const [, allowed = '0'] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const [home, far] = parseCpuList(allowed);
  assert.ok(home !== undefined && far !== undefined, 'it takes two CPUs to be on the wrong one');
  // A program goes by the name of its file, of which the kernel keeps 15 characters.
  const name = `np-${String(process.pid)}`;
  const program = join(folder, name);
  copyFileSync(realpathSync('/bin/sh'), program);
  const file = join(folder, 'beside.plan.yaml');
  writeFileSync(
    file,
    `schema: numa-pinboard/plan/1
blocks:
  - { name: ${name}, kind: process, cpus: "${String(home)}" }
  - { name: nobody, kind: process, cpus: "${String(far)}" }
`,
  );
  const worker = await startProcess('taskset', ['-c', String(home), program, '-c', 'while :; do sleep 0.2; done']);
  const move = (cpu: number): unknown => execFileSync('taskset', ['-cp', String(cpu), String(worker.pid)]);
  const served = await serve(['--plan', file]);
  const [[, wishes] = ['', {}]] = themesOf(2);
  const board = await openBoard(browser, served.address, undefined, wishes);
  const { page } = board;
  const row = (block: string, words: string): Promise<void> =>
    page.locator(`[data-block-row="${block}"] [data-beside]`).filter({ hasText: words }).waitFor(PATIENT);
  const line = page.locator('.plan-beside');
  const flag = page.locator('.plan .run .away.block');
  try {
    await page.locator('.plan').waitFor(PATIENT);
    assert.equal(await line.isVisible(), false, 'nothing is looked at unasked');
    await page.keyboard.press('c');
    await line.filter({ hasText: '1 of 2 blocks runs as planned; 1 does not run here' }).waitFor(PATIENT);
    // Others may work on its CPU meanwhile.
    await row(name, 'Runs as planned');
    await row('nobody', 'Not running here: there is no process called nobody.');
    assert.equal(await flag.count(), 0);
    assert.equal(await board.action('plan-compare').getAttribute('aria-pressed'), 'true');

    move(far);
    const words = `${name} runs on CPU ${String(far)}; the plan gives it CPU ${String(home)}.`;
    await row(name, `Drifted: ${words}`);
    await flag.waitFor(PATIENT);
    await page
      .locator('[role="status"].unseen')
      .filter({ hasText: words })
      .waitFor({ ...PATIENT, state: 'attached' });
    const card = page.locator('.plan-panel [data-finding="plan-cpus-off"]');
    await card.filter({ hasText: `sudo taskset -acp ${String(home)} ${String(worker.pid)}` }).waitFor(PATIENT);
    await board.screenshot('plan-beside');
    assert.deepEqual(await violations(board), []);

    move(home);
    await row(name, 'Runs as planned');
    await flag.waitFor({ ...PATIENT, state: 'detached' });
    await board.action('plan-compare').click(PATIENT);
    await line.waitFor({ ...PATIENT, state: 'hidden' });
    await page
      .locator('[data-beside]')
      .first()
      .waitFor({ ...PATIENT, state: 'detached' });
    assert.deepEqual(board.complaints, []);
  } catch (error) {
    await board.screenshot('failed-plan-beside');
    throw error;
  } finally {
    await board.close();
    await served.cli.stop();
    await worker.stop();
  }
}
