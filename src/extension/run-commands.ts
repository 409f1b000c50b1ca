/** Kept runs by the palette and the tree: opened from files, found among all, named, deleted with a way back. */

import * as vscode from 'vscode';
import { formatBytes } from '../model/text/format.ts';
import { MAX_NAME } from '../protocol/run.ts';
import type { RunHead } from '../protocol/run.ts';
import type { OpenedRun } from '../remote/board/kept-runs.ts';
import type { BoardSession } from '../remote/board/session.ts';
import type { CommandContext, Handlers } from './command-context.ts';
import { pickRun } from './pick.ts';
import { quickPick } from './quick-pick.ts';
import { roomForRuns } from './views/room.ts';
import { subjectOf } from './views/rows.ts';
import { runTitle } from './views/run-rows.ts';

/** Without a machine a board lists runs, too, and draws none. */
const isDrawn = ({ board }: BoardSession, run: string): boolean =>
  board.topology !== null && board.runs.some(({ id }) => id === run);

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
  const { id, host, time, verdict } = run;
  return {
    run: id,
    label: runTitle(run),
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
  if (picked) await show(context, { run: picked.run, here: isDrawn(session, picked.run) });
}

/** The rows that are selected in the view, the one in focus, else one that is asked for; only what is kept can be changed. */
async function chosen(
  { session }: CommandContext,
  title: string,
  argument: unknown,
  selected?: unknown,
): Promise<readonly string[]> {
  const rows = (Array.isArray(selected) && selected.length > 0 ? selected : [argument]).map(subjectOf);
  const runs = rows.flatMap((row) => (row?.kind === 'run' ? [row.run] : []));
  if (runs.length > 0) return runs;
  const kept = session.board.runs.filter(({ id }) => session.board.kept?.includes(id));
  const picked = await pickRun(kept, { title, placeholder: 'Run' });
  return picked ? [picked.id] : [];
}

async function renameRun(context: CommandContext, argument: unknown): Promise<void> {
  const { session } = context;
  const [id] = await chosen(context, 'Rename Run', argument);
  if (id === undefined) return;
  const name = await vscode.window.showInputBox({
    title: 'NUMA: Rename Run',
    prompt: 'Without a name it is called by what it measured',
    value: (await session.kept.find(id)).name ?? '',
    validateInput: (typed) => (typed.length > MAX_NAME ? `At most ${MAX_NAME} characters.` : null),
  });
  if (name !== undefined) await session.kept.rename(id, name);
}

async function remove({ session }: CommandContext, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await session.kept.remove(...ids);
  const undo = 'Undo';
  const words = ids.length === 1 ? 'The run was deleted.' : `${ids.length} runs were deleted.`;
  if ((await vscode.window.showInformationMessage(words, undo)) === undo) await session.kept.restore(...ids);
}

/** The oldest that are more than the limit of the setting are proposed. */
async function makeRoom(context: CommandContext): Promise<void> {
  const { kept } = context.session;
  const { runs } = await kept.shelf();
  const { bytes, runs: count } = await kept.usage();
  const limit = roomForRuns();
  // Of about the same size each, for words alone: what it takes is read anew afterwards.
  const most = Math.min(runs.length, bytes <= limit ? 0 : Math.ceil((count * (bytes - limit)) / bytes));
  const items = runs.toReversed().map((run, at) => ({ ...rowOf(run), picked: at < most }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'NUMA: Make Room for Runs',
    placeHolder: `${formatBytes(bytes)} kept${Number.isFinite(limit) ? ` of ${formatBytes(limit)}` : ''}, the oldest first. What is chosen is deleted.`,
    canPickMany: true,
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  await remove(
    context,
    (picked ?? []).map(({ run }) => run),
  );
}

/** As two files are: on a board that both were measured on, else side by side as text. */
async function compareKept(context: CommandContext, row: unknown, selected: unknown): Promise<void> {
  const ids = await chosen(context, 'Compare Runs', row, selected);
  const paths = await Promise.all(ids.map((id) => context.session.kept.pathOf(id)));
  const files = paths.map((path) => vscode.Uri.file(path));
  await vscode.commands.executeCommand('numaPinboard.compareSelected', files[0], files);
}

/** On the board where it is listed there, else as the file that it is. */
async function openRun(context: CommandContext, id: unknown): Promise<void> {
  const subject = subjectOf(id);
  const run = subject?.kind === 'run' ? subject.run : id;
  if (typeof run !== 'string') return;
  await show(context, { run, here: isDrawn(context.session, run) });
}

export function runHandlers(context: CommandContext): Handlers {
  return {
    openRunFile: () => openRunFile(context),
    allRuns: () => allRuns(context),
    openRun: (id) => openRun(context, id),
    renameRun: (row) => renameRun(context, row),
    deleteRun: async (row, selected) => remove(context, await chosen(context, 'Delete Run', row, selected)),
    makeRoom: () => makeRoom(context),
    compareKept: (row, selected) => compareKept(context, row, selected),
  };
}
