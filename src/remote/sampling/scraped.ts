/** Samples for a scraper: taken only while it asks now and then, and added up between its questions. */

import { NO_TOTALS, totalsAfter } from '../../model/live/metrics/totals.ts';
import type { Totals } from '../../model/live/metrics/totals.ts';
import { metricsText } from '../../model/live/metrics/text.ts';
import type { Sample } from '../../model/live/sample.ts';
import { PinboardError } from '../../model/problem.ts';
import { indexTopology } from '../../model/topology/relation.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Host } from '../host.ts';
import { watchHost } from './sampler.ts';

const INTERVAL_MS = 1000;
/** Nobody asks any more: five times the interval that Prometheus has of itself. */
const FORGOTTEN_MS = 5 * 60_000;

export interface Watched {
  readonly host: Host;
  readonly topology: Topology;
}

export class Scraped {
  readonly #watched: () => Watched | null;
  #of: Watched | null = null;
  #end = new AbortController();
  #sample: Sample | null = null;
  #totals: Totals = NO_TOTALS;
  /** The first sample of what is watched, or why there is none. */
  #first: Promise<void> = Promise.resolve();
  #forget: NodeJS.Timeout | null = null;

  /** @param watched the host that is connected, whichever it is by then. */
  constructor(watched: () => Watched | null) {
    this.#watched = watched;
  }

  /** In Prometheus' text format. @throws PinboardError why there is nothing to tell. */
  async text(): Promise<string> {
    const watched = this.#watched();
    if (!watched) throw new PinboardError('not-connected', 'No host is connected.');
    if (watched.host !== this.#of?.host) this.#begin(watched);
    this.#forgetLater();
    await this.#first;
    if (!this.#sample) throw new PinboardError('unsupported', 'This host cannot be sampled.');
    return metricsText(watched.topology, this.#sample, this.#totals);
  }

  close(): void {
    if (this.#forget) clearTimeout(this.#forget);
    this.#end.abort();
    this.#of = null;
  }

  #forgetLater(): void {
    if (this.#forget) clearTimeout(this.#forget);
    this.#forget = setTimeout(() => this.close(), FORGOTTEN_MS).unref();
  }

  #begin(watched: Watched): void {
    this.close();
    this.#of = watched;
    this.#end = new AbortController();
    [this.#sample, this.#totals] = [null, NO_TOTALS];
    this.#first = new Promise((resolve, reject) => {
      void this.#run(watched, this.#end.signal, resolve).then(resolve, reject);
    });
    // Who asks is told.
    this.#first.catch(() => undefined);
  }

  async #run({ host, topology }: Watched, signal: AbortSignal, onSample: () => void): Promise<void> {
    const { cpusOfNode } = indexTopology(topology);
    try {
      for await (const sample of watchHost(host, { intervalMs: INTERVAL_MS, signal })) {
        if (signal.aborted) return;
        const sampled = new Set(sample.cpus.map(({ id }) => id));
        const cpusOf = (node: number): number => (cpusOfNode.get(node) ?? []).filter((id) => sampled.has(id)).length;
        this.#sample = sample;
        this.#totals = totalsAfter(this.#totals, sample, cpusOf);
        onSample();
      }
    } finally {
      // The next question begins anew.
      if (this.#of?.host === host && !signal.aborted) this.#of = null;
    }
  }
}
