/** What is taken of each layout, by name: how it is worked out is loaded where something is measured or shown. */

import type { BENCHMARKS } from '../../cases/case.ts';

export type SeparationFigure = (typeof BENCHMARKS)['separation'][number];

export interface Titled {
  readonly benchmark: SeparationFigure;
  readonly metric: string;
  readonly title: string;
}

const ROWS: readonly (readonly [benchmark: SeparationFigure, metric: string, title: string])[] = [
  ['separation', 'jobs/s', 'Requests'],
  ['separation-p50', 'ns', 'Latency, p50'],
  ['separation-p99', 'ns', 'Latency, p99'],
  ['separation-p99.9', 'ns', 'Latency, p99.9'],
  ['separation-dropped', '%', 'Requests dropped'],
  ['separation-steal-rate', '%', 'Jobs stolen'],
  ['separation-steal-efficiency', '%', 'Searches that ended with a stolen job'],
  ['separation-pool-steals', 'ratio', 'Jobs stolen, walks ÷ distances'],
  ['separation-slow-polls', '%', 'Jobs longer than 1 ms'],
  ['separation-cross-node', '%', 'Jobs run on another node'],
  ['separation-cross-pages', '%', 'Store read from another node'],
  ['separation-correlation', 'r', 'Correlation of stolen and slow'],
  ['separation-imbalance', '%', 'Imbalance of nodes'],
  ['separation-idle-walks', '%', 'Idle, who walks'],
  ['separation-idle-distances', '%', 'Idle, who takes distances'],
  ['separation-hand-over', 'ns', 'Hand-over, there and back'],
  ['separation-batch', 'ns', 'A batch of distances'],
];

export const TITLES: readonly Titled[] = ROWS.map(([benchmark, metric, title]) => ({ benchmark, metric, title }));
