/** Commands that do on a page what a key does there: on the file whose editor is in front, else on the board. */

import * as vscode from 'vscode';
import type { PlainAct } from '../protocol/acts.ts';
import { boardInFront } from '../viewer/board-webview.ts';
import { PAGE_ACTS } from '../viewer/page-acts.ts';
import type { CommandContext } from './command-context.ts';
import { runRow } from './pick.ts';

async function onPage({ session, panel, comeBack }: CommandContext, act: PlainAct): Promise<void> {
  const file = panel.inFront ? null : boardInFront();
  if (file) {
    file.act({ act });
    return;
  }
  await panel.show();
  await comeBack();
  session.act({ act });
}

/** The first that is chosen is the one that the others are held against. */
async function compareRuns({ session, panel }: CommandContext): Promise<void> {
  const picked = await vscode.window.showQuickPick(session.board.runs.map(runRow), {
    title: 'Compare Runs',
    placeHolder: 'Two runs or more; the topmost is what the others are held against',
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  if (!picked || picked.length < 2) return;
  await panel.show();
  session.act({ act: 'compare', runs: picked.map(({ run }) => run.id) });
}

export function pageHandlers(context: CommandContext): Record<string, () => unknown> {
  const acts = Object.entries(PAGE_ACTS).map(([name, act]) => [name, () => onPage(context, act)] as const);
  return { ...Object.fromEntries(acts), compareRuns: () => compareRuns(context) };
}
