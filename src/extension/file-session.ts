/** The board of a file where hosts can be reached: it exports, and lists what else was measured on the run's host. */

import * as vscode from 'vscode';
import { PinboardError } from '../model/problem.ts';
import { attachPage } from '../remote/board/attach.ts';
import { BoardSession } from '../remote/board/session.ts';
import type { Host } from '../remote/host.ts';
import { hostFromRecording, hostFromRun, hostFromTopology } from '../remote/recorded/dump-host.ts';
import type { RunStore } from '../remote/store/run-store.ts';
import type { FileBoard } from '../viewer/file-board.ts';
import { openOnBoard } from '../viewer/opening.ts';
import { pickFiles } from '../viewer/read-file.ts';
import type { ShownFile } from '../viewer/shown-file.ts';
import { exportToDocs, revealReport, showReport } from './exporting.ts';

const ELSEWHERE = 'To measure, connect to a host: NUMA: Connect Host.';

const refused = (): Promise<never> =>
  Promise.reject(new PinboardError('unsupported', 'This editor shows a file.', ELSEWHERE));

function hostOf(file: ShownFile): Host {
  if (file.kind === 'run') return hostFromRun(file.run, ELSEWHERE);
  if (file.kind === 'recording') return hostFromRecording(file.recording, ELSEWHERE);
  return hostFromTopology(file.topology, ELSEWHERE);
}

export async function boardOf(file: ShownFile, store: RunStore): Promise<FileBoard> {
  const session = new BoardSession({
    connector: refused,
    listHosts: () => [],
    exporter: exportToDocs,
    openPage: showReport,
    revealPage: revealReport,
    store,
    pickFiles,
    showApart: (run) => openOnBoard(vscode.Uri.file(store.pathOf(run))),
  });
  await session.useHost(hostOf(file));
  if (file.kind === 'run') session.showRun(file.run.id);
  return {
    attach: (send) => attachPage(session, send),
    compare: (first, second) => {
      for (const run of [first, second]) session.addRun(run);
      session.showRun(first.id, second.id);
    },
    act: (asked) => session.act(asked),
    notice: (level, message) => session.notice(level, message),
    dispose: () => void session.dispose(),
  };
}
