/** `--metrics`: where a service tells figures of its own; `--threshold`: what judges them. */

import { InvalidArgumentError, Option } from 'commander';
import { separationLimits } from '../model/bench/separation/thresholds.ts';
import { parseMetricsSource } from '../model/metrics/source.ts';
import type { AskedMetrics } from '../model/metrics/source.ts';
import { PinboardError } from '../model/problem.ts';
import { thresholdOption } from './values.ts';

function asked(text: string): AskedMetrics {
  const source = parseMetricsSource(text);
  if (typeof source === 'string') throw new InvalidArgumentError(source);
  return { text, source };
}

export interface MetricsOptions {
  metrics?: AskedMetrics;
  threshold?: Record<string, number>;
}

export const metricsOptions = (words: string): Option[] => [
  new Option('--metrics <source>', words).argParser(asked),
  thresholdOption('judge its metrics by another limit; repeatable ("bench separation --help" lists them)'),
];

/** @throws PinboardError `usage` for a threshold that is none, or without metrics. */
export function metricsOf({ metrics, threshold }: MetricsOptions): AskedMetrics | undefined {
  if (threshold === undefined) return metrics;
  separationLimits(threshold);
  if (!metrics)
    throw new PinboardError('usage', '--threshold judges what a service tells of itself.', 'Give --metrics as well.');
  return { ...metrics, thresholds: threshold };
}
