/** The commands of the palette: each does what the page does, by the same session, without needing the page. */

import * as vscode from 'vscode';
import { DEFAULT_BUDGET_MS, GUIDE_QUESTION } from '../model/bench/guide/plan.ts';
import { offerOf } from '../model/bench/index.ts';
import type { OfferKind } from '../model/bench/index.ts';
import { questions } from '../model/board/questions.ts';
import { DEFAULT_RACE_MS } from '../model/bench/race/budget.ts';
import { splitWords } from '../model/bench/program/command.ts';
import { messageOf, PinboardError } from '../model/problem.ts';
import { formatDuration } from '../model/text/format.ts';
import type { Topology } from '../model/topology/topology.ts';
import { idsIn, slotNamed } from '../model/placement/slots.ts';
import type { BoardSession } from '../remote/board/session.ts';
import type { CommandContext } from './command-context.ts';
import { tellExported } from './exporting.ts';
import { pickCpu, pickHost, pickPart, pickNode, pickRun } from './pick.ts';
import { reportIssue } from './report-issue.ts';
import { runHandlers } from './run-commands.ts';
import type { TreeNode } from './tree.ts';

function topologyOf(session: BoardSession): Topology {
  const { topology, connection } = session.board;
  if (!topology || connection.state !== 'connected') {
    throw new PinboardError(
      'not-connected',
      'No host is connected.',
      'Run NUMA: Connect Host or NUMA: Open Board first.',
    );
  }
  return topology;
}

/** @param given a host's name, null for this machine; else a person is asked. */
async function connectHost({ session, panel, here }: CommandContext, given?: unknown): Promise<void> {
  const known = typeof given === 'string' || given === null;
  if (!known) await session.refreshHosts();
  const target = known ? given : await pickHost(session.board.hosts, here);
  if (target === undefined) return;
  await panel.show();
  try {
    await session.connect(target);
  } catch (error) {
    throw new ConnectFailure(target, error);
  }
}

/** Names the host, so that connecting again can be offered. */
export class ConnectFailure extends Error {
  readonly target: string | null;
  constructor(target: string | null, cause: unknown) {
    super('Connecting failed.', { cause });
    this.target = target;
  }
}

async function openBoard({ panel, comeBack }: CommandContext): Promise<void> {
  await panel.show();
  await comeBack();
}

/** @param kind whose token it is; absent: of the chosen benchmark. */
async function place({ session, panel }: CommandContext, name: string, kind?: OfferKind): Promise<void> {
  const topology = topologyOf(session);
  const { slots } = offerOf({ kind: kind ?? session.board.workload.kind }).bench;
  const { board, lastSample } = session;
  const slot = slotNamed(slots, name);
  if (!slot) return;
  const held = kind && kind !== board.workload.kind ? [] : idsIn(board.placement, name);
  const targets = slot.many
    ? await pickPart(topology, slot, held)
    : slot.on === 'nodes'
      ? await pickNode(topology, slot)
      : await pickCpu(topology, { slots, slot, placement: board.placement, sample: lastSample });
  if (targets === undefined) return;
  if (kind) session.tokens.choose(kind);
  session.tokens.place(name, targets.length === 0 ? null : slot.many ? [...held, ...targets] : targets);
  await panel.show();
}

/** Measures what is placed; where no workers are, what question 3 of the board places. */
async function runHugePages(context: CommandContext): Promise<void> {
  const { session } = context;
  const topology = topologyOf(session);
  session.tokens.choose('memory');
  if (session.board.placement['workers'] === undefined) {
    const asked = questions(topology, session.board.workload).find(({ key }) => key === '3');
    const tokens = asked?.placement;
    if (tokens === null || typeof tokens !== 'object')
      throw new PinboardError('usage', asked?.detail ?? 'No CPU can be used.');
    if (tokens.workload) session.tokens.configure(tokens.workload);
    for (const [slot, held] of Object.entries(tokens.on)) session.tokens.place(slot, held);
  }
  await measure(context, 'NUMA huge-page benchmark', async (signal) => {
    const { run } = await session.run(signal);
    session.showRun(run);
  });
}

/** Needs nothing placed. */
async function runNodes(context: CommandContext): Promise<void> {
  const { session } = context;
  topologyOf(session);
  session.tokens.choose('nodes');
  await measure(context, 'NUMA memory, node to node', async (signal) => {
    const { run } = await session.run(signal);
    session.showRun(run);
  });
}

