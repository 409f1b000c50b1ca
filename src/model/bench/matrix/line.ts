/** On which node the memory between two CPUs lies: how it is asked for, and what it means in words. */

import type { LineHome, MatrixCase, Pair } from '../../cases/matrix.ts';
import { allPairs, orderedPairs } from './pairs.ts';

import type { Topology } from '../../topology/topology.ts';

/** As the command line takes it. */
export function homeOption(home: LineHome): string {
  if (typeof home === 'number') return String(home);
  return home === 'first' ? 'from' : 'to';
}

/** The pairs to measure. Where the line of all pairs lies on one node, both ways would be the same twice. */
export function pairsFor(topology: Topology, cpus: readonly number[], home: LineHome): readonly Pair[] {
  return typeof home === 'number' ? allPairs(cpus) : orderedPairs(topology, cpus);
}

/** The other way round: what is inferred takes the first CPU of a pair to be the one whose node holds the line. */
export const turned = ([a, b]: Pair): Pair => [b, a];

const onNode = (node: number): string => `on node ${String(node)}`;

/** One line of how a matrix was measured; null where its figures come from a file. */
export function lineWords({ matrix, line, simulated, freshPages }: MatrixCase): string | null {
  if (simulated !== null || line === 'unknown') return null;
  const where = typeof line === 'number' ? onNode(line) : `on the ${line} CPU’s node`;
  if (matrix === 'throughput') return `Ring of each pair ${where}`;
  return `Cache line ${where}, ${freshPages ? 'a fresh page per pair' : 'one page reused for all pairs of a node'}`;
}

/** What the two CPUs of a pair are called where the figures stand: of a heat map, whose rows are the first CPUs, or of a list of pairs. */
export const [IN_MAP, IN_LIST] = [
  { first: 'row', second: 'column' },
  { first: 'first CPU', second: 'second CPU' },
] as const;

/** The same as a sentence below the figures. */
export function lineCaption(
  { line, simulated }: MatrixCase,
  names: Readonly<Record<'first' | 'second', string>> = IN_MAP,
): string {
  if (simulated !== null) return `Simulated from ${simulated}; on which node the line lay is not known.`;
  if (line === 'unknown') return 'On which node the line lay is not known.';
  const where = typeof line === 'number' ? onNode(line) : `on the node of the ${names[line]}`;
  return `The memory between two CPUs is ${where}.`;
}
