/**
 * What goes where: one JSON document (or JSON lines) on stdout and nothing else there; words and progress on stderr.
 * A progress line rewrites itself on a terminal and stays silent in a pipe.
 *
 * The only file that writes to the terminal (a rule of the linter): what is written passes `visible`, for files, hosts and
 * their programs speak in it.
 */

import type { Line, Tone } from '../model/live/watch/lines.ts';
import { clean } from '../model/text/clean.ts';
import { toProblem } from '../model/problem.ts';
import { visible, visibleJson } from '../model/text/visible.ts';

type Stream = 'stdout' | 'stderr';

/** Text as it is, but for what a terminal would obey. */
export function write(to: Stream, text: string): void {
  process[to].write(visible(text));
}

/** The output of a program that the user started, byte by byte: it is theirs, as under any shell. */
export function passThrough(to: Stream, bytes: Uint8Array): void {
  process[to].write(bytes);
}

export function printJson(value: unknown): void {
  write('stdout', `${visibleJson(value, 2)}\n`);
}

export function printJsonLine(value: unknown): void {
  write('stdout', `${visibleJson(value)}\n`);
}

export function print(text: string): void {
  write('stdout', text.endsWith('\n') ? text : `${text}\n`);
}

let progressShown = false;

function clearProgress(): void {
  if (progressShown) process.stderr.write('\r\x1b[2K');
  progressShown = false;
}

export function say(words: string): void {
  clearProgress();
  write('stderr', `${words}\n`);
}

/** Shows what is being done right now, in one line that the next one replaces. */
export function progress(words: string): void {
  if (!process.stderr.isTTY) return;
  clearProgress();
  const width = (process.stderr.columns || 80) - 1;
  write('stderr', clean(words, width));
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

/** Whether a person at a terminal can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** Where what a person types is echoed. */
export const echo = (): NodeJS.WritableStream => process.stderr;

/** A reader that has seen enough (`| head`) is no failure. @param failed exit status where writing fails otherwise. */
export function endWithReaders(failed: number): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : failed));
  // Without its words the work goes on.
  process.stderr.on('error', () => undefined);
}

/** A style of the terminal for each tone; without colours (NO_COLOR) bold and faint remain, and the text says all of it. */
const STYLES: Readonly<Record<Tone, string>> = { plain: '', strong: '1', faint: '2', warm: '33', hot: '1;31' };
const WITHOUT_COLOUR: typeof STYLES = { ...STYLES, warm: '1', hot: '7' };

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';

let screenShown = false;

/** A screen of its own, for what is redrawn; whatever ends the program, the terminal is as it was. */
export function openScreen(): void {
  if (screenShown) return;
  screenShown = true;
  process.on('exit', closeScreen);
  process.stdout.write(ENTER);
}

export function closeScreen(): void {
  if (!screenShown) return;
  screenShown = false;
  process.off('exit', closeScreen);
  process.stdout.write(LEAVE);
}

/** Whether a person looks at stdout, and can press keys. */
export const hasScreen = (): boolean => process.stdout.isTTY && process.stdin.isTTY;

export const screenSize = (): { width: number; height: number } => ({
  width: process.stdout.columns || 80,
  height: process.stdout.rows || 24,
});

/** Redraws all lines in place: what is drawn over is never blank in between. */
export function drawScreen(lines: readonly Line[]): void {
  if (!screenShown) return;
  const styles = (process.env['NO_COLOR'] ?? '') === '' ? STYLES : WITHOUT_COLOUR;
  const drawn = lines.map((line) =>
    line
      .map(({ text, tone }) => {
        const safe = visible(text).replaceAll(/[\n\t]/g, ' ');
        return styles[tone] === '' ? safe : `\x1b[${styles[tone]}m${safe}\x1b[0m`;
      })
      .join(''),
  );
  process.stdout.write(`\x1b[H${drawn.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`);
}
