// The editor's state in one real workbench, driven from outside, where modal dialogs, restricted mode and toasts are seen: a folder that is not
// trusted, the question about a host key; tree, title, board and what is stored agree with the host that is really connected, through refused
// switches, cancelled prompts, losses, reloads and a crash. Then files, which need no host.
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
import { hostKeys } from './host-keys.ts';
import { fillFolder, isRestricted, isTrusted } from './restricted.ts';

test('the editor agrees with the host that is connected', { timeout: 14 * 60_000 }, async (context) => {
  const vsix = await packExtension();
  const [sshd, asked] = await Promise.all([startSshd(), startSshd()]);
  const knownHosts = join(asked.dir, 'asked');
  writeFileSync(knownHosts, '');
  const sshConfig = join(sshd.dir, 'client.conf');
  const locked = { IdentityFile: `"${sshd.userKeyPathEncrypted}"` };
  writeFileSync(sshConfig, '');
  const workspace = temporaryFolder('workspace');
  fillWithFiles(workspace);
  fillFolder(workspace);
  const settings = { 'numaPinboard.sshConfig': sshConfig };
  const workbench = await openWorkbench({ vsix, settings, workspace, workspaceTrust: true });
  const { window } = workbench;
  const desk = new Desk(workbench, sshd);
  const files = new Files(workbench, workspace);
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
    await step('without a host the view says what can be done, and fills as the SSH config does', () =>
      desk.noHostsYet(sshConfig, sshd.configText('alpha-box'), {
        path: join(sshd.dir, 'more.conf'),
        text: [
          sshd.configText('locked-box', locked),
          asked.configText('asked-box', { UserKnownHostsFile: knownHosts }),
        ].join('\n'),
      }),
    );
    await step('a folder that is not trusted: nothing of it is run, nothing written into it', () =>
      isRestricted(window, workspace),
    );
    await step('once it is trusted its program runs, and exports go where it wants them', async () => {
      await isTrusted(window, workspace);
      await desk.forgetRuns();
    });
    await step('an unknown key is asked about once, a changed one stops, and the board survives a reload', () =>
      hostKeys(window, asked, knownHosts),
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
    await Promise.all([sshd.stop(), asked.stop()]);
    removeFolder(workspace);
  }
});
