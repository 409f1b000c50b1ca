// What a workbench shows only without a test module inside: a folder that is not trusted, the modal question about a host key,
// refusals as notifications, and the board that comes back after a reload of the window.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { openWorkbench } from './harness/open.ts';
import type { WorkbenchWindow } from './harness/workbench.ts';
import { packExtension } from '../support/packages.ts';
import { fillFolder, isRestricted, isTrusted } from './restricted.ts';

const PATIENT = { timeout: 120_000 };

async function hostKeys(window: WorkbenchWindow, sshd: Sshd, knownHosts: string): Promise<void> {
  await window.runCommand('NUMA: Connect Host');
  await window.pick('asked-box');
  const question = await window.dialog('is not known', PATIENT.timeout);
  assert.ok((await question.innerText()).includes(sshd.hostFingerprint), 'the question shows the fingerprint');
  await window.screenshot('vscode-host-key');
  await question.getByText('Connect and Remember').click();
  let board = await window.webviewFrame();
  await board.locator('[data-cpu="0"]').first().waitFor(PATIENT);
  assert.match(readFileSync(knownHosts, 'utf8'), /ssh-ed25519/);

  await window.drag(board.locator('.tray [data-token="producer"]').first(), board.locator('[data-cpu="1"]').first());
  const sits = async (): Promise<void> => {
    const field = board.locator('[data-action="place-producer"]').first();
    await waitFor(async () => (await field.inputValue()) === 'cpu 1', {
      what: 'the producer on cpu 1',
      timeoutMs: PATIENT.timeout,
    });
  };
  await sits();
  // The command and not the page's own reload: the workbench then writes down first which editors are open.
  await Promise.all([
    window.page.waitForEvent('domcontentloaded', PATIENT),
    window.runCommand('Developer: Reload Window'),
  ]);
  await window.page.locator('.monaco-workbench .statusbar-item').first().waitFor(PATIENT);
  board = await window.webviewFrame(0, PATIENT.timeout);
  await board.locator('[data-cpu="1"]').first().waitFor(PATIENT);
  await sits();

  await sshd.rotateHostKey();
  await window.runCommand('NUMA: Disconnect');
  await window.runCommand('NUMA: Connect Host');
  await window.pick('asked-box');
  // The board is looked at: what went wrong stands there, and no toast beside it says it again.
  const refusal = board
    .getByRole('alert')
    .filter({ hasText: /changed/i })
    .first();
  await refusal.waitFor(PATIENT);
  assert.match(await refusal.innerText(), /asked-box|127\.0\.0\.1/);
  assert.deepEqual(await window.notifications(), []);
  await window.hideNotifications();
  await window.screenshot('vscode-changed-key');
}

test('a workbench driven from outside', { timeout: 14 * 60_000 }, async (context) => {
  const vsix = await packExtension();
  const sshd = await startSshd();
  const knownHosts = join(sshd.dir, 'asked');
  writeFileSync(knownHosts, '');
  const sshConfig = join(sshd.dir, 'client.conf');
  writeFileSync(sshConfig, sshd.configText('asked-box', { UserKnownHostsFile: knownHosts }));
  const workspace = temporaryFolder('workspace');
  fillFolder(workspace);
  const settings = { 'numaPinboard.sshConfig': sshConfig };
  const workbench = await openWorkbench({ vsix, settings, workspace, workspaceTrust: true });
  const { window } = workbench;
  /** Each begins where the one before ended: after a failure nothing more is to be learned. */
  const step = async (name: string, act: () => Promise<void>): Promise<void> => {
    let failed: unknown;
    await context.test(name, async () => {
      await act().catch((error: unknown) => {
        failed = error;
        throw error;
      });
    });
    if (failed === undefined) return;
    await window.screenshot(`failed ${name}`);
    console.error(workbench.output().slice(-4000));
    throw new Error(`${name} failed, and what follows was not tried`);
  };
  try {
    await step('a folder that is not trusted: nothing of it is run, nothing written into it', () =>
      isRestricted(window, workspace),
    );
    await step('once it is trusted its program runs, and exports go where it wants them', () =>
      isTrusted(window, workspace),
    );
    await step('an unknown key is asked about once, a changed one stops, and the board survives a reload', () =>
      hostKeys(window, sshd, knownHosts),
    );
  } finally {
    await workbench.close();
    await sshd.stop();
    removeFolder(workspace);
  }
});
