// Owns what is done in a folder that is not trusted (VS Code's restricted mode): what works there, what is refused and in which
// words, and that it works once the folder is trusted. The folder brings settings of its own, as a stranger's would.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProgram, openProgram, startProgram } from '../e2e/own-program.ts';
import { PATIENT, quick } from '../e2e/page.ts';
import { waitFor } from '../support/processes.ts';
import { rootOf } from './harness/board.ts';
import type { WorkbenchWindow } from './harness/workbench.ts';

/** Where the folder's own setting wants exports. */
const THEIRS = 'from-workspace';

/** A folder as a stranger could have made it: another place for exports, another ssh configuration. */
export function fillFolder(workspace: string): void {
  const config = join(workspace, 'ssh.conf');
  writeFileSync(config, 'Host from-workspace-box\n  HostName 127.0.0.1\n  ProxyCommand touch proxied\n');
  mkdirSync(join(workspace, '.vscode'));
  const settings = { 'numaPinboard.exportFolder': THEIRS, 'numaPinboard.sshConfig': config };
  writeFileSync(join(workspace, '.vscode', 'settings.json'), JSON.stringify(settings));
}

/** Leaves a trace in the folder if it is ever run. */
const program = (workspace: string): string => `sh -c "touch ${join(workspace, 'started')}; exec sleep 1000"`;

/** The board shows this machine, and what is ours measures on it; nothing of the folder's is run, nothing is written into it. */
export async function isRestricted(window: WorkbenchWindow, workspace: string): Promise<void> {
  const held = readdirSync(workspace);
  await window.page.locator('.part.banner', { hasText: 'Restricted Mode' }).waitFor(PATIENT);

  await window.runCommand('NUMA: Open Board');
  const frame = await window.webviewFrame();
  const board = rootOf(frame);
  await frame.locator('[data-cpu="1"]').first().waitFor(PATIENT);
  for (const [role, cpu] of [
    ['producer', 'cpu 0'],
    ['consumer', 'cpu 1'],
  ] as const) {
    await board.action(`place-${role}`).fill(cpu);
    await board.action(`place-${role}`).press('Enter');
  }
  // A workbench of this size folds the tray.
  await board.action('unfold').click();
  await quick(board, 3);
  await board.action('run').click();
  await board.action('export').waitFor(PATIENT);
  await frame
    .getByText(/items\/s/)
    .first()
    .waitFor(PATIENT);

  await board.action('export').click();
  await frame.getByText('Nothing is written into an untrusted workspace.').first().waitFor(PATIENT);

  await openProgram(board);
  await board.action('program-line').fill(program(workspace));
  await board.action('program-start').click(PATIENT);
  for (const words of [
    'Your programs are not started from an untrusted workspace.',
    'Trust it first (Workspaces: Manage Workspace Trust).',
  ])
    await frame.getByText(words).first().waitFor(PATIENT);
  assert.equal(await frame.locator('[data-program]').innerText(), '');
  await window.screenshot('vscode-restricted');

  await window.runCommand('NUMA: Export Snapshot to Docs');
  await frame
    .locator('.notice', { hasText: /Nothing is written into an untrusted workspace\. Trust it first/ })
    .first()
    .waitFor(PATIENT);

  await window.runCommand('NUMA: Connect Host');
  await window.quickInput().getByText('asked-box').first().waitFor(PATIENT);
  assert.doesNotMatch(await window.quickInput().innerText(), /from-workspace-box/);
  await window.page.keyboard.press('Escape');
  assert.deepEqual(readdirSync(workspace), held, 'the folder is as it was');
}

/** The same board, without a reload, once the folder is trusted. */
export async function isTrusted(window: WorkbenchWindow, workspace: string): Promise<void> {
  await window.trustFolder();
  const frame = await window.webviewFrame();
  const board = rootOf(frame);
  await openProgram(board);
  await startProgram(board, program(workspace));
  await waitFor(() => existsSync(join(workspace, 'started')), {
    what: 'the program to run',
    timeoutMs: PATIENT.timeout,
  });
  await endProgram(board);
  await window.runCommand('NUMA: Export Snapshot to Docs');
  await window.pick('P#0');
  await window.notification(/Exported to from-workspace/, PATIENT.timeout);
  await window.hideNotifications();
  assert.equal(readdirSync(join(workspace, THEIRS)).length, 1);
  await window.runCommand('NUMA: Disconnect');
  await board.action('target').waitFor(PATIENT);
}
