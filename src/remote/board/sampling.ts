/** Live samples of the connected host, only while somebody looks. */

import { setTimeout as sleep } from 'node:timers/promises';
import { toProblem } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import { SameProcess } from '../../model/live/same-process.ts';
import type { Sample } from '../../model/live/sample.ts';
import type { Selection } from '../../model/live/selection.ts';
import { isAborted } from '../deadline.ts';
import type { Host } from '../host.ts';

/** A sampler that ended is started again after this, twice as long after each failure, up to the longest. */
const FIRST_REST_MS = 1000;
const LONGEST_REST_MS = 30_000;

export interface SamplingEvents {
  onSample(sample: Sample): void;
  /** Told once for several failures in a row. */
  onProblem(problem: Problem): void;
}

export class Sampling {
  readonly #intervalMs: number;
  readonly #events: SamplingEvents;
  #host: Host | null = null;
  #following: Selection | null = null;
  /** Stays while nobody looks: who looks again sees the same process or none. */
  #same: { readonly host: Host; readonly chosen: Selection; readonly process: SameProcess } | null = null;
  #end: AbortController | null = null;
  /** The loop that ran last, which may still be taking its leave. */
  #ended: Promise<void> = Promise.resolve();

  constructor(intervalMs: number, events: SamplingEvents) {
    this.#intervalMs = intervalMs;
    this.#events = events;
  }

  /**
   * @param host the one to sample, null for none.
   * @param following the processes to sample with it. Settles when what ran before is gone.
   */
  async follow(host: Host | null, following: Selection | null): Promise<void> {
    if (host === this.#host && following === this.#following) return;
    this.#host = host;
    this.#following = following;
    this.#end?.abort();
    this.#end = null;
    const before = this.#ended;
    if (host) {
      const end = new AbortController();
      this.#end = end;
      if (following && (this.#same?.host !== host || this.#same.chosen !== following))
        this.#same = { host, chosen: following, process: new SameProcess(following) };
      const same = following && this.#same?.process;
      // One after the other, so that a page which blinks leaves one sampler behind and not two.
      this.#ended = before.then(() => this.#loop(host, following === null ? [] : [following], same, end.signal));
    }
    await before;
  }

  async #loop(
    host: Host,
    selections: readonly Selection[],
    same: SameProcess | null | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    let rest = FIRST_REST_MS;
    while (!signal.aborted) {
      try {
        const { watchHost } = await import('../sampling/sampler.ts');
        for await (const sample of watchHost(host, { intervalMs: this.#intervalMs, selections, signal })) {
          rest = FIRST_REST_MS;
          this.#events.onSample(same?.of(sample) ?? sample);
        }
      } catch (error) {
        if (!isAborted(signal) && rest === FIRST_REST_MS) this.#events.onProblem(toProblem(error));
      }
      await sleep(rest, undefined, { signal }).catch(() => undefined);
      rest = Math.min(rest * 2, LONGEST_REST_MS);
    }
  }
}
