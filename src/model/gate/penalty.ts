/** What crossing nodes costs within a run, as a factor: 1.5 is half as much again, or two thirds of the rate. */

import { benchOf } from '../bench/index.ts';
import type { Result, Run } from '../run/run.ts';
import { pairedRatio } from '../run/statistics.ts';
import type { Topology } from '../topology/topology.ts';
import { caseName, isTime } from './cases.ts';

export interface Penalty {
  /** "P#0 → P#18 against P#0 → P#1". */
  readonly name: string;
  readonly far: Result;
  readonly near: Result;
  readonly factor: number;
  /** 95 %; null for too few rounds. */
  readonly interval: readonly [low: number, high: number] | null;
  /** What takes its weight from it, or null: a placement that slipped. */
  readonly invalid: string | null;
}

/** Whether the two ends of a result lie on two nodes or in two packages; null where it has no two ends. */
const crosses = (topology: Topology, { placement }: Result): boolean | null =>
  benchOf(placement).crosses(topology, placement);

/** How fair a result is as what `far` is held against; −1: not at all. The lowest is the fairest. */
function fairness(topology: Topology, far: Result, near: Result): number {
  if (near.benchmark !== far.benchmark || near.metric !== far.metric || near.median === null) return -1;
  if (near.placement.kind !== far.placement.kind || crosses(topology, near) !== false) return -1;
  return benchOf(far.placement).fairness(topology, far.placement, near.placement);
}

/** A rate's share turned into a factor of cost: the bounds change places. */
function asFactor(metric: string, [low, high]: readonly [number, number]): [number, number] {
  return isTime(metric) ? [1 + low, 1 + high] : [1 / (1 + high), 1 / (1 + low)];
}

/** One for each result that crosses and has something fair beside it in the same run. */
export function penalties({ topology, results }: Run): Penalty[] {
  return results.flatMap((far): Penalty[] => {
    if (crosses(topology, far) !== true || far.median === null) return [];
    const near = results
      .map((result) => ({ result, rank: fairness(topology, far, result) }))
      .filter(({ rank }) => rank >= 0)
      .sort((a, b) => a.rank - b.rank)[0]?.result;
    const ratio = near && pairedRatio(far.repetitions, near.repetitions);
    if (!near || !ratio) return [];
    const slipped = [far, near].find(({ valid }) => !valid);
    return [
      {
        name: `${caseName(far)} against ${caseName(near)}`,
        far,
        near,
        factor: asFactor(far.metric, [ratio.change, ratio.change])[0],
        interval: ratio.interval && asFactor(far.metric, ratio.interval),
        invalid: slipped ? (slipped.why ?? 'the placement slipped') : null,
      },
    ];
  });
}
