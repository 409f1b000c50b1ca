/** One run of a race: the program under one candidate, to its end or over a window of time. */

import { baseName, pinWords } from '../../model/bench/program/command.ts';
import type { Candidate } from '../../model/bench/race/candidates.ts';
import type { NamedThreads } from '../../model/bench/race/threads.ts';
import type { ProgramCase } from '../../model/cases/program.ts';
import { clean } from '../../model/text/clean.ts';
import type { PinboardError } from '../../model/problem.ts';
import type { Result } from '../../model/run/run.ts';
import type { AgentLine } from '../../protocol/agent.ts';
import { runAgent } from '../agent/run-agent.ts';
import type { Host } from '../host.ts';
import { ProgramRecord } from './program-output.ts';

/** A program that does not end by itself counts from `settleMs` on, for `windowMs`. */
export interface Window {
  readonly settleMs: number;
  readonly windowMs: number;
}

export interface RaceRun {
  readonly command: readonly string[];
  readonly candidate: Candidate;
  readonly window: Window | null;
  /** It is ended then; of a window the window says. */
  readonly limitMs: number;
  readonly emulated: boolean;
  readonly onOutput?: ((stream: 'stdout' | 'stderr', bytes: Uint8Array) => void) | undefined;
  readonly signal: AbortSignal;
}

export interface RanOnce {
  /** How long it took, then each metric that it printed. */
  readonly results: readonly Result[];
  /** The busiest first. */
  readonly threads: readonly NamedThreads[];
  /** It took too long, and was ended. */
  readonly ended: boolean;
  /** What the agent could not do, or what cut it short. */
  readonly cut: PinboardError | null;
}

/** The case of a candidate, as run files have it. */
export const caseOf = ({ name, pins, before }: Candidate, command: readonly string[]): ProgramCase => ({
  kind: 'program',
  candidate: name,
  command: [...before, ...command],
  pins,
});

/** CPU seconds by thread, of the latest look at each. */
class Threads {
  readonly #seen = new Map<number, NamedThreads>();

  look(line: AgentLine): void {
    if (line.type !== 'observed') return;
    for (const { tid, name, cpuSeconds } of line.threads) this.#seen.set(tid, { name: clean(name, 64), cpuSeconds });
  }

  named(): NamedThreads[] {
    const byName = new Map<string, number>();
    for (const { name, cpuSeconds } of this.#seen.values()) byName.set(name, (byName.get(name) ?? 0) + cpuSeconds);
    return [...byName].map(([name, cpuSeconds]) => ({ name, cpuSeconds })).sort((a, b) => b.cpuSeconds - a.cpuSeconds);
  }
}

export async function runOnce(host: Host, asked: RaceRun): Promise<RanOnce> {
  const { candidate, command, window, emulated, signal } = asked;
  const placed = caseOf(candidate, command);
  const timeoutMs = Math.ceil(window ? window.settleMs + window.windowMs : asked.limitMs);
  const record = new ProgramRecord(placed, { emulated, timeoutMs, others: [], endless: window !== null });
  const threads = new Threads();
  let [startMs, timedOut] = [0, false];
  const counts = (line: AgentLine): boolean =>
    line.type !== 'output' || window === null || performance.now() - startMs >= window.settleMs;
  const args = [
    ...['run', '--timeout-ms', String(timeoutMs)],
    ...candidate.pins.flatMap((pin) => ['--pin', pinWords(pin)]),
    ...['--program', baseName(command[0] ?? ''), String(placed.command.length), ...placed.command],
  ];
  const cut = await runAgent(host, args, {
    onLine: (line) => {
      if (line.type === 'started') startMs = performance.now();
      if ('program' in line && counts(line)) record.take(line);
      if (line.type === 'exited') {
        record.judge(line.pins);
        ({ timedOut } = line);
      }
      if (line.type === 'output') asked.onOutput?.(line.stream, Buffer.from(line.data, 'base64'));
      threads.look(line);
    },
    signal,
  });
  return { results: record.results(true), threads: threads.named(), ended: timedOut && window === null, cut };
}
