// The user's own program from the board: a real one, started, its threads carried onto CPUs while it runs, its end kept.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import test, { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { buildProgram, type BuiltProgram } from '../support/built.ts';
import { varied } from '../support/long.ts';
import { waitFor } from '../support/processes.ts';
import { OneBoard } from './one-board.ts';
import { endProgram, openProgram, startProgram } from './own-program.ts';
import { openBoard, PATIENT, serve, sharedBrowser, themesOf } from './page.ts';
import type { BoardPage, Served } from './page.ts';

const chromium = sharedBrowser();
let browser: Browser;
let served: Served;
let program: BuiltProgram;

before(async () => {
  program = buildProgram('threads');
  browser = await chromium.open();
  served = await serve();
});

after(async () => {
  await one.close();
  await chromium.leave();
  await served.cli.stop();
  program.remove();
});

const one = new OneBoard(() => openBoard(browser, served.address));

const onBoard = (work: (board: BoardPage) => Promise<void>, wishes = {}): Promise<void> =>
  one.on(async (board) => {
    try {
      await board.page.emulateMedia(wishes);
      await board.pu(0).waitFor(PATIENT);
      await work(board);
    } catch (error) {
      await board.screenshot('failed-program');
      throw error;
    }
  });

const start = (board: BoardPage, words: string, where = ''): Promise<number> =>
  startProgram(board, `${program.path} ${words}`, where);

/** Folders of the threads of that name. */
function threadsNamed(pid: number, name: string): string[] {
  const tasks = `/proc/${String(pid)}/task`;
  return readdirSync(tasks)
    .map((tid) => `${tasks}/${tid}`)
    .filter((task) => readFileSync(`${task}/comm`, 'utf8').trim() === name);
}

/** Affinities of the threads of that name, as the kernel has them. */
const allowed = (pid: number, name: string): string[] =>
  threadsNamed(pid, name).map(
    (task) => /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync(`${task}/status`, 'utf8'))?.[1] ?? '',
  );

