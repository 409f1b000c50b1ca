// How a board is opened in a real browser: by the file, by the address, again, in a second tab, and not by who comes second.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import type { Browser } from 'playwright-core';
import { start, type Started } from '../cli/cli.ts';
import { fakeOpener } from '../cli/opener.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { consume } from '../support/consumers.ts';
import { recommendFrom } from '../../src/model/recommend/recommend.ts';
import { guidedRun } from '../unit/bench/guide/guided.ts';
import { twoSockets } from '../unit/topologies.ts';
import { isBoard, openBoard, PATIENT, serve, sharedBrowser } from './page.ts';
import { planBesideThisMachine } from './plan-beside.ts';
import { planOnTheBoard } from './plan-face.ts';
import { raceFromTheTray } from './race.ts';

const folder = temporaryFolder('opening');
const { program, calls } = fakeOpener(folder, 'opener');
const chromium = sharedBrowser();
let browser: Browser;
let cli: Started;

before(async () => {
  browser = await chromium.open();
  mkdirSync(join(folder, 'tmp'));
  cli = await start(['serve', '--no-prompt', '--from', 'pack:1 core:2 pu:1'], {
    DISPLAY: ':0',
    SSH_CONNECTION: undefined,
    WSL_DISTRO_NAME: undefined,
    PATH: `${dirname(program)}${delimiter}${process.env['PATH'] ?? ''}`,
    TMPDIR: join(folder, 'tmp'),
  });
});

after(async () => {
  await chromium.leave();
  await cli.stop();
  removeFolder(folder);
});

const asked = { timeoutMs: PATIENT.timeout };

test('the file leads to the board, which stays open at a clean address; its reload and further tabs need no key', async () => {
  const [file = ''] = await waitFor(() => calls()[0], { what: () => `the browser:\n${cli.output()}`, ...asked });
  const printed = await waitFor(() => /http:\S+token=\S+/.exec(cli.stdout())?.[0], { what: 'the address', ...asked });
  const context = await browser.newContext();
  const page = await context.newPage();
  const referrers: string[] = [];
  page.on('request', (request) => referrers.push(request.headers()['referer'] ?? ''));
  await page.goto(file, PATIENT);
  await page.waitForURL(isBoard, PATIENT);
  const board = page.url();
  await page.locator('[data-cpu="0"]').first().waitFor(PATIENT);
  assert.doesNotMatch(referrers.join('\n'), /token/);
  await page.reload(PATIENT);
  await page.locator('[data-cpu="0"]').first().waitFor(PATIENT);
  await page.goBack({ ...PATIENT, waitUntil: 'commit' }).catch(() => null);
  assert.doesNotMatch(page.url(), /token/, 'the way back leads to no key');

  // In the same browser an address that is used up, or none at all, finds the board again.
  const tab = await context.newPage();
  for (const address of [printed, printed, new URL('/', printed).href]) {
    await tab.goto(address, PATIENT);
    await tab.waitForURL(isBoard, PATIENT);
    assert.equal(tab.url(), board);
    await tab.locator('[data-cpu="0"]').first().waitFor(PATIENT);
  }
  await context.close();

  const other = await browser.newPage();
  assert.equal((await other.goto(printed, PATIENT))?.status(), 403);
  assert.match((await other.textContent('body')) ?? '', /opens the board once/);
  assert.equal((await other.goto(board, PATIENT))?.status(), 403);
  await other.close();
});

test('a saved run opens on its verdict; nothing waits, asks or fails, and what is to be pasted is copied whole', async () => {
  const run = guidedRun(twoSockets(), { figure: ({ latency }) => (latency ? 300 : 5e7) });
  const file = join(folder, 'run.numa.json');
  writeFileSync(file, JSON.stringify(run));
  const served = await serve(['--from', file, '--to', join(folder, 'exports')]);
  const permissions = ['clipboard-read', 'clipboard-write'];
  const board = await openBoard(browser, served.address, undefined, { permissions });
  try {
    const { page } = board;
    const verdict = page.locator('.panel [data-verdict]').first();
    const sentence = run.verdict?.sentence ?? '';
    const answers = async (): Promise<boolean> => sentence.startsWith((await verdict.textContent()) ?? '?');
    await waitFor(answers, { what: 'the verdict', ...asked });
    const words = await page.locator('body').innerText();
    assert.doesNotMatch(words, /Waiting|not sampled|no figure|not measured yet/i);
    assert.equal(words.split('nothing can run on it').length, 2, 'it is said once');
    const live = [
      '.time',
      '.seg',
      '.ask',
      '[data-action="run"]',
      '[data-action="program"]',
      '[data-action="run-again"]',
    ];
    for (const part of live) assert.equal(await page.locator(`${part}:visible`).count(), 0, part);
    for (const key of ['g', '1', '2', '3', '4', 'r']) await page.keyboard.press(key);
    assert.ok(await answers());
    assert.equal(await page.locator('[role=alert]:visible').count(), 0);

    const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    const copied = async (action: string): Promise<string> => {
      await page.evaluate(() => navigator.clipboard.writeText(''));
      await board.action(action).click(PATIENT);
      return waitFor(clipboard, { what: `the words of ${action}`, ...asked });
    };
    for (const { tool, part, text } of recommendFrom(run.topology, run)) {
      const key = part === undefined ? tool : `${tool}-${part}`;
      const block = page.locator(`[data-paste="${key}"]`);
      await block.locator('summary').click(PATIENT);
      assert.equal(await copied(`copy-${key}`), text, key);
      assert.equal(await block.locator('pre').textContent(), text, key);
      consume(tool, text);
    }
    assert.equal(await copied('copy-command'), run.repeat);
    await board.action('export').click(PATIENT);
    const path = await copied('copy-export');
    assert.equal(await page.locator('[data-exported]').textContent(), path);
    assert.match(readFileSync(join(path, 'report.md'), 'utf8'), /^# /);

    // What a person closed stays closed on this page; another one opens on the verdict, too.
    await page.keyboard.press('Escape');
    await page.getByText('A recorded machine').waitFor(PATIENT);
    await page.reload(PATIENT);
    await page.getByText('A recorded machine').waitFor(PATIENT);
    const other = await openBoard(browser, served.address);
    await other.page.locator('[data-run][aria-selected=true]').waitFor(PATIENT);
    await other.close();
    assert.deepEqual(board.complaints, []);
  } finally {
    await board.close();
    await served.cli.stop();
  }
});

// They wait more than they work: for looks at this machine, and for what races.
void describe('side by side', { concurrency: true }, () => {
  test('a plan and its file are one: dragged, typed and by keys, and whatever is written in it', () =>
    planOnTheBoard(browser, folder));

  test('a plan beside its host: a program that is moved off its CPU is flagged there, told, and found back', () =>
    planBesideThisMachine(browser, folder));

  test('a race is run from the tray to its verdict and what to paste, and another is cancelled', () =>
    raceFromTheTray(browser, folder));
});
