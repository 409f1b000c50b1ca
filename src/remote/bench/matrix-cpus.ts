/** Which CPUs a matrix is of: all that can be measured, or those that were named. */

import { formatCpuList } from '../../model/text/cpulist.ts';
import { measurable } from '../../model/bench/matrix/pairs.ts';
import { cpuRefusal } from '../../model/placement/usable.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Topology } from '../../model/topology/topology.ts';

/** Of a matrix of pairs. */
const FEWEST = 2;

/**
 * @param named absent: all.
 * @throws PinboardError for the first named CPU that cannot be measured, and where there are fewer than `fewest`.
 */
export function matrixCpus(
  topology: Topology,
  named: readonly number[] | undefined,
  fewest: number = FEWEST,
): readonly number[] {
  for (const cpu of named ?? []) {
    const problem = cpuRefusal(topology, cpu);
    if (problem) throw new PinboardError(problem.code, problem.message, problem.hint);
  }
  const cpus = named ?? measurable(topology);
  if (cpus.length >= fewest) return cpus;
  if (named === undefined) {
    throw new PinboardError('unsupported', 'A matrix needs at least two CPUs, and this session may use fewer.');
  }
  throw new PinboardError('usage', 'A matrix of pairs needs at least two CPUs.', 'List several, such as --cpus 0-3,8.');
}

/** The words of the command line that name them. */
export const cpusWords = (named: readonly number[] | undefined): string[] =>
  named === undefined ? [] : ['--cpus', formatCpuList(named)];
