/** Machines and runs for tests of everything that measures: made by the real reader and builders from paper input. */

import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import { buildResults } from '../../src/model/run/results.ts';
import type { RawRepetition } from '../../src/model/run/results.ts';
import type { Environment, Run } from '../../src/model/run/run.ts';
import { buildRun } from '../../src/model/verdict/build-run.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { DEFAULT_WORKLOAD } from '../../src/model/bench/spsc/workload.ts';
import type { SpscCase } from '../../src/model/cases/spsc.ts';
import { syntheticProbe } from './machines.ts';
import type { MachineShape } from './machines.ts';

export const machine = (shape: MachineShape): Topology => readTopology(syntheticProbe(shape));

/** Two sockets of four cores with two threads each: CPUs 0–3, 8–11 and 4–7, 12–15. */
export const twoSockets = (more: Partial<MachineShape> = {}): Topology =>
  machine({ packages: 2, coresPerNode: 4, threads: 2, ...more });

/** Four nodes in two sockets, two cores each. */
export const fourNodes = (more: Partial<MachineShape> = {}): Topology =>
  machine({ packages: 2, nodesPerPackage: 2, coresPerNode: 2, ...more });

/** One node, two cores, no siblings. */
export const oneNode = (more: Partial<MachineShape> = {}): Topology =>
  machine({ packages: 1, coresPerNode: 2, ...more });

export const emulated = (topology: Topology): Topology => ({
  ...topology,
  machine: { ...topology.machine, hypervisor: 'tcg', emulated: true },
});

export function spscCase(producer: number, consumer: number, more: Partial<SpscCase> = {}): SpscCase {
  const { padding, capacity, batch, pages } = DEFAULT_WORKLOAD;
  return { kind: 'spsc', producer, consumer, memory: 0, pin: true, padding, capacity, batch, pages, ...more };
}

export const SPSC = { benchmark: 'spsc', metric: 'items/s' } as const;
export const SPSC_LATENCY = { benchmark: 'spsc-latency', metric: 'ns' } as const;

/** One repetition line of the agent, as if all had held. */
export function repetition(
  index: number,
  round: number,
  figure: number,
  more: Partial<RawRepetition> = {},
): RawRepetition {
  return {
    ...SPSC,
    case: index,
    round,
    value: figure,
    items: 1000,
    emptyPolls: 100,
    fullPolls: 20,
    valid: true,
    why: null,
    counters: {},
    seen: { cpus: { producer: '0', consumer: '4' }, nodes: { '0': 16 }, pageBytes: 4096, migrations: 0 },
    ...more,
  };
}

export interface RunOfTests {
  readonly topology?: Topology;
  readonly cases?: readonly SpscCase[];
  /** Figures by case, in M items/s. */
  readonly figures: readonly (readonly number[])[];
  readonly question?: string;
  readonly environment?: Environment;
  readonly more?: Partial<RawRepetition>;
}

export function runOf(run: RunOfTests): Run {
  const { topology = twoSockets(), cases = [spscCase(0, 4), spscCase(0, 1)], figures, more } = run;
  const lines = figures.flatMap((list, index) =>
    list.map((figure, round) => repetition(index, round, figure * 1e6, more)),
  );
  return buildRun({
    time: new Date('2026-01-02T03:04:05Z'),
    seconds: 14,
    random: 'abc123',
    host: { name: 'paper', transport: 'ssh' },
    repeat: 'numa-pinboard bench spsc --producer 0 --consumer 4 --host paper',
    topology,
    environment: run.environment ?? {},
    results: buildResults(cases, lines, { kind: () => SPSC, emulated: topology.machine.emulated }),
    question: run.question ?? 'Does the queue hold its rate across sockets?',
    partial: null,
  });
}
