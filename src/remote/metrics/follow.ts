/** A service's own metrics, read on its host by the agent for as long as somebody watches, into a record. */

import { bodyOf } from '../../model/metrics/answer.ts';
import type { ServiceRecorder } from '../../model/metrics/record.ts';
import { metricsWords } from '../../model/metrics/source.ts';
import type { MetricsSource } from '../../model/metrics/source.ts';
import { readBody, readLines } from '../../model/metrics/told.ts';
import type { AgentLineOf } from '../../protocol/agent.ts';
import { runAgent } from '../agent/run-agent.ts';
import { atMost } from '../deadline.ts';
import type { AgentProcess, Host } from '../host.ts';
import { WholeLines } from './text.ts';

/** The last look takes no longer than an endpoint may (native/src/metrics.c). */
const LAST_MS = 5000;

export interface FollowOptions {
  readonly intervalMs: number;
  readonly signal?: AbortSignal | undefined;
}

export class MetricsFollower {
  readonly #recorder: ServiceRecorder;
  readonly #http: boolean;
  readonly #lines = new WholeLines();
  readonly #end = new AbortController();
  #agent: AgentProcess | null = null;
  #ended: Promise<void> = Promise.resolve();

  private constructor(recorder: ServiceRecorder, http: boolean) {
    this.#recorder = recorder;
    this.#http = http;
  }

  /** Settles with the first look, whatever that brought; why nothing can be read is said in the record. */
  static async start(
    host: Host,
    source: Exclude<MetricsSource, { kind: 'output' }>,
    recorder: ServiceRecorder,
    { intervalMs, signal }: FollowOptions,
  ): Promise<MetricsFollower> {
    const follower = new MetricsFollower(recorder, source.kind === 'http');
    const looked = new Promise<void>((resolve) => {
      follower.#ended = follower.#run(
        host,
        ['metrics', '--interval-ms', String(intervalMs), ...metricsWords(source)],
        resolve,
      );
    });
    const abort = (): void => follower.#end.abort(signal?.reason);
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    void follower.#ended.then(() => signal?.removeEventListener('abort', abort));
    await Promise.race([looked, follower.#ended]);
    return follower;
  }

  async #run(host: Host, words: readonly string[], onLook: () => void): Promise<void> {
    const problem = await runAgent(host, words, {
      onStart: (agent) => (this.#agent = agent),
      onLine: (line) => {
        if (line.type !== 'metrics') return;
        this.#take(line);
        onLook();
      },
      signal: this.#end.signal,
    });
    if (problem && !this.#end.signal.aborted) this.#recorder.fail(problem.message);
  }

  #take({ monotonicMs, wallMs, skipped, data, error }: AgentLineOf<'metrics'>): void {
    this.#recorder.begin(monotonicMs);
    if (error !== null) this.#recorder.fail(error);
    const bytes = Buffer.from(data, 'base64');
    if (this.#http) {
      if (error !== null) return;
      const answer = bodyOf(bytes.toString('latin1'));
      if ('why' in answer) this.#recorder.fail(answer.why);
      else this.#recorder.take(readBody(Buffer.from(answer.body, 'latin1').toString('utf8')), monotonicMs, wallMs);
      return;
    }
    if (skipped > 0) this.#lines.tear();
    const text = this.#lines.take(bytes);
    if (text !== '' || skipped > 0) this.#recorder.take(readLines(text), monotonicMs, wallMs, skipped);
  }

  /** Looks once more, and ends. */
  async stop(): Promise<void> {
    this.#agent?.ask('end');
    await atMost(LAST_MS, this.#ended);
    this.#end.abort();
    await this.#ended;
  }
}
