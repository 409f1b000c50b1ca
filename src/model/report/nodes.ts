/** Node × node on a run's page: the heat maps, a row a pair, and how far firmware's distances are off. */

import { pairFacts, slitSentence } from '../bench/nodes/firmware.ts';
import { nodeGrid } from '../bench/nodes/grid.ts';
import { pairColumns } from '../bench/nodes/lines.ts';
import type { Run } from '../run/run.ts';
import { markdownText as text } from './escape.ts';
import { table } from './sections.ts';

/** Empty where the run is no table of nodes. @param pictures its heat maps. */
export function nodes({ topology, results }: Run, pictures: readonly string[]): string[] {
  const grid = nodeGrid(topology, results);
  if (!grid) return [];
  const facts = pairFacts(topology, grid);
  const { head, rows } = pairColumns(facts);
  const sentence = slitSentence(facts);
  const emulated = results.some((result) => result.emulated) ? ', emulated' : '';
  return [
    `## From node to node${emulated}`,
    '',
    ...pictures,
    ...table(
      head,
      rows.map((row) => row.map(text)),
    ),
    'From the CPUs of the first node to the memory of the second; × own node: against its own memory, with 95 % interval.',
    '',
    ...(sentence === null ? [] : [text(sentence), '']),
  ];
}
