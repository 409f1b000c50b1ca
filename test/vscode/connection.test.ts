// The editor's state in a real workbench: tree, title, board and what is stored agree with the host that is really connected,
// through refused switches, cancelled prompts, losses, reloads and a crash. Then files, which need no host, in the same workbench.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { startSshd } from '../support/sshd.ts';
import { openWorkbench } from './harness/open.ts';
import { packExtension } from '../support/packages.ts';
import { Desk } from './connected.ts';
import { Files, fillWithFiles } from './files.ts';

test('the editor agrees with the host that is connected', { timeout: 14 * 60_000 }, async (context) => {
  const vsix = await packExtension();
  const sshd = await startSshd();
  const sshConfig = join(sshd.dir, 'client.conf');
  const locked = { IdentityFile: `"${sshd.userKeyPathEncrypted}"` };
  writeFileSync(sshConfig, '');
  const workspace = temporaryFolder('workspace');
  fillWithFiles(workspace);
  const workbench = await openWorkbench({ vsix, settings: { 'numaPinboard.sshConfig': sshConfig }, workspace });
  const desk = new Desk(workbench, sshd);
  const files = new Files(workbench, workspace);
  const step = async (name: string, act: () => Promise<void>): Promise<void> => {
    let failed: unknown;
    await context.test(name, async () => {
      await act().catch((error: unknown) => {
        failed = error;
        throw error;
      });
    });
    if (failed === undefined) return;
    await workbench.window.screenshot(`failed ${name}`);
    console.error(workbench.output().slice(-4000));
    throw new Error(`${name} failed, and what follows was not tried`);
  };
  try {
    await step('without a host the view says what can be done, and fills as the SSH config does', () =>
      desk.noHostsYet(sshConfig, sshd.configText('alpha-box'), {
        path: join(sshd.dir, 'more.conf'),
        text: sshd.configText('locked-box', locked),
      }),
    );
    await step(
      'a run is one row more, with a menu that keys open, and the row of its host only reveals the board',
      () => desk.rowOfConnectedHost(),
    );
    await step('a passphrase that is not given leaves all as it was', () => desk.cancelledPrompt());
    await step('an attempt is cancelled where its steps are shown', () => desk.cancelledAttempt());
    await step('a switch that a run forbids leaves all as it was', () => desk.refusedSwitch());
    await step('a crash in the middle of the run loses nothing measured', () => desk.crash());
    await step('a board that a reload left hidden is taken over, at its host', () => desk.hiddenPanel());
    await step('a lost connection is said, with the next step on it', () => desk.loss());
    await step('a plan is held beside the host that is connected', () => files.heldBeside());
    await step('what was measured opens without a host', () => desk.offline());
    assert.equal(desk.logins(), 4, 'connected, after the crash, after the reload, and after the loss');
    await step('a file that is broken says so, and is shown when it is whole', () => files.broken());
    await step('two runs selected in the Explorer stand against each other on one board', () => files.compared());
    await step('a plan and its board are one document', () => files.planned());
    await step('where VS Code has no Node, files open all the same, and what needs a host says so', () =>
      files.onTheWeb(),
    );
  } finally {
    await workbench.close();
    await sshd.stop();
    removeFolder(workspace);
  }
});
