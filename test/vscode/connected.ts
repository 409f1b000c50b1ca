// Owns the acts of a person at a workbench with two hosts, one of which has a key with a passphrase, and what has to hold after each.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { descendantsOf, signal } from '../support/process-table.mjs';
import { parseRun } from '../../src/protocol/run.ts';
import type { Run } from '../../src/model/run/run.ts';
import { PATIENT } from '../e2e/page.ts';
import { waitFor } from '../support/processes.ts';
import type { Sshd } from '../support/sshd.ts';
import { setFields } from './harness/board.ts';
import type { OpenWorkbench } from './harness/open.ts';

const patiently = (what: string): { what: string; timeoutMs: number } => ({ what, timeoutMs: PATIENT.timeout });

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

  async rowOfConnectedHost(): Promise<void> {
    await this.#window.runCommand('NUMA Pinboard: Focus on Hosts and Runs View');
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
    await setFields(board, { rounds: '3', duration: '100 ms' });
    await this.#window.runCommand('NUMA: Run Benchmark');
    await this.#window.row('P#0 → P#1').waitFor(PATIENT);
    await this.#window.runCommand('NUMA: Delete Run');
    const deleted = await this.#window.notification('The run was deleted.');
    await this.#window.row('P#0 → P#1').waitFor({ ...PATIENT, state: 'hidden' });
    assert.deepEqual(this.#kept(), []);
    await deleted.getByRole('button', { name: 'Undo' }).click(PATIENT);
    await this.#window.row('P#0 → P#1').waitFor(PATIENT);
    assert.equal(this.#kept().length, 1);
    await this.#window.hideNotifications();
    const logins = this.logins();
    await this.#hideBoard();
    await this.#window.openRow('alpha-box');
    await this.#isAtAlpha();
    assert.equal(this.logins(), logins, 'nobody logged in again');
    await this.#window.row('P#0 → P#1').waitFor(PATIENT);
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
    assert.deepEqual(await this.#window.notifications(), []);
    await this.#window.hideNotifications();
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
    for (const pid of descendantsOf(this.#workbench.pid)) {
      if (commandLine(pid).includes('--type=extensionHost')) signal(pid, 'SIGKILL');
    }
    await waitFor(() => this.#sshd.remoteProcesses().length === 0, patiently('the host to be clear'));
    await this.#reload();
    // The editor closes the panels of an extension host that has died.
    await this.#window.runCommand('NUMA: Open Board');
    const board = await this.#isAtAlpha();
    const cut = this.#cut();
    assert.ok((cut?.results[0]?.repetitions.length ?? 0) >= measured);
    assert.match(cut?.partial ?? '', /exited before the run finished/);
    const runs = this.#window.page.locator('.part.sidebar .monaco-list-row', { hasText: 'P#0 → P#1' });
    await waitFor(async () => (await runs.count()) === 2, patiently('both runs in the tree'));
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

  /** Something else in front of it, in the same group. */
  async #hideBoard(): Promise<void> {
    await this.#window.runCommand('File: New Untitled Text File');
    await this.#window.page.locator('.tab.active', { hasText: 'Untitled' }).first().waitFor(PATIENT);
    // The extension learns of it later than the window shows it, and then samples no more.
    const samplers = (): number[] =>
      this.#sshd.remoteProcesses().filter((pid) => commandLine(pid).includes('numa-agent'));
    await waitFor(() => samplers().length === 0, patiently('the sampling to end'));
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