/** CPU that each last ran on: field 39 of its stat, counted behind the name. */
const lastRanOn = (pid: number, name: string): string[] =>
  threadsNamed(pid, name).map((task) => readFileSync(`${task}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[36] ?? '');

test('a program is started, its threads are dragged onto CPUs by mouse and by keyboard, and its end is a run', async () => {
  await onBoard(async (board) => {
    const pid = await start(board, '16 solo:0:1 worker:0:200');
    const solo = board.page.locator('.tray .row.thread', { hasText: 'solo' }).locator('.grab').first();
    const workers = board.token('thread:worker');
    await workers.waitFor(PATIENT);
    await solo.waitFor(PATIENT);
    // Two hundred of one name are one token, not two hundred.
    assert.ok((await board.page.locator('.tray .row.thread:visible').count()) < 10);
    await board.drag(solo, board.pu(1));
    await waitFor(() => allowed(pid, 'solo').join() === '1', { what: 'the thread on CPU 1', timeoutMs: 120_000 });
    assert.ok(!allowed(pid, 'worker').includes('1'), 'no other thread was moved');
    // Its row says so, the panel has a mark of it, and it is taken back from there, by keys, with the focus where it was.
    const row = board.page.locator('.tray .row.thread:visible', { hasText: 'solo' }).first();
    await row.getByText(/pinned to 1$/).waitFor(PATIENT);
    await board.page
      .locator('[data-steps]')
      .getByText(/^Moved solo \d+ to cpu 1, at /)
      .waitFor(PATIENT);
    const before = allowed(process.pid, 'node')[0];
    await row.locator('[data-action="thread-undo"]').press('Enter', PATIENT);
    await waitFor(() => allowed(pid, 'solo').join() === before, { what: 'the move undone', timeoutMs: 120_000 });
    await board.page
      .locator('[data-steps]')
      .getByText(/^Undid the move of solo/)
      .waitFor(PATIENT);
    await row.locator('[data-action="thread-undo"]').waitFor({ ...PATIENT, state: 'hidden' });
    assert.equal(await row.locator('.grab').evaluate((grab) => grab === document.activeElement), true);
    await board.drag(solo, board.pu(1));
    await row.locator('[data-action="thread-release"]').click(PATIENT);
    await waitFor(() => allowed(pid, 'solo').join() === before, { what: 'it to be released', timeoutMs: 120_000 });
    // The rows are rebuilt with every look at the program: the token is found anew by who it is.
    await workers.press('Enter');
    await board.page.keyboard.press('0');
    await board.page.keyboard.press('Enter');
    await waitFor(() => allowed(pid, 'worker').every((list) => list === '0'), {
      what: 'the workers on CPU 0',
      timeoutMs: 120_000,
    });
    assert.equal(allowed(pid, 'worker').length, 200);
    // On the machine each CPU says what runs there, and its threads can be taken from there, too. One that is free may be elsewhere by then.
    await board.drag(solo, board.pu(1));
    await waitFor(() => lastRanOn(pid, 'solo').join() === '1' && allowed(pid, 'solo').join() === '1', {
      what: 'the thread to run on CPU 1 and nowhere else',
      timeoutMs: 120_000,
    });
    await row.getByText(/pinned to 1$/).waitFor(PATIENT);
    await waitFor(async () => (await board.pu(1).getAttribute('aria-label'))?.includes(' solo ') === true, {
      what: 'CPU 1 to say who runs there',
      timeoutMs: 120_000,
    });
    await board.pu(1).focus();
    await board.page.keyboard.press('Enter');
    await board.page.keyboard.press('0');
    await board.page.keyboard.press('Enter');
    await waitFor(() => allowed(pid, 'solo').join() === '0', { what: 'the thread on CPU 0', timeoutMs: 120_000 });
    // Taken from there is what was seen to run there: a thread that sleeps is seen on its new CPU when it next runs. Three have names.
    await waitFor(async () => /and 19[89] more threads/.test((await board.pu(0).getAttribute('aria-label')) ?? ''), {
      what: 'all threads to be seen on CPU 0',
      timeoutMs: 120_000,
    });
    await board.drag(board.page.locator('.thread-on[data-cpu="0"]'), board.pu(1));
    await waitFor(() => allowed(pid, 'worker').every((list) => list === '1'), {
      what: 'all that ran on CPU 0 on CPU 1',
      timeoutMs: 120_000,
    });
    await board.action('program-all').click();
    await board.page.getByText('and 2 less busy ones').waitFor(PATIENT);
    await endProgram(board);
    await board.page
      .getByText(/^It was stopped after/)
      .first()
      .waitFor(PATIENT);
    await waitFor(() => !existsSync(`/proc/${String(pid)}`), { what: 'the program to be gone', timeoutMs: 120_000 });
    // Of the runs each is called by what was started, not by the folder it lies in.
    await board.page
      .locator('.panel')
      .getByText(/^threads 16 solo:0:1/)
      .first()
      .waitFor(PATIENT);
  });
});

test('what cannot be started is said, and nothing of the line meets a shell', async () => {
  await onBoard(async (board) => {
    await openProgram(board);
    await board.action('program-line').fill('/no/such/program; echo $HOME');
    await board.action('program-start').click(PATIENT);
    await board.page.getByText('There is no program "/no/such/program;" here.').first().waitFor(PATIENT);
    await board.action('program-line').fill('sleep "1');
    await board.action('program-start').click(PATIENT);
    await board.page.getByText('A quote is not closed').first().waitFor(PATIENT);
  });
});

/** For a person to look at. */
for (const [theme, wishes] of varied([], themesOf(3))) {
  test(`a program on the board: ${theme}`, async () => {
    await onBoard(async (board) => {
      const pid = await start(board, '64 main-loop:0:1 io:0:2 worker:0:24 gc:0:2 net:0:3 timer:0:1', '0-1');
      await board.token('thread:worker').waitFor(PATIENT);
      await board.screenshot(`program-${theme}`);
      await board.action('program-stop').click();
      await waitFor(() => !existsSync(`/proc/${String(pid)}`), { what: 'the program to be gone', timeoutMs: 120_000 });
    }, wishes);
  });
}
