/** Prints a finished run, as JSON or in words, and says when it was cut short. */

import { PROBLEM_EXIT } from '../model/problem.ts';
import { recommendLines } from '../model/recommend/text.ts';
import type { Run } from '../model/run/run.ts';
import { runText } from '../model/verdict/text.ts';
import { print, printJson, progressDone, say } from './output.ts';

/** @param paste also what to paste into other tools; a run's JSON holds what that follows from. */
export function finishRun(run: Run, format: 'text' | 'json', paste = false): void {
  progressDone();
  if (format === 'json') printJson(run);
  else print(runText(run, paste ? recommendLines(run) : []));
  sayIfPartial(run);
}

export function sayIfPartial(run: Run): void {
  if (run.partial === null) return;
  say(`numa-pinboard: cut short: ${run.partial} What was measured until then is above.`);
  process.exitCode = PROBLEM_EXIT.cancelled;
}
