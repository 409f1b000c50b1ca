// How a board is opened in a real browser: by the file, by the address, again, in a second tab, and not by who comes second.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import test, { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { start, type Started } from '../cli/cli.ts';
import { fakeOpener } from '../cli/opener.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { isBoard, launchChromium, PATIENT } from './page.ts';

const folder = temporaryFolder('opening');
const { program, calls } = fakeOpener(folder, 'opener');
let browser: Browser;
let cli: Started;

before(async () => {
  browser = await launchChromium();
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
  await browser.close();
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
  for (const address of [printed, printed, new URL('/', printed).href]) {
    const tab = await context.newPage();
    await tab.goto(address, PATIENT);
    await tab.waitForURL(isBoard, PATIENT);
    assert.equal(tab.url(), board);
    await tab.locator('[data-cpu="0"]').first().waitFor(PATIENT);
    await tab.close();
  }
  await context.close();

  const other = await browser.newPage();
  assert.equal((await other.goto(printed, PATIENT))?.status(), 403);
  assert.match((await other.textContent('body')) ?? '', /opens the board once/);
  assert.equal((await other.goto(board, PATIENT))?.status(), 403);
  await other.close();
});
