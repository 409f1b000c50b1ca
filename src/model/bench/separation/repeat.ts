/** Words of the command line that measure layouts again as they were asked for. */

import type { PresetLayout, Scenario } from '../../cases/separation.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { thresholdWords } from '../../thresholds.ts';

/** A layout as a person names it: CPUs of both pools, and nodes of the store. */
export interface NamedLayout {
  readonly walkers: string;
  readonly workers: string;
  readonly store?: readonly number[];
}

export interface SeparationAskedFor {
  readonly layouts: readonly PresetLayout[];
  readonly custom?: NamedLayout | undefined;
  readonly scenarios: readonly Scenario[];
  readonly budgetMs: number;
  /** Absent: beyond the caches, as memory is free. */
  readonly sizeBytes?: number | undefined;
  /** Absent: as many as fit the time limit. */
  readonly rounds?: number | undefined;
  readonly durationMs?: number | undefined;
  /** That a person set for the decision, by name. */
  readonly thresholds?: Readonly<Record<string, number>> | undefined;
}

const time = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`);

export function separationWords(asked: SeparationAskedFor): (string | number)[] {
  const { layouts, custom, scenarios, budgetMs, sizeBytes, rounds, durationMs, thresholds } = asked;
  return [
    ...['bench', 'separation', '--layouts', layouts.join(), '--scenarios', scenarios.join()],
    ...['--budget', time(budgetMs)],
    ...(custom ? ['--walkers', custom.walkers, '--workers', custom.workers] : []),
    ...(custom?.store ? ['--store', formatCpuList(custom.store)] : []),
    ...(sizeBytes === undefined ? [] : ['--size', sizeBytes]),
    ...(durationMs === undefined ? [] : ['--duration', time(durationMs)]),
    ...(rounds === undefined ? [] : ['--repeat', rounds]),
    ...thresholdWords(thresholds),
  ];
}
