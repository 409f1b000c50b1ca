/** A guided run: looks at the host, plans, measures round by round, and puts together what came of it. */

import type { Running } from '../../model/board/board.ts';
import { plural } from '../../model/text/format.ts';
import type { Busy } from '../../model/bench/guide/pair-kinds.ts';
import { GUIDE_QUESTION, planGuide } from '../../model/bench/guide/plan.ts';
import type { GuidePlan } from '../../model/bench/guide/plan.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Run } from '../../model/run/run.ts';
import { Budget } from './budget.ts';
import { Rounds } from './guide-rounds.ts';
import type { Host } from '../host.ts';
import { startRun } from './started-run.ts';
import { UNFINISHED } from './unfinished.ts';
import type { OnCheckpoint } from './started-run.ts';
import { watchHost } from '../sampling/sampler.ts';

export interface GuideMeasurement {
  readonly budgetMs: number;
  /** How busy each CPU is, where that is known; else it is looked at before. */
  readonly busy?: Busy;
  /** Told before the first repetition. */
  readonly onPlan?: (plan: GuidePlan) => void;
  readonly onProgress?: (running: Running) => void;
  readonly onCheckpoint?: OnCheckpoint;
  readonly signal?: AbortSignal;
}

/** Long enough to tell a busy CPU from a quiet one. */
const LOOK_MS = 300;

async function lookBusy(host: Host, signal: AbortSignal | undefined): Promise<Busy> {
  const busy = new Map<number, number>();
  for await (const { cpus } of watchHost(host, { intervalMs: LOOK_MS, count: 1, ...(signal ? { signal } : {}) })) {
    for (const cpu of cpus) busy.set(cpu.id, cpu.busy);
  }
  return busy;
}

/** @throws PinboardError `unsupported` where there is nothing to plan. */
function planned(topology: Run['topology'], budgetMs: number, busy: Busy): GuidePlan {
  const plan = planGuide(topology, budgetMs, busy);
  if ('why' in plan) throw new PinboardError('unsupported', plan.why, 'Allow more time with --budget, or more CPUs.');
  return plan;
}

/**
 * Cut short (cancelled, agent dead, connection lost) it returns what was measured until then, and `partial` says why. A budget
 * that ends before the rounds do is no cut: what was measured in fewer rounds says so itself.
 * @throws PinboardError when nothing was measured at all.
 */
export async function measureGuide(host: Host, asked: GuideMeasurement): Promise<Run> {
  const { budgetMs, onPlan, onProgress, signal } = asked;
  const run = await startRun(host, signal);
  const busy = asked.busy ?? (await lookBusy(host, signal));
  const plan = planned(run.topology, budgetMs, busy);
  onPlan?.(plan);
  const onTaken = (): void => asked.onCheckpoint?.(() => finish(UNFINISHED));
  const guide = new Rounds(host, plan, new Budget(budgetMs, signal), { onProgress, onTaken });
  const finish = (cut: PinboardError | null): Run => {
    const short = guide.rounds < plan.rounds ? [`${plan.rounds - guide.rounds} of ${plan.rounds} rounds`] : [];
    const late = guide.givenUp.map(
      ({ label, rounds }) => `${label} (after ${plural(rounds, 'round')}, which took longer than planned)`,
    );
    return run.finish({
      results: guide.results(run.emulated),
      question: GUIDE_QUESTION,
      repeat: ['bench', 'spsc', '--guide', '--budget', `${budgetMs}ms`],
      problem: cut,
      guide: { budgetMs, leftOut: [...plan.leftOut, ...late, ...(cut ? [] : short)] },
    });
  };
  const problem = await guide.measure();
  if (!guide.begun) throw problem ?? new PinboardError('agent-died', 'Nothing was measured within the budget.');
  return finish(problem);
}
