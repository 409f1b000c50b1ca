/** The extension: its commands, its views and its editors of files, each with what it needs loaded when it is first used. */

import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { registerComparisons } from '../viewer/comparison.ts';
import type { Edition } from '../viewer/file-board.ts';
import { FILE_COMMANDS, registerFileCommands } from '../viewer/file-commands.ts';
import { FileEditor } from '../viewer/file-editor.ts';
import type { RunStore } from '../remote/store/run-store.ts';
import { VIEW_TYPE } from './board-tabs.ts';
import type { Desk } from './desk.ts';
import { hereOf } from './here.ts';
import { PlanEditor } from './plan-editor.ts';
import { SideBar } from './views/side-bar.ts';
import { tellWalkthrough } from './walkthrough.ts';
import { commandsOf, nameOf } from './words/commands.ts';
import type { Manifest } from './words/commands.ts';

/** Made when it is first asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

let end: () => Promise<void> = () => Promise.resolve();

export function activate(extension: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('NUMA Pinboard', { log: true });
  const here = hereOf({
    remoteName: vscode.env.remoteName,
    runsThere: extension.extension.extensionKind === vscode.ExtensionKind.Workspace,
    platform: process.platform,
    hostname: hostname(),
    env: process.env,
  });
  const commands = commandsOf(extension.extension.packageJSON as Manifest, FILE_COMMANDS);
  const runs = once<RunStore>(async () => {
    const { NO_LIMITS, RunStore } = await import('../remote/store/run-store.ts');
    // Of every workspace: a run says something of a host, not of a project.
    return new RunStore(vscode.Uri.joinPath(extension.globalStorageUri, 'runs').fsPath, NO_LIMITS);
  });
  const desk = once<Desk>(async () => {
    const { openDesk } = await import('./desk.ts');
    const opened = openDesk({ extension, log, here, runs: await runs(), sideBar, commands });
    end = () => opened.end();
    return opened;
  });
  const tell = (error: unknown): void => void desk().then((opened) => opened.tell(error));
  const sideBar = new SideBar(async () => void (await desk()));
  const edition: Edition = {
    readRecording: async (name, bytes) => {
      const { readRecordingBytes } = await import('../remote/recording/reader.ts');
      return readRecordingBytes(name, bytes);
    },
    board: async (file) => {
      const { boardOf } = await import('./file-session.ts');
      return boardOf(file, await runs());
    },
  };
  const files = new FileEditor(extension.extensionUri, edition);
  extension.subscriptions.push(
    log,
    sideBar,
    files.register(),
    new PlanEditor(extension.extensionUri, async () => (await desk()).alive(), runs).register(),
    registerFileCommands(files, edition, tell),
    registerComparisons(edition),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel) => (await desk()).panel.deserializeWebviewPanel(panel),
    }),
  );
  for (const command of commands) {
    const guarded = async (argument?: unknown, selected?: unknown): Promise<void> => {
      const { handlers, tell } = await desk();
      try {
        await (await handlers())[nameOf(command)]?.(argument, selected);
      } catch (error) {
        tell(error);
      }
    };
    extension.subscriptions.push(vscode.commands.registerCommand(command, guarded));
  }
  tellWalkthrough(here);
  const { version } = extension.extension.packageJSON as { version?: unknown };
  log.info(`NUMA Pinboard ${String(version)} is ready`);
  if (here.away !== null) log.info(`It runs on ${here.away}: hosts, keys and known hosts are those of ~/.ssh there`);
}

export function deactivate(): Promise<void> {
  return end();
}
