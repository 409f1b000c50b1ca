/** Pairs of CPUs: which of them a matrix is of. */

import type { Pair } from '../../cases/matrix.ts';
import { indexTopology } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';

/** CPUs that can be measured: online and allowed. */
export function measurable(topology: Topology): number[] {
  return topology.cpus.filter((cpu) => cpu.online && cpu.allowed).map((cpu) => cpu.id);
}

export function allPairs(cpus: readonly number[]): Pair[] {
  return cpus.flatMap((a, at) => cpus.slice(at + 1).map((b): Pair => [a, b]));
}

/** As `allPairs`, and pairs on two nodes both ways: the line lies once here, once there. */
export function orderedPairs(topology: Topology, cpus: readonly number[]): Pair[] {
  const { places } = indexTopology(topology);
  return allPairs(cpus).flatMap(([a, b]): Pair[] => {
    const apart = places.get(a)?.node !== places.get(b)?.node;
    return apart
      ? [
          [a, b],
          [b, a],
        ]
      : [[a, b]];
  });
}
