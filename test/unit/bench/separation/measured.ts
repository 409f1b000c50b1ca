/** Runs of layouts on machines of paper, with figures as they are asked for. */

import { separationOn } from '../../../../src/model/bench/separation/on-machine.ts';
import { separationCases } from '../../../../src/model/bench/separation/cases.ts';
import { PRESET_LAYOUTS, SCENARIOS } from '../../../../src/model/cases/separation.ts';
import type { SeparationCase } from '../../../../src/model/cases/separation.ts';
import type { PoolWorker } from '../../../../src/model/cases/pool.ts';
import { measuredResults } from '../../../../src/model/run/results.ts';
import type { RawRepetition } from '../../../../src/model/run/results.ts';
import type { Result } from '../../../../src/model/run/run.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';

export interface MeasuredLayouts {
  readonly rate?: (one: SeparationCase, round: number) => number;
  readonly p99?: (one: SeparationCase) => number;
  readonly handed?: (one: SeparationCase) => number;
  readonly worker?: (one: SeparationCase, cpu: number) => Partial<PoolWorker>;
  readonly rounds?: number;
}

const USUAL = {
  ...{
    node: 0,
    polls: 1000,
    timedPolls: 1000,
    slowPolls: 0,
    searches: 20,
    tried: [10],
    got: [10],
    local: 990,
    remote: 10,
  },
  ...{ seconds: 1, idleSeconds: 0.5, allocations: 0, allocationNs: null, migrations: 0 },
};

export function measuredLayouts(topology: Topology, asked: MeasuredLayouts = {}): Result[] {
  const { cases } = separationCases(topology, {
    layouts: PRESET_LAYOUTS,
    scenarios: SCENARIOS,
    sizeBytes: 1 << 20,
    thp: true,
  });
  return measuredOf(topology, cases, asked);
}

export function measuredOf(
  topology: Topology,
  cases: readonly SeparationCase[],
  { rate = () => 1000, p99 = () => 1e5, handed = () => 500, worker = () => ({}), rounds = 12 }: MeasuredLayouts,
): Result[] {
  const { measures = [] } = separationOn(topology, cases, []);
  const repetitions = cases.flatMap((one, index) =>
    Array.from({ length: rounds }, (_, round): RawRepetition => ({
      ...{ benchmark: 'pool-dispatch', metric: 'jobs/s', case: index, round, value: rate(one, round) },
      ...{ valid: true, why: null, counters: {} },
      seen: { cpus: { workers: '0' }, nodes: { 0: 1 }, pageBytes: 4096, migrations: 0 },
      histogram: [
        [1000, 98],
        [p99(one), 2],
      ],
      handed: [[handed(one), 100]],
      workers: [...one.walkers, ...one.workers].map((cpu) => ({ cpu, ...USUAL, ...worker(one, cpu) })),
    })),
  );
  return measuredResults(cases, repetitions, measures, false);
}
