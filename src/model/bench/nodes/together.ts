/** What memory results say together where they are a table of nodes. */

import type { Result } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import type { Together } from '../bench.ts';
import { nodesSentence } from './answer.ts';
import { nodeLines } from './lines.ts';

export function nodesTogether(topology: Topology, results: readonly Result[]): Together | null {
  const [lines, sentence] = [nodeLines(topology, results), nodesSentence(topology, results)];
  return lines && sentence !== null ? { lines, sentence } : null;
}
