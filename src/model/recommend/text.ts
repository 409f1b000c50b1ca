/** What to paste, for the terminal. */

import { clean } from '../text/clean.ts';
import type { Run } from '../run/run.ts';
import { recommendFrom } from './recommend.ts';

/** Said where figures of an emulated host stand above. */
export const EMULATED_WORDS =
  'This only describes the placement: figures from an emulated host cannot tell whether it pays off.';

export function recommendLines(run: Run): string[] {
  const { topology } = run;
  const made = recommendFrom(topology, run);
  if (made.length === 0) return [];
  const emulated = topology.machine.emulated ? [EMULATED_WORDS] : [];
  const blocks = made.flatMap(({ title, text, note }) => [
    '',
    title,
    ...text.split('\n').map((line) => `    ${line}`),
    ...(note === null ? [] : [`  ${note}`]),
  ]);
  // A file's text may hold what a terminal would obey. Indentation is ours and stays.
  return ['', 'Ready to paste', ...emulated, ...blocks].map(
    (line) => (/^ */.exec(line)?.[0] ?? '') + clean(line, 8192),
  );
}
