/** An exploration of a machine whose figures are already known: what is inferred can be held against all of them. */

import { formatCpuList } from '../../text/cpulist.ts';
import { PinboardError } from '../../problem.ts';
import type { Result } from '../../run/run.ts';
import { randomFrom } from '../../run/statistics.ts';
import type { Topology } from '../../topology/topology.ts';
import { cellOf } from './csv.ts';
import type { Grid } from './csv.ts';
import { explore } from './infer/explore.ts';
import { allPairs, measurable } from './pairs.ts';
import { matrixResult, NOTHING_SEEN } from './result.ts';

const SEED = 1;
/** Pairs a simulation may look up unless it is told otherwise. A clock would take 3 s for as many as these at least. */
const SHARE = 0.1;
const LEAST = 400;

/**
 * @param budget pairs that may be looked up; null: a tenth of all, or 400 where that is more.
 * @param name of the file, for the record.
 * @param cpus whose pairs are looked up: of those that can be measured, which the file is of.
 * @throws PinboardError `bad-file` where file and machine differ in size.
 */
export function simulateMatrix(
  topology: Topology,
  grid: Grid,
  budget: number | null,
  name: string,
  cpus: readonly number[] = measurable(topology),
): Result {
  const all = measurable(topology);
  if (grid.size !== all.length) {
    throw new PinboardError(
      'bad-file',
      `${name} covers ${String(grid.size)} CPUs, but the machine has ${String(all.length)}.`,
      'Provide the topology of the measured machine with --from.',
    );
  }
  const place = new Map(all.map((cpu, at) => [cpu, at]));
  const pairs = allPairs(cpus);
  const explorer = explore(topology, pairs, false, randomFrom(SEED));
  const most = budget ?? Math.max(LEAST, Math.floor(pairs.length * SHARE));
  for (let i = 0; i < most; i++) {
    const pair = explorer.next();
    if (!pair) break;
    const [a, b] = pair;
    explorer.add(pair, cellOf(grid, place.get(a) ?? -1, place.get(b) ?? -1));
  }
  return matrixResult({
    placement: { kind: 'matrix', matrix: 'latency', cpus: formatCpuList(cpus), line: 'unknown', simulated: name },
    classes: explorer.classes(),
    seen: NOTHING_SEEN,
    why: null,
    emulated: topology.machine.emulated,
  });
}
