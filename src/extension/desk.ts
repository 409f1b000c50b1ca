/**
 * What works with hosts: one session, its board, the rows of the side bar, what the commands do. Loaded when a view of the side bar is shown, a command
 * is chosen or a board comes back; a file in the editor has a session of its own (`file-session.ts`).
 */

import { join } from 'node:path';
import * as vscode from 'vscode';
import { BoardSession } from '../remote/board/session.ts';
import type { Connector } from '../remote/board/connection.ts';
import { openLocal, refuseUnlessLinux } from '../remote/connect/local.ts';
import { listHosts } from '../remote/ssh/config.ts';
import type { LiveHost } from '../remote/plan/beside.ts';
import type { RunStore } from '../remote/store/run-store.ts';
import { openOnBoard } from '../viewer/opening.ts';
import { pickFiles } from '../viewer/read-file.ts';
import { BoardPanel } from './board-panel.ts';
import type { Handlers } from './command-context.ts';
import { ConnectFailure } from './connect-failure.ts';
import { showConnecting } from './connecting.ts';
import { exportToDocs, recordTo, revealReport, showReport } from './exporting.ts';
import { followConnection } from './following.ts';
import { tooltipOf } from './here.ts';
import type { Here } from './here.ts';
import { LastBoardStore } from './last-board.ts';
import { Problems } from './notify.ts';
import { TRUST_HINT } from './path-setting.ts';
import { editorPrompter } from './prompter.ts';
import { comingBack } from './returning.ts';
import {
  doctorLimits,
  followSettings,
  hostsFrom,
  separationThresholds,
  sshConfigFile,
  sshConfigNamed,
} from './settings.ts';
import { showStatus } from './status-bar.ts';
import type { SideBar } from './views/side-bar.ts';
import { SshConfigWatch } from './views/ssh-config.ts';
import { Views } from './views/views.ts';
import { setKey } from './walkthrough.ts';

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

export interface DeskOf {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly here: Here;
  readonly runs: RunStore;
  readonly sideBar: SideBar;
  /** Of ours, that can be executed. */
  readonly commands: readonly string[];
}

export interface Desk {
  readonly panel: BoardPanel;
  /** The host that is connected to, by its name in the SSH config (null: this machine), and whether it must not be disturbed; null: none. */
  alive(): (LiveHost & { readonly target: string | null; readonly measuring: boolean }) | null;
  /** Loaded when the first command is chosen. */
  handlers(): Promise<Handlers>;
  tell(error: unknown): void;
  /** Ends what goes on, and waits until it is stored. */
  end(): Promise<void>;
}

export function openDesk({ extension, log, here, runs, sideBar, commands }: DeskOf): Desk {
  const store = new LastBoardStore(extension, log);
  const session = new BoardSession({
    prompterFor: editorPrompter,
    connector: connectorFor(join(extension.extensionPath, 'dist', 'agent'), (words) => log.warn(words)),
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
    separationThresholds,
    onStoreProblem: (error) => problems.tell(error),
    pickFiles,
    showApart: (run) => openOnBoard(vscode.Uri.file(runs.pathOf(run))),
  });
  const problems = new Problems(log, session);
  const tell = (error: unknown): void => {
    if (error instanceof ConnectFailure) problems.tell(error.cause, error.target);
    else problems.tell(error);
  };
  const comeBack = comingBack(session, store);
  const panel = new BoardPanel(extension.extensionUri, session, () => {
    // What the editor shows again comes back as it was, and never as another host.
    comeBack({ orHere: false }).catch(tell);
  });
  const views = new Views({
    session,
    runs,
    sideBar,
    memory: extension.globalState,
    local: { ...here, tooltip: tooltipOf(here) },
    commands,
    tell,
  });
  const refresh = (): void => void session.refreshHosts();
  const watch = new SshConfigWatch(sshConfigNamed, refresh);
  const stopFollowing = followConnection({ session, store, log, problems });
  const stopProgress = showConnecting(session);
  extension.subscriptions.push(
    views,
    watch,
    panel,
    showStatus(session),
    followSettings(tell, () => {
      refresh();
      void watch.again();
    }),
  );
  let loading: Promise<Handlers> | null = null;
  return {
    panel,
    alive: () => {
      const { alive } = session;
      const target = session.standing.held?.at.target ?? null;
      return alive && { ...alive, target, measuring: session.board.running !== null };
    },
    tell,
    handlers: () =>
      (loading ??= import('./commands.ts').then(({ commandHandlers }) =>
        commandHandlers({ session, panel, log, here, extension, views, comeBack: () => comeBack({ orHere: true }) }),
      )),
    async end() {
      // Before the connection ends: that it did is no wish to forget the host.
      stopFollowing();
      stopProgress();
      await session.dispose();
      await store.settled();
    },
  };
}
