/** Kept runs by the palette and the tree: opened from files, found among all, named, deleted with a way back. */

import * as vscode from 'vscode';
import { MAX_NAME } from '../protocol/run.ts';
import type { RunHead } from '../protocol/run.ts';
import type { OpenedRun } from '../remote/board/kept-runs.ts';
import type { CommandContext } from './command-context.ts';
import { pickRun } from './pick.ts';
import { quickPick } from './quick-pick.ts';
import type { TreeNode } from './tree.ts';

/** On the board where it is listed there, else in an editor of its own. */
async function show({ session, panel }: CommandContext, { run, here }: Pick<OpenedRun, 'run' | 'here'>): Promise<void> {
  if (!here) {
    await session.kept.showApart(run);
    return;
  }
  await panel.show();
  session.showRun(run);
}

async function openRunFile(context: CommandContext): Promise<void> {
  const last = (await context.session.kept.pick()).at(-1);
  if (last) await show(context, last);
}

function rowOf(run: RunHead): { label: string; description: string; detail: string; run: string } {
  const { id, name, host, time, verdict } = run;
  return {
    run: id,
    label: name ?? verdict?.question ?? id,
    description: `${host.name}, ${new Date(time).toLocaleString()}`,
    detail: verdict?.sentence ?? 'no answer',
  };
}

/** Of every host; what cannot be read is named, too. */
async function allRuns(context: CommandContext): Promise<void> {
  const { session, log } = context;
  const { runs, unread } = await session.kept.shelf();
  for (const { file, why } of unread) log.warn(`${file}: ${why}`);
  const placeholder =
    unread.length === 0
      ? 'A run, by host, question and date'
      : `${unread.length} files cannot be read: the log names them`;
  const picked = await quickPick({ title: 'All Runs', placeholder, items: runs.map(rowOf) });
  if (picked) await show(context, { run: picked.run, here: session.board.runs.some(({ id }) => id === picked.run) });
}

/** The one of the tree, else one that is asked for; only what is kept can be changed. */
async function chosen({ session }: CommandContext, title: string, node?: TreeNode): Promise<string | undefined> {
  if (node?.kind === 'run') return node.run.id;
  const kept = session.board.runs.filter(({ id }) => session.board.kept?.includes(id));
  return (await pickRun(kept, { title, placeholder: 'Run' }))?.id;
}

async function renameRun(context: CommandContext, node?: TreeNode): Promise<void> {
  const { session } = context;
  const id = await chosen(context, 'Rename Run', node);
  if (id === undefined) return;
  const name = await vscode.window.showInputBox({
    title: 'NUMA: Rename Run',
    prompt: 'Without a name it is called by what it measured',
    value: session.findRun(id).name ?? '',
    validateInput: (typed) => (typed.length > MAX_NAME ? `At most ${MAX_NAME} characters.` : null),
  });
  if (name !== undefined) await session.kept.rename(id, name);
}

async function deleteRun(context: CommandContext, node?: TreeNode): Promise<void> {
  const { session } = context;
  const id = await chosen(context, 'Delete Run', node);
  if (id === undefined) return;
  await session.kept.remove(id);
  const undo = 'Undo';
  if ((await vscode.window.showInformationMessage('The run was deleted.', undo)) === undo)
    await session.kept.restore(id);
}

export function runHandlers(context: CommandContext): Record<string, (argument?: unknown) => unknown> {
  return {
    openRunFile: () => openRunFile(context),
    allRuns: () => allRuns(context),
    renameRun: (node) => renameRun(context, node as TreeNode | undefined),
    deleteRun: (node) => deleteRun(context, node as TreeNode | undefined),
  };
}
