/** The commands of the palette: each does what the page does, by the same session, without needing the page. */

import * as vscode from 'vscode';
import { offerOf } from '../model/bench/index.ts';
import type { OfferKind } from '../model/bench/index.ts';
import { PinboardError } from '../model/problem.ts';
import { idsIn, slotNamed } from '../model/placement/slots.ts';
import { openExample } from '../viewer/example.ts';
import type { CommandContext, Handlers } from './command-context.ts';
import { ConnectFailure } from './connect-failure.ts';
import { tellExported } from './exporting.ts';
import { liveHandlers } from './live-commands.ts';
import { measureHandlers, topologyOf } from './measuring.ts';
import { pageHandlers } from './page-commands.ts';
import { pickCpu, pickHost, pickPart, pickNode, pickRun } from './pick.ts';
import { inProgress } from './progress.ts';
import { reportIssue } from './report-issue.ts';
import { runHandlers } from './run-commands.ts';
import { viewHandlers } from './view-commands.ts';
import { subjectOf } from './views/rows.ts';
import { openWalkthrough } from './walkthrough.ts';

/** @param given a host's name, null for this machine, or the row of one; else a person is asked. */
async function connectHost({ session, panel, here }: CommandContext, given?: unknown): Promise<void> {
  const row = subjectOf(given);
  const named = row?.kind === 'host' ? row.target : given;
  const known = typeof named === 'string' || named === null;
  if (!known) await session.refreshHosts();
  const target = known ? named : await pickHost(session.board.hosts, here);
  if (target === undefined) return;
  await panel.show();
  try {
    await session.connect(target);
  } catch (error) {
    throw new ConnectFailure(target, error);
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

/** The board shows what was found; the message says it in one sentence. */
async function checkHost({ session, panel, comeBack }: CommandContext): Promise<void> {
  await panel.show();
  await comeBack();
  topologyOf(session);
  const step = (): string | null => session.board.checkup?.step ?? null;
  await inProgress(session, { title: 'NUMA: checking the host', step }, (signal) => session.doctor.check(null, signal));
  const { diagnosis } = session.board.checkup ?? {};
  if (!diagnosis) return;
  const tell = diagnosis.verdict === 'findings' ? 'showWarningMessage' : 'showInformationMessage';
  void vscode.window[tell](`${diagnosis.host}: ${diagnosis.sentence}`);
}

/** @param given the row of a run; else one of the board, and a person is asked which. */
async function exportSnapshot({ session }: CommandContext, given?: unknown): Promise<void> {
  const row = subjectOf(given);
  if (row?.kind !== 'run' && session.board.runs.length === 0) {
    throw new PinboardError(
      'not-found',
      'There is no run to export yet.',
      'Place a producer and a consumer, then NUMA: Run Benchmark.',
    );
  }
  const run = row?.kind === 'run' ? row.run : (await pickRun(session.board.runs))?.id;
  if (run === undefined) return;
  const { folder } = await session.exportRun(run);
  void tellExported(folder);
}

/** Commands by the part of their id behind "numaPinboard.". */
export function commandHandlers(context: CommandContext): Handlers {
  return {
    connectHost: (target) => connectHost(context, target),
    openBoard: () => openBoard(context),
    checkHost: () => checkHost(context),
    pinProducer: () => place(context, 'producer', 'spsc'),
    pinConsumer: () => place(context, 'consumer', 'spsc'),
    placeWorkers: () => place(context, 'workers', 'memory'),
    placeMemory: () => place(context, 'memory'),
    exportSnapshot: (row) => exportSnapshot(context, row),
    ...measureHandlers(context),
    ...pageHandlers(context),
    ...liveHandlers(context),
    ...runHandlers(context),
    ...viewHandlers(context),
    showLog: () => context.log.show(),
    openExample: () => openExample(context.extension.extensionUri),
    openWalkthrough: () => openWalkthrough(context.extension.extension.id),
    reportIssue: () => reportIssue(context.extension, context.session),
    disconnect: () => context.session.disconnect(),
  };
}
