/**
 * What the log says of a board: each step of a connection with the time it took, the agent that answers, the beginning and end of runs, and why a
 * connection ended. Fed with every change; what did not change is not told again.
 */

import type { Board } from '../../model/board/board.ts';
import type { Problem } from '../../model/problem.ts';
import { formatDuration } from '../../model/text/format.ts';
import { coreWords, nodeWords, packageWords } from '../../model/topology/counts.ts';
import { groupWarnings, warningLine } from '../../model/topology/warnings.ts';
import type { Standing } from '../../remote/board/standing.ts';
import { progressWords } from './status.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

export interface Seen {
  readonly board: Board;
  readonly standing: Standing;
  /** sha256 of the agent that runs on the host; null: none does. */
  readonly agent: string | null;
}

export function problemWords({ code, message, hint }: Problem): string {
  return `${code}: ${message}${hint === null ? '' : `\n  ${hint}`}`;
}

export class BoardLog {
  readonly #write: (level: Level, words: string) => void;
  readonly #now: () => number;
  #before: Seen;
  /** When the attempt, its step, the connection and the run began. */
  readonly #since = { attempt: 0, step: 0, connection: 0, run: 0 };
  /** The newest run when the one that goes on began. */
  #newest: string | undefined;

  /** @param now ms of a clock that only goes forward. */
  constructor(seen: Seen, write: (level: Level, words: string) => void, now: () => number) {
    this.#before = seen;
    this.#write = write;
    this.#now = now;
  }

  changed(seen: Seen): void {
    const before = this.#before;
    this.#before = seen;
    if (seen.standing !== before.standing) {
      this.#steps(before, seen);
      this.#connection(before, seen);
    }
    this.#runs(before.board, seen.board);
    const { recording } = seen.board;
    if (recording?.path !== before.board.recording?.path)
      this.#write('info', recording ? `Recording to ${recording.path}` : 'The recording has ended');
  }

  #steps({ standing: { attempt: was } }: Seen, { standing: { attempt, held } }: Seen): void {
    const over = was !== null && was.id !== attempt?.id;
    if (was && (over || was.step !== attempt?.step)) {
      this.#write('info', `${was.to.name}: ${was.step}, ${formatDuration(this.#now() - this.#since.step)}`);
      this.#since.step = this.#now();
    }
    if (!attempt || attempt.id === was?.id) return;
    this.#since.attempt = this.#now();
    this.#since.step = this.#now();
    const stays = held?.lost === null ? `, while ${held.at.name} stays connected` : '';
    this.#write('info', `${attempt.to.name}: connection attempt${stays}`);
  }

  #connection({ standing: was }: Seen, { standing, board, agent }: Seen): void {
    const { attempt } = was;
    const all = formatDuration(this.#now() - this.#since.attempt);
    const left = formatDuration(this.#now() - this.#since.connection);
    const stood = standing.held && standing.held.at !== was.held?.at ? standing.held : null;
    if (was.held?.lost === null && !standing.held)
      this.#write('info', `${was.held.at.name}: disconnected after ${left}`);
    if (was.held?.lost === null && stood)
      this.#write('info', `${was.held.at.name}: left for ${stood.at.name} after ${left}`);
    if (stood) this.#stands(stood.at.name, { board, agent, all });
    else if (standing.refused && standing.refused !== was.refused)
      this.#write(
        'error',
        `${standing.refused.at.name}: failed after ${all}: ${problemWords(standing.refused.problem)}`,
      );
    else if (attempt && attempt.id !== standing.attempt?.id)
      this.#write('info', `${attempt.to.name}: given up after ${all}`);
    const lost = standing.held?.lost;
    if (lost && was.held?.lost === null)
      this.#write('error', `${was.held.at.name}: connection lost after ${left}: ${problemWords(lost)}`);
  }

  #stands(name: string, { board, agent, all }: Omit<Seen, 'standing'> & { readonly all: string }): void {
    const { topology, measuring } = board;
    this.#since.connection = this.#now();
    this.#write('info', `${name}: connected after ${all}`);
    if (topology) {
      const { machine } = topology;
      const counts = [packageWords(topology), nodeWords(topology), coreWords(topology)].join(', ');
      this.#write('info', `${name}: ${counts}, Linux ${machine.kernel} on ${machine.architecture}`);
    }
    if (agent !== null) this.#write('info', `${name}: agent with sha256 ${agent}`);
    else if (measuring) this.#write('warn', `${name}: no agent: ${problemWords(measuring)}`);
    for (const group of groupWarnings(topology?.warnings ?? [])) this.#write('warn', `${name}: ${warningLine(group)}`);
  }

  #runs(was: Board, { running, runs, host }: Board): void {
    const name = host?.name ?? was.host?.name ?? 'No host';
    if (running && !was.running) {
      this.#since.run = this.#now();
      this.#newest = was.runs[0]?.id;
      this.#write('info', `${name}: run begins: ${running.question}`);
    } else if (running && was.running && progressWords(running) !== progressWords(was.running)) {
      this.#write('debug', `${name}: ${progressWords(running)}, ${running.step}`);
    } else if (!running && was.running) {
      const all = formatDuration(this.#now() - this.#since.run);
      // It is on the list before the board says that it has ended.
      const [ran] = runs;
      if (!ran || ran.id === this.#newest) this.#write('warn', `${name}: run ended after ${all}, without a result`);
      else if (ran.partial !== null) this.#write('warn', `${name}: run cut short after ${all}: ${ran.partial}`);
      else this.#write('info', `${name}: run ended after ${all}: ${ran.verdict?.sentence ?? ran.id}`);
    }
  }
}
