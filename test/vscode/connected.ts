// Owns the acts of a person at a workbench with two hosts, one of which has a key with a passphrase, and what has to hold after each.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { descendantsOf, signal } from '../support/process-table.mjs';
import { parseRun } from '../../src/protocol/run.ts';
import type { Run } from '../../src/model/run/run.ts';
import { PATIENT } from '../e2e/page.ts';
import { waitFor } from '../support/processes.ts';
import type { Sshd } from '../support/sshd.ts';
import { setFields } from './harness/board.ts';
import type { OpenWorkbench } from './harness/open.ts';
import { comes } from './harness/workbench.ts';

const patiently = (what: string): { what: string; timeoutMs: number } => ({ what, timeoutMs: PATIENT.timeout });

/** The label of a run is what it was to answer. */
const RUN = /\?/;

export class Desk {
  readonly #workbench: OpenWorkbench;
  readonly #sshd: Sshd;

  constructor(workbench: OpenWorkbench, sshd: Sshd) {
    this.#workbench = workbench;
    this.#sshd = sshd;
  }

  get #window(): OpenWorkbench['window'] {
    return this.#workbench.window;
  }

  /** How often somebody logged in. */
  logins(): number {
    return this.#sshd.log().match(/Accepted publickey/g)?.length ?? 0;
  }

  /** Tree, title and board are at alpha-box, and nothing says otherwise. */
  async #isAtAlpha(): Promise<FrameLocator> {
    const { page } = this.#window;
    await this.#window.row(/alpha-box.*connected/s).waitFor(PATIENT);
    await waitFor(async () => (await this.#window.row('locked-box').innerText()).trim() === 'locked-box', {
      ...patiently('locked-box without a word'),
    });
    await page.locator('.tab', { hasText: 'NUMA Board: alpha-box' }).waitFor(PATIENT);
    assert.equal(await page.locator('.tab', { hasText: 'NUMA Board' }).count(), 1, 'there is one board');
    const board = await this.#window.webviewFrame();
    await board.locator('header.title h1', { hasText: 'alpha-box' }).waitFor(PATIENT);
    await board.locator('[data-cpu="1"]').first().waitFor(PATIENT);
    return board;
  }

  /** The view fills as the config does, the files that it includes too. @param others a file that the config will include. */
  async noHostsYet(
    config: string,
    hosts: string,
    others: { readonly path: string; readonly text: string },
  ): Promise<void> {
    const { page } = this.#window;
    await this.#window.runCommand('NUMA Pinboard: Focus on Hosts View');
    for (const name of ['Open This Machine', 'Add SSH Host', 'Connect Host'])
      await page.locator('.part.sidebar').getByRole('button', { name }).first().waitFor(PATIENT);
    await this.#window.screenshot('vscode-no-hosts');
    writeFileSync(config, `Include ${others.path}\n${hosts}`);
    await this.#window.row('alpha-box').waitFor(PATIENT);
    writeFileSync(others.path, others.text);
    await this.#window.row('locked-box').waitFor(PATIENT);
    const before = readFileSync(config, 'utf8');
    await this.#window.runCommand('NUMA: Add SSH Host…');
    await this.#window.quickInput().getByText('Where it is').waitFor(PATIENT);
    await this.#window.enter('me@10.0.0.9:2222');
    await this.#window.quickInput().getByText('What it is called').waitFor(PATIENT);
    await this.#window.enter('rack-9');
    const question = await this.#window.dialog('Add this to', PATIENT.timeout);
    const added = 'Host rack-9\n  HostName 10.0.0.9\n  User me\n  Port 2222\n';
    for (const line of added.trim().split('\n')) await question.getByText(line.trim()).first().waitFor(PATIENT);
    await this.#window.screenshot('vscode-add-host');
    assert.equal(readFileSync(config, 'utf8'), before, 'nothing is written before it was seen');
    await question.getByRole('button', { name: 'Add', exact: true }).click();
    await this.#window.row('rack-9').waitFor(PATIENT);
    assert.equal(readFileSync(config, 'utf8'), `${before}\n${added}`);
  }

  /** All runs, one by one, so that what follows begins without any. */
  async forgetRuns(): Promise<void> {
    for (let left = this.#kept().length; left > 0; left--) {
      await this.#focusRun();
      await this.#window.runCommand('NUMA: Delete Run');
      if (left > 1) await this.#window.pick('items/s'); // asked for, as the command knows no row
      await waitFor(() => this.#kept().length < left, patiently('the run to be deleted'));
    }
    await this.#window.row(RUN).waitFor({ ...PATIENT, state: 'hidden' });
    await this.#window.hideNotifications();
  }

  async rowOfConnectedHost(): Promise<void> {
    await this.#window.runCommand('NUMA Pinboard: Focus on Hosts View');
    await this.#window.openRow('alpha-box');
    const board = await this.#isAtAlpha();
    for (const [role, cpu] of [
      ['producer', 'cpu 0'],
      ['consumer', 'cpu 1'],
    ] as const) {
      const field = board.locator(`[data-action="place-${role}"]`).first();
      await field.fill(cpu);
      await field.press('Enter');
    }
    await setFields(board, { rounds: '30', duration: '20 ms' });
    const changes = await this.#changesOfViews();
    await this.#window.runCommand('NUMA: Run Benchmark');
    await this.#window.row(RUN).waitFor(PATIENT);
    // Three rows for the run; each round, each sample and each time that it was stored changed nothing that they show.
    assert.ok((await changes()) < 100, `${String(await changes())} changes in the side bar`);
    await this.#byKeys();
    await this.#window.runCommand('NUMA: Delete Run');
    const deleted = await this.#window.notification('The run was deleted.');
    await this.#window.row('by keys').waitFor({ ...PATIENT, state: 'hidden' });
    assert.deepEqual(this.#kept(), []);
    await deleted.getByRole('button', { name: 'Undo' }).click(PATIENT);
    await this.#window.row('by keys').waitFor(PATIENT);
    assert.equal(this.#kept().length, 1);
    await this.#window.hideNotifications();
    const logins = this.logins();
    await this.#hideBoard();
    await this.#window.openRow('alpha-box');
    await this.#isAtAlpha();
    assert.equal(this.logins(), logins, 'nobody logged in again');
  }

  /** The menu of a run, opened by a key, has all that its row has. */
  async #byKeys(): Promise<void> {
    const { page } = this.#window;
    await this.#focusRun();
    await page.keyboard.press('Shift+F10');
    const menu = page.locator('.monaco-menu');
    for (const name of ['Show Run', 'Export Snapshot to Docs', 'Delete Run'])
      await menu.getByText(name, { exact: true }).waitFor(PATIENT);
    await this.#window.screenshot('vscode-run-menu');
    await this.#window.chooseInMenu('Rename Run…');
    await this.#window.enter('by keys');
    await this.#window.row('by keys').waitFor(PATIENT);
  }

  get #runs(): Locator {
    return this.#window.page
      .locator('.part.sidebar .pane', { hasText: /Runs and Recordings/i })
      .locator('.monaco-list');
  }

  /** The oldest one, which is the last row. */
  async #focusRun(): Promise<void> {
    const { page } = this.#window;
    const list = this.#runs;
    const focused = list.and(page.locator(':focus, :focus-within')).first();
    // A page that is still loading in an editor takes the focus when it comes.
    for (const end = Date.now() + PATIENT.timeout; ;) {
      await this.#window.runCommand('NUMA Pinboard: Focus on Runs and Recordings View');
      if (await comes(focused, 10_000)) {
        await page.keyboard.press('End');
        if (await comes(list.locator('.monaco-list-row.focused[aria-level="3"]'), 10_000)) return;
      }
      if (Date.now() > end) throw new Error('the list of runs does not keep the focus');
    }
  }

  /** And selects it, by opening it, where it is not: keys that select more of them begin there. */
  async #selectRun(): Promise<void> {
    const { page } = this.#window;
    const selected = this.#runs.locator('.monaco-list-row.focused.selected[aria-level="3"]');
    for (const end = Date.now() + PATIENT.timeout; ;) {
      await this.#focusRun();
      if (await comes(selected, 1000)) return;
      if (Date.now() > end) throw new Error('the run does not stay selected');
      await page.keyboard.press('Enter');
      await page.locator('.tab.active', { hasText: '.numa.json' }).waitFor(PATIENT);
    }
  }

  /** @returns how often something in the side bar was drawn anew since. */
  async #changesOfViews(): Promise<() => Promise<number>> {
    const counted = await this.#window.page.locator('.part.sidebar').evaluateHandle((sidebar) => {
      const seen = { changes: 0 };
      const what = { childList: true, characterData: true, subtree: true };
      new MutationObserver((changes) => (seen.changes += changes.length)).observe(sidebar, what);
      return seen;
    });
    return () => counted.evaluate(({ changes }) => changes);
  }

  async cancelledPrompt(): Promise<void> {
    await this.#window.openRow('locked-box');
    await this.#window.quickInput().getByText('Passphrase of the key').first().waitFor(PATIENT);
    await this.#window.row(/locked-box.*connecting/s).waitFor(PATIENT);
    await this.#window.row(/alpha-box.*connected/s).waitFor(PATIENT);
    const board = await this.#window.webviewFrame();
    await board.getByText('Connecting to locked-box').first().waitFor(PATIENT);
    await this.#window.page.keyboard.press('Escape');
    await board.locator('[data-action="stay"]').waitFor({ ...PATIENT, state: 'hidden' });
    await this.#isAtAlpha();
    // The progress of what was given up goes a moment later.
    await waitFor(
      async () => (await this.#window.notifications()).length === 0,
      patiently('no notification to be left'),
    );
    await this.#window.hideNotifications();
  }

  /** By the progress that shows its steps; what was asked meanwhile is withdrawn. */
  async cancelledAttempt(): Promise<void> {
    const { page } = this.#window;
    await this.#window.openRow('locked-box');
    await this.#window.quickInput().getByText('Passphrase of the key').first().waitFor(PATIENT);
    await page.locator('.statusbar-item', { hasText: 'alpha-box: connecting to locked-box' }).waitFor(PATIENT);
    const progress = await this.#window.notification('NUMA, locked-box', PATIENT.timeout);
    await this.#window.screenshot('vscode-connecting');
    await progress.getByRole('button', { name: 'Cancel' }).click(PATIENT);
    await this.#window.quickInput().waitFor({ ...PATIENT, state: 'hidden' });
    await progress.waitFor({ ...PATIENT, state: 'hidden' });
    await this.#window.hideNotifications();
    await this.#isAtAlpha();
  }

  /** Leaves the run going on. */
  async refusedSwitch(): Promise<void> {
    const board = await this.#window.webviewFrame();
    await setFields(board, { rounds: '1000', duration: '300 ms' });
    await board.locator('[data-action="run"]').first().click();
    await waitFor(() => this.#stored().some(({ partial }) => partial !== null), patiently('the run to be stored'));
    await this.#window.openRow('locked-box');
    await board.getByText('A run is in progress.').first().waitFor(PATIENT);
    await this.#isAtAlpha();
    assert.equal(this.#last().target, 'alpha-box');
  }

  async crash(): Promise<void> {
    const measured = this.#cut()?.results[0]?.repetitions.length ?? 0;
    assert.ok(measured >= 1);
    this.#lockStorage();
    const died = this.#extensionHosts();
    for (const pid of died) signal(pid, 'SIGKILL');
    await waitFor(() => this.#sshd.remoteProcesses().length === 0, patiently('the host to be clear'));
    await waitFor(
      () => this.#extensionHosts().some((pid) => !died.includes(pid)),
      patiently('the editor to start another extension host'),
    );
    await this.#window.row('alpha-box').waitFor(PATIENT);
    // The page of the one that died stays as it was, and is closed as any other.
    await this.#window.runCommand('View: Close Editor');
    await this.#window.page.locator('.tab', { hasText: 'NUMA Board' }).waitFor({ ...PATIENT, state: 'hidden' });
    await this.#window.runCommand('NUMA: Open Board');
    const board = await this.#isAtAlpha();
    const cut = this.#cut();
    assert.ok((cut?.results[0]?.repetitions.length ?? 0) >= measured);
    assert.match(cut?.partial ?? '', /exited before the run finished/);
    const runs = this.#window.page.locator('.part.sidebar .monaco-list-row[aria-level="3"]');
    await waitFor(async () => (await runs.count()) === 2, patiently('both runs in their view'));
    await board.locator('[data-action="run"]').first().waitFor(PATIENT);
  }

  async hiddenPanel(): Promise<void> {
    await this.#hideBoard();
    await this.#reload();
    assert.equal(this.logins(), 2, 'nobody has looked at the board yet');
    await this.#window.runCommand('NUMA: Open Board');
    await this.#isAtAlpha();
  }

  async loss(): Promise<void> {
    await this.#hideBoard();
    this.#sshd.dropConnections();
    await this.#window.row(/alpha-box.*connection lost/s).waitFor(PATIENT);
    const toast = await this.#window.notification(/connection to alpha-box was lost/i, PATIENT.timeout);
    await this.#window.screenshot('vscode-lost');
    await toast.locator('.monaco-button', { hasText: /^Connect Again$/ }).click();
    await this.#window.hideNotifications();
    await this.#isAtAlpha();
  }

  /** What was measured opens without a host, and is compared. */
  async offline(): Promise<void> {
    const { page } = this.#window;
    await this.#window.runCommand('NUMA: Disconnect');
    await this.#window.row(/alpha-box.*connected/s).waitFor({ ...PATIENT, state: 'hidden' });
    await this.#window.chooseInMenuOf('Compare the Two Runs', async () => {
      await this.#selectRun();
      await page.keyboard.press('Shift+ArrowUp');
      await page.keyboard.press('Shift+F10');
    });
    const frames = page.locator('iframe.webview');
    const compared = async (): Promise<boolean> => {
      for (let nth = 0; nth < (await frames.count()); nth++) {
        const frame = frames.nth(nth).contentFrame().locator('iframe#active-frame').contentFrame();
        if ((await frame.locator('[data-comparison]').count()) > 0) return true;
      }
      return false;
    };
    await waitFor(compared, patiently('the two runs side by side'));
    await this.#window.screenshot('vscode-compared');
  }

  /** Something else in front of it, in the same group. */
  async #hideBoard(): Promise<void> {
    await this.#window.runCommand('File: New Untitled Text File');
    await this.#window.page.locator('.tab.active', { hasText: 'Untitled' }).first().waitFor(PATIENT);
    // The extension learns of it later than the window shows it, and then samples no more.
    const samplers = (): number[] =>
      this.#sshd.remoteProcesses().filter((pid) => commandLine(pid).includes('numa-agent'));
    await waitFor(() => samplers().length === 0, patiently('the sampling to end'));
  }

  #extensionHosts(): number[] {
    return descendantsOf(this.#workbench.pid).filter((pid) => commandLine(pid).includes('--type=extensionHost'));
  }

  async #reload(): Promise<void> {
    const { page } = this.#window;
    await Promise.all([
      page.waitForEvent('domcontentloaded', PATIENT),
      this.#window.runCommand('Developer: Reload Window'),
    ]);
    await page.locator('.monaco-workbench .statusbar-item').first().waitFor(PATIENT);
    await this.#window.row('alpha-box').waitFor(PATIENT);
  }

  /** As it is where nobody has seen yet that the extension host died: the next one gets another folder for the workspace. */
  #lockStorage(): void {
    const storage = join(this.#workbench.userData, 'User', 'workspaceStorage');
    const locks = readdirSync(storage, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('vscode.lock'),
    );
    assert.ok(locks.length > 0, 'the editor locks the folder of a workspace');
    const held = JSON.stringify({ pid: process.pid, willReleaseAt: 0 });
    for (const path of locks) writeFileSync(join(storage, path), held);
  }

  #files(end: string): string[] {
    const storage = join(this.#workbench.userData, 'User');
    const entries = readdirSync(storage, { recursive: true, encoding: 'utf8' });
    return entries
      .filter((path) => path.includes('/numa-pinboard.numa-pinboard/') && path.endsWith(end))
      .map((path) => join(storage, path));
  }

  /** But for what was deleted. */
  #kept(): string[] {
    return this.#files('.numa.json').filter((path) => !path.includes('/deleted/'));
  }

  #stored(): Run[] {
    return this.#kept().map((path) => parseRun(readFileSync(path, 'utf8')));
  }

  #cut(): Run | undefined {
    return this.#stored().find(({ partial }) => partial !== null);
  }

  #last(): { target?: unknown } {
    const [path] = this.#files('.json').filter((path) => path.includes('/boards/'));
    assert.ok(path, 'the board is remembered');
    return JSON.parse(readFileSync(path, 'utf8')) as { target?: unknown };
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
