// Owns what a person does to ask whether two pools belong apart: laid out by keys, measured, decided, exported.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { decide } from '../../src/model/bench/separation/decision.ts';
import { signWords } from '../../src/model/bench/separation/sign-words.ts';
import type { SeparationCase } from '../../src/model/cases/separation.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { varied } from '../support/long.ts';
import { waitFor } from '../support/processes.ts';
import { violations } from './axe.ts';
import { PATIENT, quick } from './page.ts';
import type { BoardPage } from './page.ts';

/** Whole nodes, by what widens a worker to its core and on to its node. */
const LAID = [
  ['walkers', ['w', '0', '+', '+', 'Enter'], 'cpus 0-3'],
  ['workers', ['v', '8', '+', '+', 'Enter'], 'cpus 8-11'],
  ['store', ['m', '2', 'Enter'], 'node 2'],
] as const;
/** An emulator shares two busy CPUs among its sixteen: as many rounds as an interval needs take minutes. */
const ROUNDS = varied(2, 9);

/** The first arrow opens the list. */
async function stepTo(board: BoardPage, list: string, steps: number): Promise<void> {
  await board.action(list).focus();
  for (let step = 0; step <= steps; step++) await board.page.keyboard.press('ArrowDown');
  await board.page.keyboard.press('Enter');
}

const decisionOf = (board: BoardPage): Locator => board.page.getByRole('table', { name: 'The decision' });

export async function laidOutByKeys(board: BoardPage): Promise<void> {
  const { keyboard } = board.page;
  await keyboard.press('5');
  await board.action('layouts').waitFor(PATIENT);
  for (const [role, keys, words] of LAID) {
    for (const key of keys) await keyboard.press(key);
    await board.sits(role, words);
  }
  await stepTo(board, 'layouts', 1);
  await stepTo(board, 'loads', 2);
  await board.action('size').fill('1 MB');
  await board.action('size').press('Enter');
  await quick(board, ROUNDS, '300 ms');
  for (const words of [`${String(ROUNDS)} rounds of 300 ms each`, '3 cases in turn'])
    await board.page.getByText(words).waitFor(PATIENT);
  await board.screenshot('four-sockets-pools-placed');
}

/** What is laid out is measured beside mixed and separated pools, each sign and each argument stands in the panel, and so in the exported page. */
export async function decided(board: BoardPage, exports_: string): Promise<void> {
  const { page } = board;
  await board.action('run-placed').click(PATIENT);
  await board.action('stop').waitFor(PATIENT);
  await board.screenshot('four-sockets-pools-running');
  // By what the first round took.
  await page.getByText(/^About .* to go\.$|^At this pace \d+ of \d+ rounds fit/).waitFor({ timeout: 600_000 });
  await decisionOf(board).waitFor({ timeout: 600_000 });
  for (const [role, , words] of LAID) await board.sits(role, words);
  await board.screenshot('four-sockets-pools');
  const before = readdirSync(exports_);
  await page.keyboard.press('e');
  const folder = await waitFor(
    () => readdirSync(exports_).find((name) => !name.startsWith('.') && !before.includes(name)),
    { what: 'an exported page', timeoutMs: PATIENT.timeout },
  );
  const read = (name: string): string => readFileSync(join(exports_, folder, name), 'utf8');
  const run = parseRun(read('run.numa.json'));
  const cases = run.results.flatMap(({ benchmark, placement }): SeparationCase[] =>
    benchmark === 'separation' && placement.kind === 'separation' ? [placement] : [],
  );
  assert.deepEqual(
    cases.map(({ layout, walkers, workers, store }) => [layout, walkers.length, workers.length, store ?? null]),
    [
      ['mixed', 8, 8, null],
      ['separated', 4, 12, null],
      ['custom', 4, 4, [2]],
    ],
  );
  const { rows, counter, sentence } = decide(run.results, run.thresholds);
  const shown = await decisionOf(board).innerText();
  for (const row of rows)
    for (const words of [row.title, signWords(row).value]) assert.ok(shown.includes(words), `${words} in ${shown}`);
  assert.equal(await page.locator('[data-argument]').count(), counter.length);
  assert.ok(counter.length > 4);
  const panel = await page.locator('.panel').innerText();
  assert.ok(panel.includes('emulated host') && panel.includes(sentence.slice(0, 12)), panel);
  const report = read('report.md');
  for (const heading of ['## The decision (emulated)', '## Said against separating', '## Layouts (emulated)'])
    assert.ok(report.includes(heading), heading);
  assert.deepEqual(await violations(board), []);
}
