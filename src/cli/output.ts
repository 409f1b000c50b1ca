/**
 * What goes where: one JSON document (or JSON lines) on stdout and nothing else there; words and progress on stderr.
 * A progress line rewrites itself on a terminal and stays silent in a pipe.
 */

import { toProblem } from '../model/problem.ts';

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printJsonLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

let progressShown = false;

function clearProgress(): void {
  if (progressShown) process.stderr.write('\r\x1b[2K');
  progressShown = false;
}

export function say(words: string): void {
  clearProgress();
  process.stderr.write(`${words}\n`);
}

/** Shows what is being done right now, in one line that the next one replaces. */
export function progress(words: string): void {
  if (!process.stderr.isTTY) return;
  clearProgress();
  const width = (process.stderr.columns || 80) - 1;
  process.stderr.write(words.slice(0, width));
  progressShown = true;
}

export function progressDone(): void {
  clearProgress();
}

/** What failed, why, and what to do next. */
export function sayProblem(error: unknown): void {
  const problem = toProblem(error);
  say(`numa-pinboard: ${problem.message}`);
  if (problem.hint !== null) say(`  ${problem.hint.replaceAll('\n', '\n  ')}`);
}
