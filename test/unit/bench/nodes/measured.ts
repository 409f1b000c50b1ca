/** Runs of node × node on machines of paper, with figures as they are asked for. */

import { MEASURED_MEMORY } from '../../../../src/model/bench/memory/measured.ts';
import { nodeCases } from '../../../../src/model/bench/nodes/cases.ts';
import type { NodesAsked } from '../../../../src/model/bench/nodes/cases.ts';
import { NODE_MEASURES, nodeOfAll } from '../../../../src/model/bench/nodes/grid.ts';
import { buildResults } from '../../../../src/model/run/results.ts';
import type { RawRepetition } from '../../../../src/model/run/results.ts';
import type { Run } from '../../../../src/model/run/run.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { buildRun } from '../../../../src/model/verdict/build-run.ts';

export interface MeasuredNodes extends Partial<NodesAsked> {
  readonly ns?: (from: number, to: number) => number;
  readonly bytesPerSecond?: (from: number, to: number) => number;
  readonly rounds?: number;
  /** What is otherwise than usual of each repetition. */
  readonly more?: (from: number, to: number) => Partial<RawRepetition>;
}

/** Each round a thousandth above the one before, so that intervals are narrow but there. */
export function measuredNodes(topology: Topology, asked: MeasuredNodes = {}): Run {
  const { ns = () => 100, bytesPerSecond = () => 50e9, rounds = 5, more, ...cases } = asked;
  const all = nodeCases(topology, { measures: NODE_MEASURES, pages: 'thp', ...cases });
  const repetitions = all.flatMap(({ what, cpus, nodes }, index) => {
    const [from, to] = [nodeOfAll(topology, cpus) ?? -1, nodes[0] ?? -1];
    const value = (what === 'latency' ? ns : bytesPerSecond)(from, to);
    const { benchmark, metric } = MEASURED_MEMORY.figure(all[index] ?? all[0]!, null);
    return Array.from({ length: rounds }, (_, round): RawRepetition => ({
      ...{ benchmark, metric, case: index, round, value: value * (1 + round / 1000), valid: true, why: null },
      ...{ counters: {}, seen: { cpus: {}, nodes: { [to]: 1 }, pageBytes: 2 ** 21, migrations: 0 } },
      ...more?.(from, to),
    }));
  });
  const { emulated } = topology.machine;
  return buildRun({
    ...{
      time: new Date('2026-01-02T03:04:05Z'),
      seconds: 1,
      random: 'abcd',
      host: { name: 'paper', transport: 'local' },
    },
    ...{ repeat: 'numa-pinboard bench nodes', topology, environment: {}, question: 'Nodes?', partial: null },
    results: buildResults(all, repetitions, { kind: (one) => MEASURED_MEMORY.figure(one, null), emulated }),
  });
}
