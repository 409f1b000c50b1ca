/** `--metrics`: where a service tells figures of its own. */

import { InvalidArgumentError, Option } from 'commander';
import { parseMetricsSource } from '../model/metrics/source.ts';
import type { AskedMetrics } from '../model/metrics/source.ts';

function asked(text: string): AskedMetrics {
  const source = parseMetricsSource(text);
  if (typeof source === 'string') throw new InvalidArgumentError(source);
  return { text, source };
}

export const metricsOption = (words: string): Option => new Option('--metrics <source>', words).argParser(asked);
