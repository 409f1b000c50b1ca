/** Commands that measure: on the board as by its Run button, with the progress and a way to cancel beside it. */

import * as vscode from 'vscode';
import { DEFAULT_BUDGET_MS, GUIDE_QUESTION } from '../model/bench/guide/plan.ts';
import { OFFER_KINDS, offerOf } from '../model/bench/index.ts';
import { splitWords } from '../model/bench/program/command.ts';
import { DEFAULT_RACE_MS } from '../model/bench/race/budget.ts';
import { hasLinks, MACHINE_MS, questions } from '../model/board/questions.ts';
import { messageOf, PinboardError } from '../model/problem.ts';
import { formatDuration } from '../model/text/format.ts';
import type { Topology } from '../model/topology/topology.ts';
import type { BoardSession } from '../remote/board/session.ts';
import type { CommandContext } from './command-context.ts';
import { inProgress } from './progress.ts';
import { quickPick } from './quick-pick.ts';
import type { Row } from './quick-pick.ts';
import { progressWords } from './words/status.ts';

/** @throws PinboardError `not-connected`. */
export function topologyOf(session: BoardSession): Topology {
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

/** Shows the board, and beside it the progress with a way to cancel. */
async function measure(
  { session, panel }: CommandContext,
  title: string,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  topologyOf(session);
  await panel.show();
  const step = (): string | null => {
    const { running } = session.board;
    return running && (running.rounds === 0 ? running.step : progressWords(running));
  };
  await inProgress(session, { title, step }, work);
}

/** Measures, and shows the run that came of it. */
function measureRun(
  context: CommandContext,
  title: string,
  work: (signal: AbortSignal) => Promise<{ readonly run: string }>,
): Promise<void> {
  return measure(context, title, async (signal) => context.session.showRun((await work(signal)).run));
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
  await measureRun(context, 'NUMA huge-page benchmark', (signal) => session.run(signal));
}

/** Needs nothing placed. */
async function runNodes(context: CommandContext): Promise<void> {
  const { session } = context;
  topologyOf(session);
  session.tokens.choose('nodes');
  await measureRun(context, 'NUMA memory, node to node', (signal) => session.run(signal));
}

/** The standard layouts, and what both pools are placed on. */
async function runSeparation(context: CommandContext): Promise<void> {
  const { session } = context;
  topologyOf(session);
  session.tokens.choose('separation');
  await measureRun(context, 'NUMA two pools, mixed or separated', (signal) => session.run(signal));
}

/** Of a program of the user's own; its words are passed to no shell. */
async function findPlacement(context: CommandContext): Promise<void> {
  const { session } = context;
  topologyOf(session);
  const command = await askCommand(
    'Find the Best Placement',
    `A program that ends by itself; it runs again and again, for at most ${formatDuration(DEFAULT_RACE_MS)}`,
  );
  if (!command) return;
  await measureRun(context, 'NUMA best placement', (signal) => session.race(command, DEFAULT_RACE_MS, signal));
}

/** The words of a command line, which no shell reads; undefined: the person went back. */
async function askCommand(title: string, prompt: string): Promise<string[] | undefined> {
  const line = await vscode.window.showInputBox({
    title: `NUMA: ${title}`,
    prompt,
    placeHolder: './queries --seconds 5',
    ignoreFocusOut: true,
  });
  if (line === undefined || line.trim() === '') return undefined;
  try {
    return splitWords(line);
  } catch (error) {
    throw new PinboardError('usage', messageOf(error));
  }
}

/** Once, with its threads on the board while it runs. */
async function runProgram(context: CommandContext): Promise<void> {
  const { session } = context;
  topologyOf(session);
  const command = await askCommand('Run a Program', 'Its threads appear on the CPUs they run on');
  if (!command) return;
  const where = await vscode.window.showInputBox({
    title: 'NUMA: Where May It Run?',
    prompt: 'CPUs, and behind @ the nodes of its memory or interleave; empty: anywhere',
    placeHolder: '0-3@1',
    ignoreFocusOut: true,
  });
  if (where === undefined) return;
  const pin = where.trim() === '' ? null : where.trim();
  await measureRun(context, `NUMA: ${command[0] ?? 'program'} runs`, (signal) => session.program(command, pin, signal));
}

/** CPUs first, for their figures are shown while tokens are carried. */
async function runMatrix(context: CommandContext): Promise<void> {
  const { session } = context;
  const topology = topologyOf(session);
  await measureRun(context, 'NUMA core to core', async (signal) => {
    const found = await session.matrix('latency', MACHINE_MS.latency, signal);
    const whole = session.findRun(found.run).partial === null;
    if (whole && hasLinks(topology)) await session.matrix('bandwidth', MACHINE_MS.bandwidth, signal);
    return found;
  });
}

/** The question is asked on the board, which places what it is about. */
async function askQuestion({ session, panel }: CommandContext): Promise<void> {
  const asked = questions(topologyOf(session), session.board.workload);
  const items = asked.map(({ key, title, detail, placement }): Row & { readonly key: string } => ({
    ...{ key, label: title, detail },
    ...(placement === null ? { refused: true } : {}),
  }));
  const picked = await quickPick({ title: 'Ask a Question', placeholder: 'What the machine is asked', items });
  if (!picked) return;
  await panel.show();
  session.act({ act: 'ask', key: picked.key });
}

async function chooseBenchmark({ session, panel }: CommandContext): Promise<void> {
  topologyOf(session);
  const items = OFFER_KINDS.map((kind) => ({
    offer: kind,
    label: offerOf({ kind }).title,
    ...(kind === session.board.workload.kind ? { description: 'chosen' } : {}),
  }));
  const picked = await quickPick({ title: 'Choose Benchmark', placeholder: 'What Run measures', items });
  if (!picked) return;
  await panel.show();
  session.act({ act: 'choose', kind: picked.offer });
}

export function measureHandlers(context: CommandContext): Record<string, () => unknown> {
  const { session } = context;
  return {
    askQuestion: () => askQuestion(context),
    chooseBenchmark: () => chooseBenchmark(context),
    runBenchmark: () => measure(context, 'NUMA benchmark', (signal) => session.run(signal)),
    runGuide: () => measureRun(context, GUIDE_QUESTION, (signal) => session.guide(DEFAULT_BUDGET_MS, signal)),
    runHugePages: () => runHugePages(context),
    runNodes: () => runNodes(context),
    runSeparation: () => runSeparation(context),
    runMatrix: () => runMatrix(context),
    runProgram: () => runProgram(context),
    findPlacement: () => findPlacement(context),
    stopRun: () => session.cancelRun(),
  };
}
