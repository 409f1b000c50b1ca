/** What to paste, for the terminal. */

import { clean, pasteLines } from '../text/clean.ts';
import type { Run } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';
import { poolsIn } from './pools/wanted.ts';
import { recommendFrom } from './recommend.ts';
import type { Recommendation } from './tools/placed.ts';

/** Said where figures of an emulated host stand above. */
const EMULATED_WORDS =
  'This only describes the placement: figures from an emulated host cannot tell whether it pays off.';

/** What stands above all that is to be pasted: what it follows from, and what it cannot tell. */
export function forewords(topology: Topology, run: Pick<Run, 'results' | 'thresholds'>): string[] {
  return [...(topology.machine.emulated ? [EMULATED_WORDS] : []), ...(poolsIn(topology, run)?.words ?? [])];
}

/** What is to be pasted begins at the edge: indented, it would be another YAML document or here-document when copied from here. */
export function pasteBlock({ title, text, note }: Pick<Recommendation, 'title' | 'text' | 'note'>): string[] {
  // A file's text may hold what a terminal would obey.
  return ['', title, ...(note === null ? [] : [`  ${clean(note, 8192)}`]), '', ...pasteLines(text)];
}

export function recommendLines(run: Run): string[] {
  const { topology } = run;
  const made = recommendFrom(topology, run);
  if (made.length === 0) return [];
  return ['', 'Ready to paste', ...forewords(topology, run), ...made.flatMap(pasteBlock)];
}
