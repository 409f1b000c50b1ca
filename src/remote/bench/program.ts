/** A run of the user's own programs, in any language: started where they were asked to be, watched from the outside. */

import { parseCpuList } from '../../model/text/cpulist.ts';
import { PinboardError } from '../../model/problem.ts';
import { thresholdWords } from '../../model/thresholds.ts';
import { joinPrograms, pinNodes, pinWords } from '../../model/bench/program/command.ts';
import type { NamedProgram } from '../../model/bench/program/command.ts';
import type { AskedMetrics } from '../../model/metrics/source.ts';
import type { ProgramPin } from '../../model/cases/program.ts';
import type { Run } from '../../model/run/run.ts';
import type { AgentLine } from '../../protocol/agent.ts';
import { runAgent } from '../agent/run-agent.ts';
import type { Host } from '../host.ts';
import { CourseRecord } from './program-course.ts';
import { ProgramRecord } from './program-output.ts';
import { ProgramService } from './program-service.ts';
import { startRun } from './started-run.ts';
import type { OnCheckpoint } from './started-run.ts';
import { UNFINISHED } from './unfinished.ts';

export interface ProgramRun {
  /** They begin together; the run is over when the last has ended. */
  readonly programs: readonly NamedProgram[];
  readonly pins: readonly ProgramPin[];
  /** They are ended when this is over; null: they take what they need. */
  readonly timeoutMs?: number | null;
  /** Whether a person has asked for their end (`end`, docs/PROTOCOL.md); without it nobody does. */
  readonly wasEnded?: () => boolean;
  /** What they print, as it comes, unchanged: to be cleaned by whoever shows it. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  /** Everything the agent says, for whoever watches the threads. */
  readonly onLine?: (line: AgentLine) => void;
  /** Hands over a way to ask things of the agent while it runs (docs/PROTOCOL.md, `run`). */
  readonly onStart?: (ask: (line: string) => void) => void;
  /** Of the first, for whoever acts on it; without it nothing is done to any. */
  readonly course?: CourseRecord;
  readonly onCheckpoint?: OnCheckpoint;
  /** Where the programs, or the service that they load, tell figures of their own. */
  readonly metrics?: AskedMetrics | undefined;
  readonly signal?: AbortSignal;
}

/** The agent's arguments. */
function agentArgs({ programs, pins, timeoutMs }: ProgramRun): string[] {
  const options = [
    ...pins.flatMap((pin) => ['--pin', pinWords(pin)]),
    ...(timeoutMs == null ? [] : ['--timeout-ms', String(timeoutMs)]),
  ];
  return [
    'run',
    ...options,
    ...programs.flatMap(({ name, command }) => ['--program', name, String(command.length), ...command]),
  ];
}

/**
 * Cut short, it keeps what the programs had measured by themselves until then.
 * @throws PinboardError when they did not start, or were cut short before anything was known.
 */
export async function runProgram(host: Host, asked: ProgramRun): Promise<Run> {
  const { programs, pins, timeoutMs = null, signal } = asked;
  if (programs.length === 0 || programs.some(({ command }) => command.length === 0))
    throw new PinboardError('usage', 'Specify the program to run.');
  const run = await startRun(host, signal);
  run.refuseUnknown(
    pins.flatMap((pin) => parseCpuList(pin.cpus)),
    pins.flatMap(pinNodes),
  );
  const several = programs.length > 1;
  const service = asked.metrics && new ProgramService(asked.metrics, run.topology);
  const records = programs.map(({ name, command }, at) => {
    const others = programs.map((one) => one.name).filter((other) => other !== name);
    const course = (at === 0 ? asked.course : undefined) ?? new CourseRecord();
    const about = { emulated: run.emulated, timeoutMs, others, wasEnded: asked.wasEnded, course };
    return new ProgramRecord({ kind: 'program', ...(several ? { name } : {}), command, pins }, about);
  });
  const finish = (cut: PinboardError | null, ended: boolean): Run => {
    // How long each took stands first, then the figures they printed.
    const results = records.map((record) => record.results(ended));
    const flat = [...results.flatMap((own) => own.slice(0, 1)), ...results.flatMap((own) => own.slice(1))];
    if (cut && flat.every((result) => result.repetitions.length === 0)) throw cut;
    return run.finish({
      results: flat,
      question: `What ${several ? 'do' : 'does'} ${programs.map(({ name }) => name).join(' and ')} do with this placement?`,
      repeat: [
        'run',
        ...pins.flatMap((pin) => ['--pin', pinWords(pin)]),
        ...(timeoutMs === null ? [] : ['--timeout', `${timeoutMs}ms`]),
        ...(asked.metrics ? ['--metrics', asked.metrics.text, ...thresholdWords(asked.metrics.thresholds)] : []),
      ],
      command: joinPrograms(programs),
      problem: cut,
      thresholds: asked.metrics?.thresholds,
      ...(service ? { service: service.record } : {}),
    });
  };
  await service?.begin(host, signal);
  const problem = await runAgent(host, agentArgs(asked), {
    onStart: (agent) => asked.onStart?.((line) => agent.ask(line)),
    onLine: (line) => {
      if ('program' in line) records[line.program]?.take(line);
      if (line.type === 'exited') for (const record of records) record.judge(line.pins);
      if (line.type === 'output') asked.onOutput?.(line.stream, Buffer.from(line.data, 'base64'));
      service?.take(line);
      asked.onLine?.(line);
      if (records.some((record) => record.begun)) asked.onCheckpoint?.(() => finish(UNFINISHED, false));
    },
    signal,
  });
  await service?.end();
  return finish(problem, true);
}
