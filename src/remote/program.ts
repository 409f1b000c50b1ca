/** A run of the user's own program, in any language: started where it was asked to be, watched from the outside. */

import { parseCpuList } from '../model/cpulist.ts';
import { PinboardError } from '../model/problem.ts';
import type { ProgramCase, Snapshot } from '../model/run.ts';
import { follow } from './follow.ts';
import type { Host } from './host.ts';
import { ProgramRecord } from './program-record.ts';
import { startRun } from './run-parts.ts';

export interface ProgramRun {
  readonly command: readonly string[];
  readonly pins: ProgramCase['pins'];
  /** What the program prints, as it comes, unchanged: to be cleaned by whoever shows it. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  readonly signal?: AbortSignal;
}

/**
 * Cut short, it keeps what the program had measured by itself until then.
 * @throws PinboardError when it did not start, or was cut short before anything was known.
 */
export async function runProgram(host: Host, asked: ProgramRun): Promise<Snapshot> {
  const { command, pins, signal } = asked;
  if (command.length === 0) throw new PinboardError('usage', 'Name the program to run.');
  const run = await startRun(host, signal);
  run.refuseUnknown(
    pins.flatMap((pin) => parseCpuList(pin.cpus)),
    pins.map((pin) => pin.node).filter((node) => node !== null),
  );
  const record = new ProgramRecord({ command, pins }, run.emulated);
  const pinWords = pins.map((pin) => `${pin.name}=${pin.cpus}${pin.node === null ? '' : `@${pin.node}`}`);
  const args = ['run', ...pinWords.flatMap((words) => ['--pin', words]), '--', ...command];
  const problem = await follow(host, args, {
    onLine: (line) => {
      if (line.type === 'output') {
        const bytes = Buffer.from(line.data, 'base64');
        if (line.stream === 'stdout') record.print(bytes);
        asked.onOutput?.(line.stream, bytes);
      } else if (line.type === 'observed') record.observe(line);
      else if (line.type === 'exited') record.exit(line);
    },
    signal,
  });
  const results = record.results();
  if (problem && results.every((result) => result.repetitions.length === 0)) throw problem;
  return run.finish({
    results,
    question: `What does ${command[0] ?? ''} do with this placement?`,
    repeat: ['run', ...pinWords.flatMap((words) => ['--pin', words])],
    command,
    problem,
  });
}
