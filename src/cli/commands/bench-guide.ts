/** `bench spsc --guide`: the questions of crossing sockets asked by themselves, within a stated time, answered in sentences. */

import { InvalidArgumentError } from 'commander';
import { planWords } from '../../model/bench/guide/plan.ts';
import { measureGuide } from '../../remote/bench/guide.ts';
import { say } from '../output.ts';
import { showProgress } from '../progress.ts';
import { finishRun } from '../result.ts';
import { duration } from '../values.ts';
import { withHost } from '../where.ts';
import type { Where } from '../where.ts';

const SHORTEST_MS = 1000;

export function guideBudget(text: string): number {
  const ms = duration(text);
  if (ms < SHORTEST_MS) throw new InvalidArgumentError('Give at least 1s.');
  return ms;
}

export interface GuideOptions extends Where {
  readonly budget: number;
  readonly format: 'text' | 'json';
}

export async function guided(options: GuideOptions, signal: AbortSignal): Promise<void> {
  const run = await withHost(options, signal, (host) =>
    measureGuide(host, {
      budgetMs: options.budget,
      onPlan: (plan) => say(`numa-pinboard: ${planWords(plan)}`),
      onProgress: showProgress,
      signal,
    }),
  );
  finishRun(run, options.format, true);
}
