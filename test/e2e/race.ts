// Owns the best placement of a program, found from the tray: what it asks for, what it shows meanwhile, what it answers, how it is cancelled.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openProgram } from './own-program.ts';
import { openBoard, PATIENT, serve, themesOf } from './page.ts';

/** Tells as a rate what it was given, by count and never by time: of one CPU more than of all. It lives until its threads were looked at. */
const COUNTS = `case $(sed -n 's/^Cpus_allowed_list:[[:blank:]]*//p' /proc/self/status) in *-*|*,*) rate=1;; *) rate=2;; esac
echo "{\\"metric\\": \\"turns/s\\", \\"value\\": $rate}"
sleep 0.3
`;

export async function raceFromTheTray(browser: Browser, folder: string): Promise<void> {
  writeFileSync(join(folder, 'counts.sh'), COUNTS);
  writeFileSync(join(folder, 'turns.sh'), `echo turn >>'${join(folder, 'turns')}'; sleep 0.1\n`);
  const served = await serve();
  const [[theme, wishes] = ['dark', {}]] = themesOf(1);
  const board = await openBoard(browser, served.address, undefined, wishes);
  const panel = board.page.locator('.panel');
  const race = async (script: string): Promise<void> => {
    await openProgram(board);
    await board.action('program-line').fill(`sh ${join(folder, script)}`);
    await board.action('program-race').click(PATIENT);
  };
  try {
    await board.pu(0).waitFor(PATIENT);
    await openProgram(board);
    await board.action('program-race').click(PATIENT);
    await board.page.getByText('Enter the command first.').waitFor(PATIENT);

    await race('turns.sh');
    const turns = (): number => {
      try {
        return readFileSync(join(folder, 'turns'), 'utf8').split('\n').length;
      } catch {
        return 0;
      }
    };
    await panel.getByText('Which placement is the best for sh?').waitFor(PATIENT);
    await panel
      .getByText(/repetitions? so far/)
      .or(panel.locator('svg.strip'))
      .first()
      .waitFor(PATIENT);
    assert.ok(turns() > 2, 'it ran');
    // Nothing else can be started meanwhile.
    assert.equal(await board.action('program-race').getAttribute('aria-disabled'), 'true');
    await board.action('stop-keep').click(PATIENT);
    await panel
      .getByText(/cancelled/i)
      .first()
      .waitFor(PATIENT);
    await panel.locator('[data-race]').waitFor(PATIENT);
    const before = turns();

    await race('counts.sh');
    await panel
      .getByText(/beats unpinned: 2 turns\/s against 1 turns\/s/)
      .first()
      .waitFor(PATIENT);
    const rows = await panel.locator('[data-race] tbody tr').allInnerTexts();
    assert.ok(
      rows.some((row) => row.startsWith('unpinned')) && rows.filter((row) => row.endsWith('winner')).length === 1,
      rows.join('\n'),
    );
    const paste = panel.locator('[data-paste="taskset"]');
    await paste.locator('summary').click(PATIENT);
    await paste.getByText(/^taskset --cpu-list \d+ sh /).waitFor(PATIENT);
    await board.screenshot(`race-${theme}`);
    assert.equal(turns(), before, 'what was cancelled runs no more');
    assert.deepEqual(board.complaints, []);
  } catch (error) {
    await board.screenshot('failed-race');
    throw error;
  } finally {
    await board.close();
    await served.cli.stop();
  }
}
