// Owns starting and ending "your own program" on a board as a person does.
import { waitFor } from '../support/processes.ts';
import { PATIENT } from './page.ts';
import type { BoardRoot } from './page.ts';

/** Unfolds the form, where it is folded. */
export async function openProgram(board: BoardRoot): Promise<void> {
  if (!(await board.action('program-line').isVisible())) await board.action('program').click(PATIENT);
}

/** @returns its process id, once the board tells it. */
export async function startProgram(board: BoardRoot, line: string, where = ''): Promise<number> {
  await openProgram(board);
  await board.action('program-line').fill(line);
  await board.action('program-where').fill(where);
  await board.action('program-start').click(PATIENT);
  const head = board.page.locator('[data-program]');
  const pid = async (): Promise<string | undefined> => /process (\d+)/.exec(await head.innerText())?.[1];
  return Number(await waitFor(pid, { what: 'the program to run', timeoutMs: PATIENT.timeout }));
}

/** From any page; the one that began it shows what it used, too. */
export async function endProgram(board: BoardRoot): Promise<void> {
  await board.action('program-stop').click(PATIENT);
  await board.action('program-line').waitFor(PATIENT);
}