/** Of a program of the user's own; its words are passed to no shell. */
async function findPlacement(context: CommandContext): Promise<void> {
  const { session } = context;
  topologyOf(session);
  const line = await vscode.window.showInputBox({
    title: 'NUMA: Find the Best Placement',
    prompt: `A program that ends by itself; it runs again and again, for at most ${formatDuration(DEFAULT_RACE_MS)}`,
    placeHolder: './queries --seconds 5',
    ignoreFocusOut: true,
  });
  if (line === undefined || line.trim() === '') return;
  let command: string[];
  try {
    command = splitWords(line);
  } catch (error) {
    throw new PinboardError('usage', messageOf(error));
  }
  await measure(context, 'NUMA best placement', async (signal) => {
    const { run } = await session.race(command, DEFAULT_RACE_MS, signal);
    session.showRun(run);
  });
}

/** Shows the board, and beside it the progress with a way to cancel. */
async function measure(
  { session, panel }: CommandContext,
  title: string,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  topologyOf(session);
  await panel.show();
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    const control = new AbortController();
    token.onCancellationRequested(() => control.abort());
    const stop = session.onChange(() => {
      const { running } = session.board;
      if (!running) return;
      const { round, rounds, step } = running;
      progress.report({ message: rounds === 0 ? step : `round ${round} of ${rounds}` });
    });
    try {
      await work(control.signal);
    } finally {
      stop();
    }
  });
}

/** The board shows what was found; the message says it in one sentence. */
async function checkHost({ session, panel, comeBack }: CommandContext): Promise<void> {
  await panel.show();
  await comeBack();
  topologyOf(session);
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: 'NUMA: checking the host',
    cancellable: true,
  };
  await vscode.window.withProgress(options, async (progress, token) => {
    const control = new AbortController();
    token.onCancellationRequested(() => control.abort());
    const stop = session.onChange(({ checkup }) => {
      if (checkup?.step) progress.report({ message: checkup.step });
    });
    try {
      await session.doctor.check(null, control.signal);
    } finally {
      stop();
    }
  });
  const { diagnosis } = session.board.checkup ?? {};
  if (!diagnosis) return;
  const tell = diagnosis.verdict === 'findings' ? 'showWarningMessage' : 'showInformationMessage';
  void vscode.window[tell](`${diagnosis.host}: ${diagnosis.sentence}`);
}

async function exportSnapshot({ session }: CommandContext, node?: TreeNode): Promise<void> {
  if (session.board.runs.length === 0) {
    throw new PinboardError(
      'not-found',
      'There is no run to export yet.',
      'Place a producer and a consumer, then NUMA: Run Benchmark.',
    );
  }
  const run = node?.kind === 'run' ? node.run : await pickRun(session.board.runs);
  if (!run) return;
  const { folder } = await session.exportRun(run.id);
  void tellExported(folder);
}

/** Commands by the part of their id behind "numaPinboard.". */
export function commandHandlers(context: CommandContext): Record<string, (argument?: unknown) => unknown> {
  return {
    connectHost: (target) => connectHost(context, target),
    openBoard: () => openBoard(context),
    runBenchmark: () => measure(context, 'NUMA benchmark', (signal) => context.session.run(signal)),
    runGuide: () =>
      measure(context, GUIDE_QUESTION, async (signal) => {
        const { run } = await context.session.guide(DEFAULT_BUDGET_MS, signal);
        context.session.showRun(run);
      }),
    runHugePages: () => runHugePages(context),
    runNodes: () => runNodes(context),
    checkHost: () => checkHost(context),
    findPlacement: () => findPlacement(context),
    pinProducer: () => place(context, 'producer', 'spsc'),
    pinConsumer: () => place(context, 'consumer', 'spsc'),
    placeWorkers: () => place(context, 'workers', 'memory'),
    placeMemory: () => place(context, 'memory'),
    exportSnapshot: (node) => exportSnapshot(context, node as TreeNode | undefined),
    ...runHandlers(context),
    showLog: () => context.log.show(),
    reportIssue: () => reportIssue(context.extension, context.session),
    disconnect: () => context.session.disconnect(),
    openRun: async (id) => {
      await context.panel.show();
      if (typeof id === 'string') context.session.showRun(id);
    },
  };
}
