/** The bandwidth of every node to the memory of every node, within a budget of time. */

import type { Running } from '../../model/board/board.ts';
import { parseCpuList } from '../../model/text/cpulist.ts';
import { formatDuration } from '../../model/text/format.ts';
import { firstTouchNode, memoryNodes } from '../../model/placement/usable.ts';
import { MEMORY } from '../../model/bench/memory/bench.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Run } from '../../model/run/run.ts';
import type { NumaNode, Topology } from '../../model/topology/topology.ts';
import { memoryCase } from '../../model/cases/memory.ts';
import { measure } from './benchmark.ts';
import type { Host } from '../host.ts';
import { Budget } from './budget.ts';
import { matrixCpus } from './matrix-cpus.ts';
import type { OnCheckpoint } from './started-run.ts';

interface NodesMeasurement {
  /** Null: as long as it takes. */
  readonly budgetMs: number | null;
  /** Only from these, and to the memory of their nodes; absent: from all to all. */
  readonly cpus?: readonly number[];
  readonly onProgress?: (running: Running) => void;
  readonly onCheckpoint?: OnCheckpoint;
  readonly signal?: AbortSignal;
}

/** Rounds there are as many of as fit, the first of these that does. */
const ROUNDS = [3, 2, 1];
/** Well beyond any last-level cache but the largest. */
const BYTES = 256 * 1024 ** 2;
/** A repetition of a bandwidth: shorter is noise, longer adds nothing. */
const LEAST_MS = 20;
const MOST_MS = 1000;
/** Bringing in small pages: 2 GB/s was seen here, a tenth of it where software plays the CPU. */
const BYTES_AN_MS = 2e6;
const BYTES_AN_MS_EMULATED = 2e5;

/** All nodes with memory, or those on which memory of the named CPUs lies. */
function targetsOf(topology: Topology, named: readonly number[] | undefined): NumaNode[] {
  const targets = memoryNodes(topology);
  if (named === undefined) return targets;
  const homes = new Set(named.map((cpu) => firstTouchNode(topology, cpu)));
  return targets.filter(({ id }) => homes.has(id));
}

/**
 * From a CPU of each node, round by round. The budget ends it, with what was measured until then; `partial` then says so.
 * @throws PinboardError when nothing was measured at all.
 */
export async function measureNodes(host: Host, asked: NodesMeasurement): Promise<Run> {
  const { budgetMs, onProgress, onCheckpoint, signal } = asked;
  const { topology } = await host.discover(signal);
  const chosen = matrixCpus(topology, asked.cpus, 1);
  const usable = new Set(chosen);
  const cpus = topology.nodes.flatMap((node) =>
    parseCpuList(node.cpus)
      .filter((cpu) => usable.has(cpu))
      .slice(0, 1),
  );
  const targets = targetsOf(topology, asked.cpus);
  if (cpus.length === 0 || targets.length === 0) {
    const lacking =
      targets.length === 0 ? 'No node has memory this session may use' : 'These CPUs belong to no NUMA node';
    throw new PinboardError('unsupported', `${lacking}: there is no node bandwidth to measure.`);
  }
  const room = Math.min(...targets.map((node) => node.freeBytes ?? BYTES * 4)) / 4;
  const sizeBytes = Math.max(1024 ** 2, Math.min(BYTES, 2 ** Math.floor(Math.log2(room))));
  const cases = cpus.flatMap((cpu) =>
    targets.map(({ id }) =>
      memoryCase({ what: 'bandwidth', cpus: [cpu], policy: 'bind', nodes: [id], pages: '4k', sizeBytes }),
    ),
  );
  const bringInMs = sizeBytes / (topology.machine.emulated ? BYTES_AN_MS_EMULATED : BYTES_AN_MS);
  const durationOf = (rounds: number): number => (budgetMs ?? Infinity) / (cases.length * rounds) - bringInMs;
  const rounds = ROUNDS.find((some) => durationOf(some) >= LEAST_MS) ?? 1;
  const budget = new Budget(budgetMs, signal).start();
  try {
    const run = await measure(host, {
      bench: MEMORY,
      cases,
      rounds,
      durationMs: Math.round(Math.min(MOST_MS, Math.max(LEAST_MS, durationOf(rounds)))),
      question: 'What bandwidth does each node get from each node\u2019s memory?',
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
      'No bandwidth was measured within the budget.',
      'Allow more time with --budget.',
    );
  } finally {
    budget.end();
  }
}
