/** Live state of a host, sample by sample: by the agent, or by plain /bin/sh where none runs. */

import { PinboardError } from '../../model/problem.ts';
import { rates } from '../../model/live/rates.ts';
import type { RawReading } from '../../model/live/rates.ts';
import { pidOf, selectionText, selectionWords } from '../../model/live/selection.ts';
import type { Selection } from '../../model/live/selection.ts';
import { clean } from '../../model/text/clean.ts';
import { MEASURES } from '../../model/live/measures/measures.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import type { Sample } from '../../model/live/sample.ts';
import { SAMPLED_FILES, SKIPPED_LINES } from '../../model/live/sampled-files.ts';
import type { SampledFiles } from '../../model/live/sampled-files.ts';
import type { AgentProcess, Host } from '../host.ts';
import { cleanGroup, cleanProcess } from './processes.ts';
import { shellReadings } from './shell.ts';
import { changedTable } from '../../model/live/tables.ts';
import type { NoTable, Table } from '../../model/live/tables.ts';
import type { AgentLineOf } from '../../protocol/agent.ts';

export interface WatchOptions {
  readonly intervalMs: number;
  /** Ends after so many samples; without it, when the signal says so. */
  readonly count?: number;
  /** Processes whose threads and memory are looked at, too. */
  readonly selections?: readonly Selection[];
  readonly signal?: AbortSignal;
  /** What the samples are for. */
  readonly measures?: readonly Measure[];
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
    const files = [...SAMPLED_FILES, ...[...sources.values()].flatMap((source) => source.files)];
    let made = 0;
    let before: RawReading | null = null;
    const readers = [...new Set([...sources.values()].flatMap((source) => source.readers ?? []))];
    for await (const reading of readings(host, options, files, readers, end.signal)) {
      if (before) {
        yield rates(before, reading, new Date().toISOString(), sources);
        if (++made === options.count) return;
      }
      before = reading;
    }
  } finally {
    end.abort();
    options.signal?.removeEventListener('abort', abort);
  }
}

async function* readings(
  host: Host,
  options: WatchOptions,
  files: readonly SampledFiles[],
  readers: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<RawReading> {
  const { intervalMs, selections = [] } = options;
  const words = [
    ...['sample', '--interval-ms', String(intervalMs)],
    ...selections.flatMap((one) => ['--select', selectionText(one)]),
    ...files.flatMap((globs) => ['--files', globs.join('|')]),
    ...readers.flatMap((name) => ['--reader', name]),
    ...SKIPPED_LINES.flatMap((start) => ['--skip-lines', start]),
  ];
  let agent: AgentProcess;
  try {
    agent = await host.startAgent(words);
  } catch (error) {
    if (!(error instanceof PinboardError) || error.code !== 'no-agent') throw error;
    yield* shellReadings(host.transport, { intervalMs, pids: pidsOf(selections, error), files, signal });
    return;
  }
  yield* agentReadings(agent, signal);
}

async function* agentReadings(agent: AgentProcess, signal: AbortSignal): AsyncGenerator<RawReading> {
  const stop = (): void => void agent.stop();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  const tables = new Tables();
  try {
    for await (const line of agent.lines) {
      if (signal.aborted) return;
      if (line.type !== 'sample') continue;
      yield {
        monotonicMs: line.monotonicMs,
        files: new Map(Object.entries(line.files)),
        tables: tables.after(line.tables),
        processes: line.processes.map(cleanProcess),
        groups: line.groups.map(cleanGroup),
      };
    }
  } catch (error) {
    // Stopped on purpose, it ends without its last word.
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await agent.stop();
  }
}

/** The tables of the agent's readers as they stand after a line of it. */
class Tables {
  readonly #known = new Map<string, Table>();
  #now: ReadonlyMap<string, Table | NoTable> = new Map();

  after(changes: AgentLineOf<'sample'>['tables'] = {}): ReadonlyMap<string, Table | NoTable> {
    const now = new Map(this.#now);
    for (const [name, change] of Object.entries(changes)) {
      if (typeof change === 'string') {
        now.set(name, { unavailable: clean(change, 300) });
        continue;
      }
      const table = changedTable(this.#known.get(name) ?? new Map(), change);
      if (!table) throw new PinboardError('agent-died', `The agent sent figures that do not follow from those before.`);
      this.#known.set(name, table);
      now.set(name, table);
    }
    this.#now = now;
    return now;
  }
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
