// Owns the question about a host key in a workbench: an unknown key is asked about once, in a modal dialog, a changed one stops; between them
// the window is loaded anew with its board in front.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { PATIENT } from '../e2e/page.ts';
import { waitFor } from '../support/processes.ts';
import type { Sshd } from '../support/sshd.ts';
import type { WorkbenchWindow } from './harness/workbench.ts';

export async function hostKeys(window: WorkbenchWindow, sshd: Sshd, knownHosts: string): Promise<void> {
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
