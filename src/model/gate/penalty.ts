/** What crossing nodes costs within a run, as a factor: 1.5 is half as much again, or two thirds of the rate. */

import { neighbourRank } from '../bench/spsc/baseline.ts';
import { isLocal, nodeOf, relate } from '../topology/relation.ts';
import type { Result, Snapshot } from '../run/run.ts';
import { pairedRatio } from '../run/statistics.ts';
import type { Topology } from '../topology/topology.ts';
import { caseName, isTime, SETTINGS } from './cases.ts';

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
function crosses(topology: Topology, { placement }: Result): boolean | null {
  if (placement.kind === 'spsc') {
    const { otherNode, kind } = relate(topology, placement.producer, placement.consumer);
    return otherNode || kind === 'other-package';
  }
  if (placement.kind === 'memory') {
    return nodeOf(topology, placement.cpu) ? !isLocal(topology, placement.cpu, placement.node) : null;
  }
  return null;
}

/** How fair a result is as what `far` is held against; −1: not at all. The lowest is the fairest. */
function fairness(topology: Topology, far: Result, near: Result): number {
  if (near.benchmark !== far.benchmark || near.metric !== far.metric || near.median === null) return -1;
  if (crosses(topology, near) !== false) return -1;
  const [one, two] = [far.placement, near.placement];
  if (one.kind === 'spsc' && two.kind === 'spsc') {
    if (one.pin !== two.pin || SETTINGS.some((key) => one[key] !== two[key])) return -1;
    return neighbourRank(topology, two.producer, two.consumer) * 2 + (one.producer === two.producer ? 0 : 1);
  }
  if (one.kind === 'memory' && two.kind === 'memory') {
    const alike = one.what === two.what && one.pages === two.pages && one.sizeBytes === two.sizeBytes;
    return alike && one.cpu === two.cpu ? 0 : -1;
  }
  return -1;
}

/** A rate's share turned into a factor of cost: the bounds change places. */
function asFactor(metric: string, [low, high]: readonly [number, number]): [number, number] {
  return isTime(metric) ? [1 + low, 1 + high] : [1 / (1 + high), 1 / (1 + low)];
}

/** One for each result that crosses and has something fair beside it in the same run. */
export function penalties({ topology, results }: Snapshot): Penalty[] {
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
