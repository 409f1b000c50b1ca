/** Live state of a host, sample by sample: by the agent, or by plain /bin/sh where none runs. */

import { PinboardError } from '../../model/problem.ts';
import { pidOf, selectionText, selectionWords } from '../../model/live/selection.ts';
import type { Selection } from '../../model/live/selection.ts';
import { AgentLines } from '../../model/live/agent-lines.ts';
import { HostTexts } from '../../model/live/host-texts.ts';
import { MEASURES } from '../../model/live/measures/measures.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import { Rates } from '../../model/live/rates.ts';
import type { FigureSource } from '../../model/live/rates.ts';
import type { Reading } from '../../model/live/reading.ts';
import type { Sample, ServiceSample } from '../../model/live/sample.ts';
import { SAMPLED_FILES } from '../../model/live/sampled-files.ts';
import type { AgentProcess, Host } from '../host.ts';
import { cleanGroup, cleanProcess } from './processes.ts';
import { shellReadings } from './shell.ts';

export interface WatchOptions {
  readonly intervalMs: number;
  /** Ends after so many samples; without it, when the signal says so. */
  readonly count?: number;
  /** Processes whose threads and memory are looked at, too. */
  readonly selections?: readonly Selection[];
  readonly signal?: AbortSignal;
  /** What the samples are for. */
  readonly measures?: readonly Measure[];
  /** What the service that is followed tells of itself, beside a sample that was taken then (by the host's clock). */
  readonly service?: (sample: Sample, monotonicMs: number) => ServiceSample;
}

/**
 * A sample an interval; the first one an interval after the start, because a rate needs two readings. Ends quietly when
 * aborted, and leaves nothing running on the host however it ends.
 * @throws PinboardError `connection-lost`, `agent-died`.
 */
export async function* watchHost(host: Host, options: WatchOptions): AsyncGenerator<Sample> {
  const end = new AbortController();
  const abort = (): void => end.abort();
  if (options.signal?.aborted === true) return;
  options.signal?.addEventListener('abort', abort);
  try {
    const { measures = MEASURES } = options;
    const sources = new Map(measures.flatMap(({ key, source }) => (source ? [[key, source] as const] : [])));
    const rates = new Rates(sources);
    let made = 0;
    for await (const reading of readings(host, options, [...sources.values()], end.signal)) {
      const sample = rates.take(reading, new Date().toISOString());
      if (!sample) continue;
      yield options.service ? { ...sample, service: options.service(sample, reading.monotonicMs) } : sample;
      if (++made === options.count) return;
    }
  } finally {
    end.abort();
    options.signal?.removeEventListener('abort', abort);
  }
}

async function* readings(
  host: Host,
  options: WatchOptions,
  sources: readonly FigureSource[],
  signal: AbortSignal,
): AsyncGenerator<Reading> {
  const { intervalMs, selections = [] } = options;
  const files = sources.flatMap((source) => source.files);
  const readers = new Set(['nodes', 'time', ...sources.flatMap((source) => source.readers ?? [])]);
  const words = [
    ...['sample', '--interval-ms', String(intervalMs)],
    ...selections.flatMap((one) => ['--select', selectionText(one)]),
    ...[...readers].flatMap((name) => ['--reader', name]),
    ...filesAsked(sources),
  ];
  let agent: AgentProcess;
  try {
    agent = await host.startAgent(words);
  } catch (error) {
    if (!(error instanceof PinboardError) || error.code !== 'no-agent') throw error;
    const texts = new HostTexts();
    const pids = pidsOf(selections, error);
    const all = [...SAMPLED_FILES, ...files];
    for await (const raw of shellReadings(host.transport, { intervalMs, pids, files: all, signal }))
      yield texts.take(raw);
    return;
  }
  yield* agentReadings(agent, signal);
}

async function* agentReadings(agent: AgentProcess, signal: AbortSignal): AsyncGenerator<Reading> {
  const stop = (): void => void agent.stop();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  const lines = new AgentLines();
  try {
    for await (const line of agent.lines) {
      if (signal.aborted) return;
      if (line.type !== 'sample') continue;
      const { processes, groups } = line;
      // Names are chosen by whoever runs on the host.
      const reading = lines.take({
        ...line,
        ...(processes ? { processes: processes.map(cleanProcess) } : {}),
        ...(groups ? { groups: groups.map(cleanGroup) } : {}),
      });
      if (typeof reading === 'string') throw new PinboardError('agent-died', reading);
      yield reading;
    }
  } catch (error) {
    // Stopped on purpose, it ends without its last word.
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await agent.stop();
  }
}

/** Each once; where all who ask need only some of its lines, with their beginnings. */
function filesAsked(sources: readonly FigureSource[]): string[] {
  const asked = new Map<string, readonly string[] | undefined>();
  for (const { files, lines } of sources)
    for (const globs of files) {
      const name = globs.join('|');
      const before = asked.has(name) ? asked.get(name) : [];
      asked.set(name, before && lines && [...before, ...lines]);
    }
  return [...asked].flatMap(([name, lines]) => [
    ...['--files', name],
    ...(lines ? ['--lines', [...new Set(lines)].join('|')] : []),
  ]);
}

/** What a plain shell can follow: processes by number, without their children. @throws PinboardError for the rest. */
function pidsOf(selections: readonly Selection[], noAgent: PinboardError): number[] {
  return selections.map((one) => {
    const pid = pidOf(one);
    if (pid !== null) return pid;
    throw new PinboardError(
      'no-agent',
      `Without the agent only a process ID can be followed, not ${selectionWords(one)}: ${noAgent.message}`,
      noAgent.hint,
    );
  });
}
