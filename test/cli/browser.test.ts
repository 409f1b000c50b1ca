// Opening the browser: no secret on a command line, a file that only the user can read, and the first interrupt ends all of it.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { fakeOpener } from './opener.ts';
import { start, type Started } from './cli.ts';

const folder = temporaryFolder('browser');
after(() => removeFolder(folder));

const PATIENT = { timeoutMs: 120_000 };

/** The board of this machine on a desktop whose `xdg-open` is ours; none where `opener` is null. */
async function onDesktop(name: string, opener: string | null): Promise<Started> {
  const temporary = join(folder, name);
  mkdirSync(temporary);
  const path = opener === null ? temporary : `${dirname(opener)}${delimiter}${process.env['PATH'] ?? ''}`;
  const desktop = { DISPLAY: ':0', WAYLAND_DISPLAY: undefined, SSH_CONNECTION: undefined, WSL_DISTRO_NAME: undefined };
  return start(['serve', '--no-prompt', '--from', 'pack:1 core:2 pu:1'], { ...desktop, PATH: path, TMPDIR: temporary });
}

async function interruptOnce(cli: Started): Promise<void> {
  process.kill(cli.pid, 'SIGINT');
  assert.equal((await cli.ended).code, 0, cli.output());
}

test('the browser gets a private file, and no process a secret on its command line', async () => {
  const { program, calls } = fakeOpener(folder, 'opens');
  const cli = await onDesktop('opens-tmp', program);
  const [argument] = await waitFor(() => calls()[0], { what: () => `the browser:\n${cli.output()}`, ...PATIENT });
  assert.match(argument ?? '', /^file:\/\//);
  const file = fileURLToPath(argument ?? '');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(file)).mode & 0o777, 0o700);
  const url = /url=(http:\/\/127\.0\.0\.1:\d+\/\?token=([\w-]+))/.exec(readFileSync(file, 'utf8'));
  assert.ok(url?.[1] && url[2]);
  assert.doesNotMatch(argument ?? '', new RegExp(url[2]));
  assert.doesNotMatch(readFileSync(`/proc/${String(cli.pid)}/cmdline`, 'utf8'), /token/);
  const printed = await waitFor(() => /token=([\w-]+)/.exec(cli.stdout())?.[1], { what: 'the address', ...PATIENT });
  assert.notEqual(printed, url[2], 'the printed address is another one, and still opens');
  assert.equal((await fetch(url[1])).status, 200);
  assert.equal((await fetch(url[1])).status, 403, 'once');
  assert.ok(!existsSync(dirname(file)), 'the file is gone once it was used');
  await interruptOnce(cli);
});

test('the first interrupt ends it while the browser has not come yet, and leaves no file', async () => {
  const { program, calls } = fakeOpener(folder, 'waits');
  const cli = await onDesktop('waits-tmp', program);
  const [argument] = await waitFor(() => calls()[0], { what: () => `the browser:\n${cli.output()}`, ...PATIENT });
  await interruptOnce(cli);
  assert.ok(!existsSync(dirname(fileURLToPath(argument ?? ''))));
});

test('where no browser can be started it says so, serves, and ends on the first interrupt', async () => {
  const cli = await onDesktop('none-tmp', null);
  await waitFor(() => cli.stderr().includes('Open it in a browser'), { what: () => cli.output(), ...PATIENT });
  await interruptOnce(cli);
});

test('a browser that fails to start is told of', async () => {
  const { program } = fakeOpener(folder, 'fails', 'exit 3');
  const cli = await onDesktop('fails-tmp', program);
  await waitFor(() => cli.stderr().includes('Open it in a browser'), { what: () => cli.output(), ...PATIENT });
  await interruptOnce(cli);
  rmSync(program);
});
