/** What every node gets of the memory of every node, within a budget of time. */

import type { Running } from '../../model/board/board.ts';
import { basePages } from '../../model/bench/memory/pages-here.ts';
import { MEASURED_NODES } from '../../model/bench/node-to-node/measured.ts';
import { bytesAnMs, nodeCasesWithin } from '../../model/bench/nodes/cases.ts';
import { nodeLabel } from '../../model/bench/nodes/grid.ts';
import type { NodeMeasure } from '../../model/bench/nodes/grid.ts';
import type { PageKind } from '../../model/cases/pages.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Environment, Run } from '../../model/run/run.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { formatDuration } from '../../model/text/format.ts';
import { measure } from './benchmark.ts';
import type { Host } from '../host.ts';
import { Budget } from './budget.ts';
import { matrixCpus } from './matrix-cpus.ts';
import type { OnCheckpoint } from './started-run.ts';

export interface NodesMeasurement {
  readonly measures: readonly NodeMeasure[];
  /** Null: as long as it takes. */
  readonly budgetMs: number | null;
  /** Words of the command line behind `numa-pinboard` that repeat it. */
  readonly repeat: readonly (string | number)[];
  /** Only from these, and to the memory of their nodes; absent: from all to all. */
  readonly cpus?: readonly number[] | undefined;
  /** So many CPUs of a node take its bandwidth together; absent: all. */
  readonly threads?: number | undefined;
  /** Absent: transparent huge pages where the host has them, or a chase through that much memory measures its page tables. */
  readonly pages?: PageKind | undefined;
  readonly sizeBytes?: number | undefined;
  readonly rounds?: number | undefined;
  /** Of a repetition. */
  readonly durationMs?: number | undefined;
  readonly onProgress?: (running: Running) => void;
  readonly onCheckpoint?: OnCheckpoint;
  readonly signal?: AbortSignal;
}

/** Rounds there are as many of as fit, the first of these that does. */
const ROUNDS = [7, 5, 3, 2, 1];
/** A repetition: shorter is noise, longer adds nothing. */
const LEAST_MS = 50;
const MOST_MS = 1000;
/** Of the budget; the rest is for what no plan knows: starting the agent, threads, other work on the host. */
const PLANNED = 0.85;
function usualPages(topology: Topology, { thp }: Environment): PageKind {
  return thp === 'always' || thp === 'madvise' ? 'thp' : basePages(topology);
}

/** How often and how long each pair is measured. */
function timing(cases: number, bringInMs: number, asked: NodesMeasurement): { rounds: number; durationMs: number } {
  const durationOf = (rounds: number): number =>
    ((asked.budgetMs ?? Infinity) * PLANNED) / (cases * rounds) - bringInMs;
  const least = asked.durationMs ?? LEAST_MS;
  const rounds = asked.rounds ?? ROUNDS.find((some) => durationOf(some) >= least) ?? 1;
  const durationMs = asked.durationMs ?? Math.round(Math.min(MOST_MS, Math.max(LEAST_MS, durationOf(rounds))));
  return { rounds, durationMs };
}

/**
 * From the CPUs of each node to the memory of each, round by round. The budget ends it, with what was measured until then;
 * `partial` then says so.
 * @throws PinboardError when nothing was measured at all.
 */
export async function measureNodes(host: Host, asked: NodesMeasurement): Promise<Run> {
  const { budgetMs, onProgress, onCheckpoint, signal } = asked;
  const { topology, environment } = await host.discover(signal);
  const cases = nodeCasesWithin(topology, budgetMs ?? Infinity, {
    measures: asked.measures,
    cpus: asked.cpus && matrixCpus(topology, asked.cpus, 1),
    threads: asked.threads,
    pages: asked.pages ?? usualPages(topology, environment),
    sizeBytes: asked.sizeBytes,
  });
  const bringInMs = (cases[0]?.sizeBytes ?? 0) / bytesAnMs(topology);
  const budget = new Budget(budgetMs, signal).start();
  try {
    const run = await measure(host, {
      bench: MEASURED_NODES,
      cases,
      ...timing(cases.length, bringInMs, asked),
      labels: cases.map((one) => nodeLabel(topology, one)),
      repeat: asked.repeat,
      ...(onProgress ? { onProgress } : {}),
      ...(onCheckpoint ? { onCheckpoint } : {}),
      signal: budget.signal,
    });
    return run.partial !== null && budget.usedUp
      ? { ...run, partial: `The budget of ${formatDuration(budgetMs ?? 0)} was used up before the last round.` }
      : run;
  } catch (error) {
    if (!budget.usedUp) throw error;
    throw new PinboardError(
      'agent-died',
      'No pair of nodes was measured within the budget.',
      'Allow more time with --budget.',
    );
  } finally {
    budget.end();
  }
}
