/** The extension: one session, one board, one tree, and the commands between them. */

import { join } from 'node:path';
import * as vscode from 'vscode';
import { BoardSession } from '../remote/board-session.ts';
import { connectHost } from '../remote/connect.ts';
import type { Host } from '../remote/host.ts';
import { openLocal } from '../remote/local.ts';
import { listHosts } from '../remote/ssh/config.ts';
import { openSsh } from '../remote/ssh/open.ts';
import { BoardPanel, VIEW_TYPE } from './board-panel.ts';
import { commandHandlers } from './commands.ts';
import { exportToDocs } from './exporting.ts';
import { showProblem } from './notify.ts';
import { editorPrompter } from './prompter.ts';
import { RunStore } from './store.ts';
import { HostsTree } from './tree.ts';

function sshConfig(): { sshConfig?: string } {
  const file = vscode.workspace.getConfiguration('numaPinboard').get<string>('sshConfig', '');
  return file === '' ? {} : { sshConfig: file };
}

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('NUMA Pinboard', { log: true });
  const agentDir = join(context.extensionPath, 'dist', 'agent');
  const store = new RunStore(context, log);
  /** What the board is connected to: null for this machine, undefined for nothing. */
  let target: string | null | undefined;

  const connectSsh = async (to: string, onStep: (words: string) => void, signal: AbortSignal): Promise<Host> => {
    log.info(`Connecting to ${to}`);
    const onWarning = (words: string): void => log.warn(words);
    const transport = await openSsh({
      target: to,
      prompter: editorPrompter,
      onStep,
      onWarning,
      signal,
      ...sshConfig(),
    });
    return connectHost(transport, { agentDir });
  };

  const session = new BoardSession({
    prompter: editorPrompter,
    connector: (to, _prompter, onStep, signal) => {
      target = to;
      return connectSsh(to, onStep, signal);
    },
    listHosts: () => listHosts(sshConfig().sshConfig),
    exporter: exportToDocs,
    mayStart: () =>
      vscode.workspace.isTrusted
        ? null
        : {
            code: 'unsupported',
            message: 'No program of yours is started from a workspace that is not trusted.',
            hint: 'Trust it first (Workspaces: Manage Workspace Trust).',
          },
    onRun: (snapshot) => void store.save(snapshot).catch((error: unknown) => showProblem(log, error)),
  });
  const panel = new BoardPanel(context.extensionUri, session);
  const tree = new HostsTree(session, () => target);

  const restoreRuns = async (): Promise<void> => {
    const { host } = session.board;
    if (host) for (const snapshot of (await store.load(host.name)).reverse()) session.addRun(snapshot);
  };

  const connect = async (to: string | null): Promise<void> => {
    target = to;
    if (to === null) await session.useHost(connectHost(openLocal(), { agentDir }));
    else await session.connect(to);
    await restoreRuns();
  };

  const disconnect = async (): Promise<void> => {
    // Before the old connection has closed, which may take its time: what is connected to meanwhile is not to be forgotten.
    target = undefined;
    store.remember(undefined);
    await session.disconnect();
    tree.refresh();
  };

  session.onChange(() => {
    const { board } = session;
    const connected = board.connection.state === 'connected';
    void vscode.commands.executeCommand('setContext', 'numaPinboard.connected', connected);
    if (connected && target !== undefined) {
      store.remember({ target, placement: board.placement, workload: board.workload });
    }
    tree.refresh();
  });

  const handlers = commandHandlers({ session, panel, log, connect, disconnect });
  for (const [name, handler] of Object.entries(handlers)) {
    const guarded = async (argument?: unknown): Promise<void> => {
      try {
        await handler(argument);
      } catch (error) {
        showProblem(log, error);
      }
    };
    context.subscriptions.push(vscode.commands.registerCommand(`numaPinboard.${name}`, guarded));
  }

  context.subscriptions.push(
    log,
    tree,
    panel,
    vscode.window.registerTreeDataProvider('numaPinboard.hosts', tree),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      async deserializeWebviewPanel(restored: vscode.WebviewPanel) {
        const last = await store.last();
        await panel.deserializeWebviewPanel(restored);
        if (!last || session.board.connection.state === 'connected') return;
        try {
          await connect(last.target);
          session.restore(last.placement, last.workload);
        } catch (error) {
          showProblem(log, error);
        }
      },
    }),
    { dispose: () => void session.dispose() },
  );
  log.info(`NUMA Pinboard ${String((context.extension.packageJSON as { version?: unknown }).version)} is ready`);
}
