/** Commands about a host as it lives: what is followed there, its recording, its pools of huge pages. The board asks before anything is changed. */

import * as vscode from 'vscode';
import { pageKindOf } from '../model/cases/pages.ts';
import { CPU_SET_WORDS, resolveCpus } from '../model/placement/cpu-set.ts';
import { memoryNodes } from '../model/placement/usable.ts';
import { whyNot } from '../model/problem.ts';
import { formatCpuList } from '../model/text/cpulist.ts';
import { formatBytes, plural } from '../model/text/format.ts';
import type { Topology } from '../model/topology/topology.ts';
import type { CommandContext } from './command-context.ts';
import { topologyOf } from './measuring.ts';
import { quickPick } from './quick-pick.ts';

async function movePages({ session, panel }: CommandContext): Promise<void> {
  const items = memoryNodes(topologyOf(session)).map(({ id, memoryBytes, freeBytes }) => ({
    id,
    label: `node ${id}`,
    description: [
      memoryBytes === null ? 'size unavailable' : formatBytes(memoryBytes),
      ...(freeBytes === null ? [] : [`${formatBytes(freeBytes)} were free when it was read`]),
    ].join(', '),
  }));
  const picked = await quickPick({ title: 'Move Pages', placeholder: 'Node that all its pages go to', items });
  if (!picked) return;
  await panel.show();
  session.act({ act: 'movePages', to: picked.id });
}

/** What is wrong with it, or null. */
const whyNoCpus = (topology: Topology, typed: string): string | null =>
  whyNot(() => resolveCpus(topology, typed)) ??
  (resolveCpus(topology, typed).length > 0 ? null : `Write ${CPU_SET_WORDS}.`);

async function pinThreads({ session, panel }: CommandContext): Promise<void> {
  const topology = topologyOf(session);
  const typed = await vscode.window.showInputBox({
    title: 'NUMA: Pin Threads',
    prompt: `Where all threads of what is followed may run: ${CPU_SET_WORDS}`,
    placeHolder: 'node:1',
    ignoreFocusOut: true,
    validateInput: (words) => whyNoCpus(topology, words.trim()),
  });
  if (typed === undefined) return;
  await panel.show();
  session.act({ act: 'pinThreads', cpus: formatCpuList(resolveCpus(topology, typed.trim())) });
}

async function startRecording({ session }: CommandContext): Promise<void> {
  topologyOf(session);
  const path = await session.recorder.start();
  if (path === null) return;
  const stop = 'Stop';
  const words = `Recording to ${vscode.workspace.asRelativePath(path)}, also while nobody looks at the board.`;
  void vscode.window.showInformationMessage(words, stop).then((choice) => {
    if (choice === stop) void vscode.commands.executeCommand('numaPinboard.stopRecording');
  });
}

async function stopRecording({ session }: CommandContext): Promise<void> {
  const recorded = await session.recorder.stop();
  if (!recorded) return;
  const { path, samples } = recorded;
  const open = 'Open';
  const words = `${plural(samples, 'sample')} recorded in ${vscode.workspace.asRelativePath(path)}.`;
  void vscode.window.showInformationMessage(words, open).then((choice) => {
    if (choice === open) void vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path));
  });
}

/** The pools of every node, as they were when the machine was read; what is missing is looked up anew before anything is asked. */
async function reserveHugePages({ session, panel }: CommandContext): Promise<void> {
  const items = memoryNodes(topologyOf(session)).flatMap(({ id, hugepages }) =>
    hugepages.map(({ sizeBytes, total, free }) => ({
      ...{ id, sizeBytes },
      label: `node ${id}, ${formatBytes(sizeBytes)} pages`,
      description: `${plural(total, 'page')} reserved${free === null ? '' : `, ${free} free`}`,
    })),
  );
  const pool = await quickPick({ title: 'Reserve Huge Pages', placeholder: 'Node and page size', items });
  if (!pool) return;
  const typed = await vscode.window.showInputBox({
    title: `NUMA: Reserve Huge Pages, ${pool.label}`,
    prompt: 'Pages that shall be free there',
    placeHolder: '64',
    ignoreFocusOut: true,
    validateInput: (words) => (/^[1-9]\d{0,8}$/.test(words.trim()) ? null : 'Type how many pages: 64.'),
  });
  if (typed === undefined) return;
  await panel.show();
  session.act({ act: 'reserve', node: pool.id, pages: pageKindOf(pool.sizeBytes), needed: Number(typed) });
}

export function liveHandlers(context: CommandContext): Record<string, () => unknown> {
  return {
    stopFollowing: () => context.session.follow(null),
    movePages: () => movePages(context),
    pinThreads: () => pinThreads(context),
    startRecording: () => startRecording(context),
    stopRecording: () => stopRecording(context),
    reserveHugePages: () => reserveHugePages(context),
  };
}
