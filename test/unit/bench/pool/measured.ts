/** Pool runs on machines of paper, with figures as they are asked for. */

import { poolOn } from '../../../../src/model/bench/pool/on-machine.ts';
import { poolCases } from '../../../../src/model/bench/pool/cases.ts';
import type { PoolAsked } from '../../../../src/model/bench/pool/cases.ts';
import { STEAL_ORDERS } from '../../../../src/model/cases/pool.ts';
import type { PoolCase } from '../../../../src/model/cases/pool.ts';
import { buildResults } from '../../../../src/model/run/results.ts';
import type { RawRepetition } from '../../../../src/model/run/results.ts';
import type { Run } from '../../../../src/model/run/run.ts';
import { buildRun } from '../../../../src/model/verdict/build-run.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';

export interface MeasuredPools extends Partial<PoolAsked> {
  readonly rate?: (one: PoolCase) => number;
  /** By round, a factor near 1. */
  readonly noise?: (round: number, one: PoolCase) => number;
  readonly rounds?: number;
  readonly more?: (one: PoolCase) => Partial<RawRepetition>;
}

export function measuredPools(topology: Topology, asked: MeasuredPools): Run {
  const { rate = () => 1000, noise = (round) => 1 + round / 1000, rounds = 11, more, ...lists } = asked;
  const { cases } = poolCases(topology, {
    ...{ loads: ['tree'], orders: STEAL_ORDERS, touches: ['worker'], cpus: topology.cpus.map(({ id }) => id) },
    ...{ pages: '4k', sizeBytes: 1 << 20 },
    ...lists,
  });
  const bench = poolOn(topology, cases);
  const worker = { polls: 100, timedPolls: 100, slowPolls: 1, tried: [20, 30], got: [10, 5], local: 90, remote: 10 };
  const time = { seconds: 1, idleSeconds: 0.25, allocations: 100, allocationNs: 10, migrations: 0 };
  const repetitions = cases.flatMap((one, index) =>
    Array.from({ length: rounds }, (_, round): RawRepetition => ({
      ...bench.figure(one, null),
      ...{ case: index, round, value: rate(one) * noise(round, one), valid: true, why: null, counters: {} },
      seen: { cpus: { workers: '0' }, nodes: { 0: 1 }, pageBytes: 4096, migrations: 0 },
      workers: one.cpus.map((cpu) => ({ cpu, node: 0, ...worker, ...time })),
      ...more?.(one),
    })),
  );
  return buildRun({
    ...{ time: new Date('2026-01-02T03:04:05Z'), seconds: 1, random: 'abcd' },
    ...{ host: { name: 'paper', transport: 'local' }, repeat: 'numa-pinboard bench pool', topology },
    ...{ environment: {}, question: bench.question(topology, cases, null), partial: null },
    results: buildResults(cases, repetitions, {
      kind: (one) => bench.figure(one, null),
      emulated: topology.machine.emulated,
    }),
  });
}
