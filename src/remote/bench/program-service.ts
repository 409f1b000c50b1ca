/** A program's own metrics beside what is seen of its threads and pages, by the host's one clock. */

import { placedOf } from '../../model/metrics/placed.ts';
import { ServiceRecorder } from '../../model/metrics/record.ts';
import type { AskedMetrics, MetricsSource } from '../../model/metrics/source.ts';
import { readLines } from '../../model/metrics/told.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { AgentLine, AgentLineOf } from '../../protocol/agent.ts';
import type { Host } from '../host.ts';
import { MetricsFollower } from '../metrics/follow.ts';
import { WholeLines } from '../metrics/text.ts';

const INTERVAL_MS = 500;

export class ProgramService {
  readonly #recorder: ServiceRecorder;
  readonly #topology: Topology;
  readonly #source: MetricsSource;
  readonly #lines = new WholeLines();
  /** CPU seconds by thread at the last look of each program, and when that was. */
  readonly #used = new Map<number, { readonly ms: number; readonly threads: ReadonlyMap<string, number> }>();
  #follower: MetricsFollower | null = null;
  #lastMs = 0;

  constructor({ text, source }: AskedMetrics, topology: Topology) {
    // What a program prints of itself begins with it; a file and an endpoint may be of a service that is older.
    this.#recorder = new ServiceRecorder(text, source.kind === 'output');
    this.#topology = topology;
    this.#source = source;
  }

  /** Before the programs begin, so that totals have something to be held against. */
  async begin(host: Host, signal: AbortSignal | undefined): Promise<void> {
    if (this.#source.kind === 'output') return;
    this.#follower = await MetricsFollower.start(host, this.#source, this.#recorder, {
      intervalMs: INTERVAL_MS,
      signal,
    });
  }

  /** Every line of the agent's. */
  take(line: AgentLine): void {
    if (line.type === 'started') {
      this.#recorder.begin(line.monotonicMs);
      this.#used.set(line.program, { ms: line.monotonicMs, threads: new Map() });
    } else if (line.type === 'observed') this.#observe(line);
    else if (line.type === 'output' && line.stream === 'stdout' && this.#source.kind === 'output') {
      this.#lastMs = line.monotonicMs;
      const text = this.#lines.take(Buffer.from(line.data, 'base64'));
      if (text !== '') this.#read(text);
    }
  }

  /** Most of what a program prints is none of its metrics, and no flaw of them. */
  #read(text: string): void {
    const { told } = readLines(text);
    if (told.length > 0) this.#recorder.take({ told, malformed: 0 }, this.#lastMs, null);
  }

  #observe({ program, monotonicMs, threads, residentBytes }: AgentLineOf<'observed'>): void {
    const before = this.#used.get(program);
    const name = ({ tid, start }: { tid: number; start: number }): string => `${String(tid)}@${String(start)}`;
    // A thread that is new since the last look has used all that it has in between.
    const work = threads.map((thread) => ({
      cpu: thread.cpu,
      seconds: thread.cpuSeconds - (before?.threads.get(name(thread)) ?? 0),
    }));
    if (before && monotonicMs > before.ms)
      this.#recorder.place(
        placedOf(this.#topology, [before.ms, monotonicMs], work, isUnavailable(residentBytes) ? null : residentBytes),
      );
    this.#used.set(program, {
      ms: monotonicMs,
      threads: new Map(threads.map((thread) => [name(thread), thread.cpuSeconds])),
    });
  }

  async end(): Promise<void> {
    await this.#follower?.stop();
    const rest = this.#lines.last();
    if (rest !== '') this.#read(rest);
  }

  get record(): ServiceRecorder['record'] {
    return this.#recorder.record;
  }
}
