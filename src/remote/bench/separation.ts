/** Two pools under layout after layout, round by round, within a budget of time that is planned beforehand. */

import { usualSize } from '../../model/bench/nodes/cases.ts';
import { separationOn } from '../../model/bench/separation/on-machine.ts';
import { separationCases } from '../../model/bench/separation/cases.ts';
import { separationWords } from '../../model/bench/separation/repeat.ts';
import type { SeparationAskedFor } from '../../model/bench/separation/repeat.ts';
import { roundsWithin, separationMs } from '../../model/bench/separation/rounds.ts';
import { DURATION_MS } from '../../model/bench/separation/workload.ts';
import { resolveCpus } from '../../model/placement/cpu-set.ts';
import { memoryNodes } from '../../model/placement/usable.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Run } from '../../model/run/run.ts';
import { formatDuration, plural } from '../../model/text/format.ts';
import type { Host } from '../host.ts';
import { measure } from './benchmark.ts';
import type { Watched } from './benchmark.ts';
import { Budget } from './budget.ts';

export interface SeparationMeasurement extends SeparationAskedFor, Watched {
  /** What will be measured and how long it takes, what was left out: before anything is. */
  readonly onPlan?: (words: readonly string[]) => void;
}

/** Cut short it returns what was measured until then. @throws PinboardError when nothing was measured at all. */
export async function measureSeparation(host: Host, asked: SeparationMeasurement): Promise<Run> {
  const { layouts, scenarios, budgetMs, onPlan, onProgress, onCheckpoint, signal } = asked;
  const { topology, environment } = await host.discover(signal);
  const sizeBytes = asked.sizeBytes ?? usualSize(topology, memoryNodes(topology));
  const thp = environment['thp'] === 'always' || environment['thp'] === 'madvise';
  const custom = asked.custom && {
    ...asked.custom,
    walkers: resolveCpus(topology, asked.custom.walkers),
    workers: resolveCpus(topology, asked.custom.workers),
  };
  const { cases, notes } = separationCases(topology, { layouts, custom, scenarios, sizeBytes, thp });
  if (cases.length === 0) throw new PinboardError('unsupported', 'No layout can be measured here.', notes[0]);
  const durationMs = asked.durationMs ?? DURATION_MS;
  const rounds = asked.rounds ?? roundsWithin(topology, cases, { durationMs, budgetMs });
  const plannedMs = separationMs(topology, cases, { rounds, durationMs });
  onPlan?.([
    `${plural(cases.length, 'case')} in ${plural(rounds, 'round')}: about ${formatDuration(Math.ceil(plannedMs / 1000) * 1000)}${topology.machine.emulated ? ' on an emulated host, longer where that is busy' : ''}.`,
    ...notes,
  ]);
  const budget = new Budget(budgetMs, signal).start();
  try {
    const run = await measure(host, {
      bench: separationOn(topology, cases, separationWords(asked), asked.thresholds),
      cases,
      ...{ rounds, durationMs },
      ...(onProgress ? { onProgress } : {}),
      ...(onCheckpoint ? { onCheckpoint } : {}),
      signal: budget.signal,
    });
    const used = `The budget of ${formatDuration(budgetMs)} was used up before the last round.`;
    return {
      ...run,
      ...(notes.length > 0 ? { notes: [...(run.notes ?? []), ...notes] } : {}),
      ...(run.partial !== null && budget.usedUp ? { partial: used } : {}),
    };
  } catch (error) {
    if (!budget.usedUp) throw error;
    throw new PinboardError('agent-died', 'Nothing was measured within the budget.', 'Allow more time with --budget.');
  } finally {
    budget.end();
  }
}
