/** The extension: one session, one board, its views, and the commands between them. */

import { hostname } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { BoardSession } from '../remote/board/session.ts';
import type { Connector } from '../remote/board/connection.ts';
import { openLocal, refuseUnlessLinux } from '../remote/connect/local.ts';
import { listHosts } from '../remote/ssh/config.ts';
import { NO_LIMITS, RunStore } from '../remote/store/run-store.ts';
import { BoardPanel, VIEW_TYPE } from './board-panel.ts';
import type { Handlers } from './command-context.ts';
import { commandsOf, nameOf } from './words/commands.ts';
import type { Manifest } from './words/commands.ts';
import { ConnectFailure } from './connect-failure.ts';
import { showConnecting } from './connecting.ts';
import { exportToDocs, recordTo, revealReport, showReport } from './exporting.ts';
import { followConnection } from './following.ts';
import { hereOf, tooltipOf } from './here.ts';
import { Problems } from './notify.ts';
import { TRUST_HINT } from './path-setting.ts';
import { editorPrompter } from './prompter.ts';
import { comingBack } from './returning.ts';
import { desktopEdition } from './run-editor.ts';
import { doctorLimits, followSettings, hostsFrom, sshConfigFile, sshConfigNamed } from './settings.ts';
import { registerComparisons } from '../viewer/comparison.ts';
import { FILE_COMMANDS, registerFileCommands } from '../viewer/file-commands.ts';
import { FileEditor, openOnBoard } from '../viewer/file-editor.ts';
import { pickFiles } from '../viewer/read-file.ts';
import { LastBoardStore } from './last-board.ts';
import { showStatus } from './status-bar.ts';
import { SshConfigWatch } from './views/ssh-config.ts';
import { Views } from './views/views.ts';
import { setKey, tellWalkthrough } from './walkthrough.ts';

function connectorFor(agentDir: string, onWarning: (words: string) => void): Connector {
  return async (target, prompter, onStep, signal) => {
    const { connectHost } = await import('../remote/connect/connect.ts');
    if (target === null) {
      refuseUnlessLinux(process.platform, 'Connect to a Linux host: NUMA: Connect Host.');
      return connectHost(openLocal(), { agentDir });
    }
    const sshConfig = await sshConfigFile();
    const given = sshConfig === undefined ? {} : { sshConfig };
    const { openSsh } = await import('../remote/ssh/open.ts');
    return connectHost(await openSsh({ target, prompter, onStep, onWarning, signal, ...given }), { agentDir });
  };
}

/** Ends what goes on, and waits until it is stored. */
let end: () => Promise<void> = () => Promise.resolve();

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('NUMA Pinboard', { log: true });
  const store = new LastBoardStore(context, log);
  const here = hereOf({
    remoteName: vscode.env.remoteName,
    runsThere: context.extension.extensionKind === vscode.ExtensionKind.Workspace,
    platform: process.platform,
    hostname: hostname(),
    env: process.env,
  });
  // Of every workspace: a run says something of a host, not of a project.
  const runs = new RunStore(vscode.Uri.joinPath(context.globalStorageUri, 'runs').fsPath, NO_LIMITS);
  const session = new BoardSession({
    prompterFor: editorPrompter,
    connector: connectorFor(join(context.extensionPath, 'dist', 'agent'), (words) => log.warn(words)),
    // What is wrong with that setting is told by whoever follows it.
    listHosts: () => sshConfigFile().then(listHosts, () => []),
    hostsFrom: () => hostsFrom(here),
    exporter: async (run, looked) => {
      const written = await exportToDocs(run, looked);
      void setKey('exported', true);
      return written;
    },
    recordTo,
    openPage: showReport,
    revealPage: revealReport,
    mayStart: () =>
      vscode.workspace.isTrusted
        ? null
        : {
            code: 'unsupported',
            message: 'Your programs are not started from an untrusted workspace.',
            hint: TRUST_HINT,
          },
    store: runs,
    doctorLimits,
    onStoreProblem: (error) => problems.tell(error),
    pickFiles,
    showApart: (run) => openOnBoard(vscode.Uri.file(runs.pathOf(run))),
  });
  const problems = new Problems(log, session);
  const comeBack = comingBack(session, store);
  const panel = new BoardPanel(context.extensionUri, session, () => {
    // What the editor shows again comes back as it was, and never as another host.
    comeBack({ orHere: false }).catch(tell);
  });

  const tell = (error: unknown): void => {
    if (error instanceof ConnectFailure) problems.tell(error.cause, error.target);
    else problems.tell(error);
  };
  // What a command does is loaded when the first one is chosen.
  let loading: Promise<Handlers> | null = null;
  const handlers = (): Promise<Handlers> =>
    (loading ??= import('./commands.ts').then(({ commandHandlers }) =>
      commandHandlers({
        session,
        panel,
        log,
        here,
        extension: context,
        views: () => views,
        comeBack: () => comeBack({ orHere: true }),
      }),
    ));
  const commands = commandsOf(context.extension.packageJSON as Manifest, FILE_COMMANDS);
  for (const command of commands) {
    const guarded = async (argument?: unknown, selected?: unknown): Promise<void> => {
      try {
        await (await handlers())[nameOf(command)]?.(argument, selected);
      } catch (error) {
        tell(error);
      }
    };
    context.subscriptions.push(vscode.commands.registerCommand(command, guarded));
  }

  const views = new Views({
    session,
    runs,
    memory: context.globalState,
    local: { ...here, tooltip: tooltipOf(here) },
    commands,
    tell,
  });
  const refresh = (): void => void session.refreshHosts();
  const watch = new SshConfigWatch(sshConfigNamed, refresh);
  const stopFollowing = followConnection({ session, store, log, problems });
  const stopProgress = showConnecting(session);
  tellWalkthrough(here);
  end = async () => {
    // Before the connection ends: that it did is no wish to forget the host.
    stopFollowing();
    stopProgress();
    await session.dispose();
    await store.settled();
  };
  const edition = desktopEdition(runs);
  const files = new FileEditor(context.extensionUri, edition);
  context.subscriptions.push(
    log,
    views,
    watch,
    panel,
    showStatus(session),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, panel),
    files.register(),
    registerFileCommands(files, edition, tell),
    registerComparisons(edition),
    followSettings(tell, () => {
      refresh();
      void watch.again();
    }),
  );
  log.info(`NUMA Pinboard ${String((context.extension.packageJSON as { version?: unknown }).version)} is ready`);
  if (here.away !== null) log.info(`It runs on ${here.away}: hosts, keys and known hosts are those of ~/.ssh there`);
}

export function deactivate(): Promise<void> {
  return end();
}
