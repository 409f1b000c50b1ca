/** A running service's own metrics beside the samples of its processes. */

import type { Sample, ServiceSample } from '../../model/live/sample.ts';
import { decideService } from '../../model/metrics/decide.ts';
import { serviceLines } from '../../model/metrics/lines.ts';
import { placedInSample } from '../../model/metrics/placed.ts';
import { ServiceRecorder } from '../../model/metrics/record.ts';
import type { AskedMetrics } from '../../model/metrics/source.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Host } from '../host.ts';
import { MetricsFollower } from '../metrics/follow.ts';

/** Oftener costs the service more than it tells. */
const LEAST_MS = 500;

export class WatchedService {
  readonly #recorder: ServiceRecorder;
  readonly #topology: Topology;
  readonly #follower: MetricsFollower;
  readonly #thresholds: AskedMetrics['thresholds'];
  #last: { readonly changes: number; readonly told: ServiceSample } | null = null;

  private constructor(
    recorder: ServiceRecorder,
    topology: Topology,
    follower: MetricsFollower,
    thresholds: AskedMetrics['thresholds'],
  ) {
    this.#recorder = recorder;
    this.#topology = topology;
    this.#follower = follower;
    this.#thresholds = thresholds;
  }

  static async start(
    host: Host,
    { text, source, thresholds }: AskedMetrics,
    topology: Topology,
    intervalMs: number,
    signal: AbortSignal,
  ): Promise<WatchedService> {
    if (source.kind === 'output') throw new TypeError('a service that runs already has no output to read');
    const recorder = new ServiceRecorder(text, false);
    const every = { intervalMs: Math.max(LEAST_MS, intervalMs), signal };
    const follower = await MetricsFollower.start(host, source, recorder, every);
    return new WatchedService(recorder, topology, follower, thresholds);
  }

  readonly beside = (sample: Sample, monotonicMs: number): ServiceSample => {
    const placed = placedInSample(this.#topology, sample, monotonicMs);
    if (placed) this.#recorder.place(placed);
    // A bootstrap for each of a hundred samples a second would be more work than the samples.
    const { changes } = this.#recorder;
    if (this.#last?.changes === changes) return this.#last.told;
    const { record } = this.#recorder;
    const told = {
      window: record.windows.at(-1) ?? null,
      decision: decideService(record, this.#topology, this.#thresholds),
    };
    this.#last = { changes, told };
    return told;
  };

  /** In words, by all that it has told. */
  get lines(): string[] {
    return serviceLines(this.#recorder.record, this.#topology, this.#thresholds);
  }

  end(): Promise<void> {
    return this.#follower.stop();
  }
}
