// Runs in the extension host of a real workbench and drives its window as a person does.
import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import * as vscode from 'vscode';
import { setFields } from '../harness/board.ts';
import { runChecks } from '../harness/checks.ts';
import { attach } from '../harness/workbench.ts';
import { listing, startsWithLittle } from './packed.ts';

/** For a step that needs the host: a loaded machine takes minutes. */
const PATIENT = { timeout: 90_000 };

function setConfig(path: string): Thenable<void> {
  const settings = vscode.workspace.getConfiguration('numaPinboard');
  return settings.update('sshConfig', path, vscode.ConfigurationTarget.Global);
}

export async function run(): Promise<void> {
  const window = await attach();
  let board!: FrameLocator;
  const pu = (id: number): Locator => board.locator(`[data-cpu="${String(id)}"]`).first();
  const token = (role: string): Locator => board.locator(`.tray [data-token="${role}"]`).first();
  const field = (role: string): Locator => board.locator(`[data-action="place-${role}"]`).first();
  const holds = async (role: string, words: string): Promise<void> => {
    await board.locator(`[data-action="place-${role}"]`).first().waitFor(PATIENT);
    const end = Date.now() + PATIENT.timeout;
    while ((await field(role).inputValue()) !== words) {
      if (Date.now() > end) throw new Error(`the ${role} sits on "${await field(role).inputValue()}", not on ${words}`);
      await window.page.waitForTimeout(50);
    }
  };
  await runChecks(
    {
      'the palette has every command of the category NUMA': async () => {
        const extension = vscode.extensions.getExtension<unknown>('numa-pinboard.numa-pinboard');
        assert.ok(extension);
        await extension.activate();
        const { contributes } = extension.packageJSON as {
          contributes: { commands: readonly { command: string }[] };
        };
        const registered = await vscode.commands.getCommands(true);
        assert.deepEqual(
          contributes.commands.filter(({ command }) => !registered.includes(command)),
          [],
        );
      },
      'starting loads neither SSH nor what measures and exports': startsWithLittle,
      'its page among the extensions has no picture and no link that is broken': () => listing(window),
      'a setting counts without a reload, and one that cannot be followed is said': async () => {
        const given = vscode.workspace.getConfiguration('numaPinboard').get('sshConfig', '');
        copyFileSync(given, join(homedir(), 'lab.conf'));
        await vscode.commands.executeCommand('numaPinboard.hosts.focus');
        await window.row('numa-box').waitFor(PATIENT);
        await window.row(`This server (${hostname()})`).waitFor(PATIENT);
        await setConfig('~/gone.conf');
        const said = await window.notification(
          /gone\.conf, named by the setting numaPinboard\.sshConfig, does not exist/,
          PATIENT.timeout,
        );
        await said.getByRole('button', { name: 'Open Setting' }).waitFor(PATIENT);
        await window.row('numa-box').waitFor({ ...PATIENT, state: 'hidden' });
        await window.screenshot('vscode-setting');
        await setConfig('~/lab.conf');
        await window.row('numa-box').waitFor(PATIENT);
        await window.hideNotifications();
        await vscode.commands.executeCommand('workbench.action.closeSidebar');
      },
      'NUMA: Connect Host offers the hosts of the ssh config and connects': async () => {
        await window.runCommand('NUMA: Connect Host');
        await window.pick('numa-box');
        board = await window.webviewFrame();
        await pu(0).waitFor(PATIENT);
        await pu(1).waitFor(PATIENT);
        await window.screenshot('vscode-connected');
      },
      'a token is dragged onto a CPU inside the webview': async () => {
        await window.drag(token('producer'), pu(0));
        await holds('producer', 'cpu 0');
      },
      'NUMA: Check This Host shows on the board what the doctor found': async () => {
        await window.runCommand('NUMA: Check This Host');
        await board.locator('[data-action="close-check"]').first().waitFor(PATIENT);
        const verdict = await board.locator('.panel [data-verdict]').first().innerText();
        assert.match(verdict, /NUMA|finding|Nothing was found/);
        await window.screenshot('vscode-checked');
        await board.locator('[data-action="close-check"]').first().click();
        await window.hideNotifications();
      },
      'NUMA: Pin Consumer… places without a mouse': async () => {
        await window.runCommand('NUMA: Pin Consumer…');
        await window.pick('cpu 1');
        await holds('consumer', 'cpu 1');
      },
      'NUMA: Place Memory… places without a mouse': async () => {
        await window.runCommand('NUMA: Place Memory…');
        await window.pick('node 0');
        await holds('memory', 'node 0');
        await window.screenshot('vscode-placed');
      },
      'commands and keys of the editor do on the board what its own keys do': async () => {
        const command = (name: string): Thenable<unknown> => vscode.commands.executeCommand(`numaPinboard.${name}`);
        const finder = board.locator('[data-action="find-field"]');
        const find = async (open: () => Promise<void>): Promise<void> => {
          await open();
          await finder.waitFor(PATIENT);
          await finder.fill('cpu 1');
          await finder.press('Enter');
          await finder.waitFor({ ...PATIENT, state: 'hidden' });
          await board.locator('[data-cpu="1"]:focus').first().waitFor(PATIENT);
        };
        await command('swapEnds');
        await holds('producer', 'cpu 1');
        await holds('consumer', 'cpu 0');
        // Each end was moved by itself.
        await command('undoMove');
        await command('undoMove');
        await holds('producer', 'cpu 0');
        await holds('consumer', 'cpu 1');
        await find(() => window.runCommand('NUMA: Find a CPU or Node'));
        await find(() => window.page.keyboard.press('Control+f'));
        await command('toggleTable');
        await board.locator('[data-table]').filter({ visible: true }).first().waitFor(PATIENT);
        await command('toggleTable');
        await pu(0).waitFor(PATIENT);
        await window.page.locator('.statusbar-item', { hasText: 'numa-box' }).waitFor(PATIENT);
        await window.screenshot('vscode-status');
      },
      'a list that the page takes the focus from as it opens takes it back': async () => {
        await field('memory').fill('');
        await field('memory').press('Enter');
        await holds('memory', '');
        // On a busy machine the page may come too late, when the list has been seen and is closed for good.
        for (let tries = 5, has = false; !has; tries--) {
          await window.runCommand('NUMA: Place Memory…');
          await window.quickInput().locator('.quick-input-title', { hasText: 'Place Memory' }).waitFor(PATIENT);
          await pu(0).focus();
          has = await window
            .quickInput()
            .locator(':focus')
            .first()
            .waitFor({ timeout: 5000 })
            .then(
              () => true,
              () => false,
            );
          assert.ok(has || tries > 1, 'it has the focus again');
        }
        await window.pick('node 0');
        await holds('memory', 'node 0');
      },
      'the run button measures, and the figure stands on the board': async () => {
        // What stands on the board is not about how long was measured; long enough for a figure beside an emulated host and another suite.
        await setFields(board, { rounds: '3', duration: '1 s' });
        await board.locator('[data-action="run"]').first().click();
        await board.locator('[data-action="export"]').first().waitFor(PATIENT);
        await board
          .getByText(/items\/s/)
          .first()
          .waitFor(PATIENT);
        await window.screenshot('vscode-result');
      },
      'the board keeps its state while hidden': async () => {
        const document = await vscode.workspace.openTextDocument({ content: 'something else' });
        await vscode.window.showTextDocument(document, vscode.ViewColumn.Active);
        await window.runCommand('NUMA: Open Board');
        board = await window.webviewFrame();
        await holds('producer', 'cpu 0');
        await board.locator('[data-action="export"]').first().waitFor(PATIENT);
      },
      'NUMA: Export Snapshot to Docs writes into the workspace': async () => {
        await window.runCommand('NUMA: Export Snapshot to Docs');
        const told = await window.notification(/Exported to docs\/numa/, PATIENT.timeout);
        await told.getByRole('button', { name: 'Reveal' }).click(PATIENT);
        const revealed = window.page.locator('.explorer-folders-view .monaco-list-row.selected');
        await revealed.filter({ hasText: 'report.md' }).waitFor(PATIENT);
        await window.hideNotifications();
      },
      'the page of an export opens from the board, as Markdown is read': async () => {
        await pu(0).focus();
        await window.page.keyboard.press('e');
        await board.locator('[data-action="reveal-export"]').waitFor(PATIENT);
        await window.screenshot('vscode-exported');
        await board.locator('[data-action="open-export"]').click();
        await window.page.locator('.tab.active', { hasText: 'Preview report.md' }).waitFor(PATIENT);
        await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
        await holds('producer', 'cpu 0');
      },
      'the exported run opens on its verdict, in an editor of its own': async () => {
        // Not by a search: the oldest workbench comes without the program that searches.
        const exports = vscode.Uri.joinPath(vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail(), 'docs/numa');
        const [folder] = await vscode.workspace.fs.readDirectory(exports);
        assert.ok(folder);
        const file = vscode.Uri.joinPath(exports, folder[0], 'run.numa.json');
        await vscode.commands.executeCommand('vscode.open', file);
        const frames = window.page.locator('iframe.webview');
        const opened = frames.last().contentFrame().locator('iframe#active-frame').contentFrame();
        await opened.locator('[data-run][aria-selected=true]').waitFor(PATIENT);
        await opened.locator('.panel').getByText('nothing can run on it').waitFor(PATIENT);
        assert.equal(await opened.locator('.time:visible, .ask:visible, [data-action="run"]:visible').count(), 0);
        await window.screenshot('vscode-run-file');
        await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
        await window.runCommand('NUMA: Open Board');
        board = await window.webviewFrame();
        await holds('producer', 'cpu 0');
      },
      'without a host there is a run to look at, and a walkthrough': async () => {
        await vscode.commands.executeCommand('numaPinboard.openExample');
        const opened = window.page.locator('iframe.webview').last().contentFrame().locator('iframe#active-frame');
        const example = opened.contentFrame();
        await example.getByText('emulated', { exact: true }).first().waitFor(PATIENT);
        // Of the file in front, not of the board behind it.
        await vscode.commands.executeCommand('numaPinboard.toggleTable');
        await example.locator('[data-table]').filter({ visible: true }).first().waitFor(PATIENT);
        await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
        await vscode.commands.executeCommand('numaPinboard.openWalkthrough');
        await window.page.getByText('First Minute with NUMA Pinboard').first().waitFor(PATIENT);
        await window.screenshot('vscode-walkthrough');
        await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
        await window.runCommand('NUMA: Open Board');
        board = await window.webviewFrame();
        await holds('producer', 'cpu 0');
        assert.equal(await board.locator('[data-table]').filter({ visible: true }).count(), 0);
      },
      'the views show the host, what it is made of, its run and what the doctor found': async () => {
        await vscode.commands.executeCommand('numaPinboard.hosts.focus');
        await window.row(/numa-box.*connected, .*socket.*node/s).waitFor(PATIENT);
        await window.row(/\?/).waitFor(PATIENT);
        const pane = window.page.locator('.part.sidebar .pane', { hasText: 'Findings' }).last();
        await pane
          .getByText(/NUMA|finding|Nothing was found/)
          .first()
          .waitFor(PATIENT);
        await window.screenshot('vscode-views');
      },
      'NUMA: Disconnect lets the host go, and the board says where its hosts come from': async () => {
        await window.runCommand('NUMA: Disconnect');
        await board.locator('[data-action="target"]').first().waitFor(PATIENT);
        writeFileSync(join(homedir(), 'none.conf'), '');
        await setConfig('~/none.conf');
        await board.getByText(`No hosts are listed in ~/none.conf (${hostname()}).`).waitFor(PATIENT);
        await window.screenshot('vscode-no-hosts');
        await setConfig('~/lab.conf');
        await board.locator('[data-host="lab-4s"]').waitFor(PATIENT);
      },
      'an emulated host of four sockets is connected to like any other': async () => {
        await window.runCommand('NUMA: Connect Host');
        await window.pick('lab-4s');
        board = await window.webviewFrame();
        await pu(15).waitFor(PATIENT);
        await board.locator('[data-node="3"]').first().waitFor(PATIENT);
        await board.getByText('emulated', { exact: true }).first().waitFor(PATIENT);
        await window.row(/lab-4s.*connected, 4 sockets, 4 nodes, emulated/s).waitFor(PATIENT);
      },
      'across its sockets the figure says that it is emulated': async () => {
        await window.drag(token('producer'), pu(0));
        await holds('producer', 'cpu 0');
        await window.drag(token('consumer'), pu(8));
        await holds('consumer', 'cpu 8');
        await window.runCommand('NUMA: Place Memory…');
        await window.pick('node 3');
        await holds('memory', 'node 3');
        await window.screenshot('vscode-four-sockets-placed');
        await setFields(board, { rounds: '3', duration: '300 ms' });
        await board.locator('[data-action="run"]').first().click();
        await board
          .getByText(/emulated host/)
          .first()
          .waitFor(PATIENT);
        await window.screenshot('vscode-four-sockets-result');
        await window.runCommand('NUMA: Export Snapshot to Docs');
        await window.notification(/Exported to docs\/numa.*lab-4s/, PATIENT.timeout);
        await window.hideNotifications();
      },
      'workers are placed by a typed list, memory by keys, page sizes compared, and the answer exported': async () => {
        await window.runCommand('NUMA: Place Workers…');
        await window.enter('node:9', false);
        await window.quickInput().getByText('This host has no node:9. It has NUMA nodes 0-3.').waitFor(PATIENT);
        await window.enter('node:1', false);
        await window.pick('cpus 4-7');
        await holds('workers', 'cpus 4-7');
        await pu(4).focus();
        for (const key of ['m', '1', 'Enter']) await window.page.keyboard.press(key);
        await holds('memory', 'node 1');
        const chip = board.locator('[data-action="setting-memory"]').first();
        await chip.getByText('all').waitFor(PATIENT);
        await window.page.keyboard.press('s');
        await chip.getByText('4k').waitFor(PATIENT);
        await window.page.keyboard.press('Shift+S');
        await chip.getByText('all').waitFor(PATIENT);
        // As short, and with as little memory, as an answer can be had.
        await setFields(board, { size: '4 MB', rounds: '3', duration: '200 ms' });
        await window.runCommand('NUMA: Run Huge-Page Benchmark');
        await board.locator('[data-verdict]', { hasText: /transparent huge pages/i }).waitFor(PATIENT);
        const panel = board.locator('.panel');
        for (const words of ['Memory bandwidth', 'Transparent huge pages', 'emulated host'])
          await panel.getByText(words).filter({ visible: true }).first().waitFor(PATIENT);
        await window.screenshot('vscode-huge-pages');
        await pu(4).focus();
        await window.page.keyboard.press('e');
        await board.locator('[data-exported]').waitFor(PATIENT);
        await window.runCommand('NUMA: Disconnect');
        await board.locator('[data-action="target"]').first().waitFor(PATIENT);
      },
    },
    async (name) => {
      await window.screenshot(`failed ${name}`);
    },
  );
}
