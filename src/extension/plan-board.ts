/** The board of one plan: its machine, on paper or as it is connected, and its text, which the editor keeps. */

import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { PlanHost } from '../model/plan/plan.ts';
import { PinboardError, problemWords, toProblem } from '../model/problem.ts';
import type { PlanDesk } from '../protocol/plan-desk.ts';
import { readPlan, readPlanOf } from '../protocol/plan-text.ts';
import { attachPage } from '../remote/board/attach.ts';
import { BoardSession } from '../remote/board/session.ts';
import type { Host } from '../remote/host.ts';
import type { LiveHost } from '../remote/plan/beside.ts';
import { onPaperOf, withDistancesOf } from '../remote/plan/machine.ts';
import { openRecorded } from '../remote/recorded/importers/index.ts';
import { hostFromTopology } from '../remote/recorded/dump-host.ts';
import type { RunStore } from '../remote/store/run-store.ts';
import { showBoard } from '../viewer/board-webview.ts';
import type { Desk } from './desk.ts';
import { exportToDocs, revealReport, showReport } from './exporting.ts';

const ELSEWHERE = 'This editor shows a plan. To measure, connect to its host: NUMA: Connect Host.';

/** The host that the board of hosts is connected to; null: none. */
export type Alive = () => Promise<ReturnType<Desk['alive']>>;

/** What a plan is drawn on: a host by its name (null: this machine), as it was when it was shown; undefined: a machine on paper. */
interface Shown {
  readonly host: Host;
  readonly target: string | null | undefined;
}

export interface PlanBoard {
  /** The text has changed. */
  look(): void;
  dispose(): void;
}

/** Shows the plan in the panel. @throws PinboardError for a text that is no plan, or a machine that cannot be had. */
export async function showPlan(
  document: vscode.TextDocument,
  panel: vscode.WebviewPanel,
  extensionUri: vscode.Uri,
  { alive, store }: { readonly alive: Alive; readonly store: RunStore },
): Promise<PlanBoard> {
  const name = basename(document.uri.path);
  let host: PlanHost | null = readPlanOf(name, document.getText()).plan.host;
  let target: Shown['target'];
  const session = new BoardSession({
    planHost: () => hostOfTarget(target, alive),
    connector: () => Promise.reject(new PinboardError('unsupported', 'This editor shows a plan.', ELSEWHERE)),
    listHosts: () => [],
    exporter: exportToDocs,
    openPage: showReport,
    revealPage: revealReport,
    store,
  });
  const show = async (): Promise<void> => {
    const shown = await machineOf(document.uri, host, alive);
    ({ target } = shown);
    await session.useHost(shown.host);
  };
  let desk: PlanDesk;
  try {
    await show();
    desk = await session.plan.open(name, {
      read: () => Promise.resolve(document.getText()),
      write: (text) => change(document, text, name),
      editor: {
        undo: async () => void (await vscode.commands.executeCommand('undo')),
        redo: async () => void (await vscode.commands.executeCommand('redo')),
      },
    });
    desk.show(document.getText());
  } catch (error) {
    await session.dispose();
    throw error;
  }
  const source = {
    attach: (send: Parameters<BoardSession['attach']>[0]) => attachPage(session, send),
    act: (asked: Parameters<BoardSession['act']>[0]) => session.act(asked),
  };
  const page = showBoard(panel, source, extensionUri);
  const tell = (error: unknown): void => session.notice('warning', problemWords(toProblem(error)));
  const follow = async (): Promise<void> => {
    const read = readPlan(document.getText());
    if (!('plan' in read) || JSON.stringify(read.plan.host) === JSON.stringify(host)) return;
    host = read.plan.host;
    await show();
  };
  return {
    look() {
      try {
        desk.show(document.getText());
      } catch (error) {
        tell(error);
      }
      void follow().catch(tell);
    },
    dispose() {
      page.dispose();
      void session.dispose();
    },
  };
}

/** @throws PinboardError `not-connected` where the plan is for a host that the board is not at. */
async function machineOf({ fsPath, scheme }: vscode.Uri, host: PlanHost | null, alive: Alive): Promise<Shown> {
  const onPaper = onPaperOf(fsPath, host);
  if (onPaper !== null) {
    if (host?.topology != null && scheme !== 'file')
      throw new PinboardError(
        'not-found',
        `The plan is for the machine in ${host.topology}, which is looked for beside the plan, and the plan is not saved on a disk.`,
        'Save the plan beside that file; or give its machine as synthetic: or ssh:.',
      );
    const opened = await withDistancesOf(await openRecorded(onPaper), host, { elsewhere: ELSEWHERE });
    return { host: opened, target: undefined };
  }
  const at = await alive();
  const wanted = host?.ssh ?? null;
  if (at && (wanted === null || wanted === at.target)) {
    const drawn = hostFromTopology(at.topology, ELSEWHERE);
    return { host: await withDistancesOf(drawn, host, { elsewhere: ELSEWHERE }), target: at.target };
  }
  const connected = at ? `connected to ${at.target ?? 'this machine'}` : 'not connected';
  if (wanted !== null)
    throw new PinboardError(
      'not-connected',
      `The plan is for ${wanted}, and NUMA Pinboard is ${connected}.`,
      `Connect to ${wanted}, then come back to this tab.`,
    );
  throw new PinboardError(
    'not-connected',
    `The plan names no machine, and NUMA Pinboard is ${connected}.`,
    'Connect to the host that it is for, then come back to this tab; or name one in the plan, as host: { ssh: HOST }, { topology: FILE } or { synthetic: "pack:2 core:8 pu:2" }.',
  );
}

/** Where the plan is compared. @throws PinboardError for a machine on paper, and once the board is not at that host any more. */
async function hostOfTarget(target: Shown['target'], alive: Alive): Promise<LiveHost> {
  if (target === undefined)
    throw new PinboardError(
      'unsupported',
      'The plan names a machine on paper, where nothing runs.',
      'Name its host in the plan (host: with ssh:), and connect to it (NUMA: Connect Host).',
    );
  const at = await alive();
  if (at?.target === target) {
    if (at.measuring)
      throw new PinboardError('busy', 'A run is in progress on the board.', 'Cancel it, or wait for its end.');
    return at;
  }
  throw new PinboardError(
    'not-connected',
    `The board is ${at ? 'at another host than the plan' : 'not connected'}.`,
    'Connect to it (NUMA: Connect Host), then compare again.',
  );
}

/** Only the letters that differ: what is selected elsewhere in the text stays where it is. */
async function change(document: vscode.TextDocument, text: string, name: string): Promise<void> {
  const before = document.getText();
  const most = Math.min(before.length, text.length);
  let start = 0;
  while (start < most && before[start] === text[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === text[text.length - 1 - end]) end++;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(before.length - end));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text.slice(start, text.length - end));
  if (!(await vscode.workspace.applyEdit(edit)))
    throw new PinboardError('permission', `${name} cannot be changed in this editor. Nothing was changed.`);
}
