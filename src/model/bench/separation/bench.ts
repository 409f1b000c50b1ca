/** Two pools of one service, by layout and load: mixed over the nodes, or separated by node. */

import type { SeparationCase } from '../../cases/separation.ts';
import type { Bench } from '../bench.ts';
import { separationLabel } from './labels.ts';
import { TITLES } from './titles.ts';
import { SEPARATION_SLOTS } from './slots.ts';

const ascending = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b);

export const SEPARATION: Bench<SeparationCase> = {
  kind: 'separation',
  main: 'separation',
  figures: TITLES.map(({ benchmark, metric, title }) => ({ benchmark, metric, title, aside: title })),
  slots: SEPARATION_SLOTS,
  unitNote: 'A job is a request: a walk, a batch of 128 distances, and its result.',
  // Of the standard layouts nobody placed anything.
  placement: ({ layout, walkers, workers, store }) =>
    layout === 'custom'
      ? { walkers: ascending(walkers), workers: ascending(workers), ...(store ? { store: ascending(store) } : {}) }
      : {},
  asked: (one) => ({
    ...{ pinned: true, memory: 'Store', counted: 'page', pages: one.pages },
    ...{ node: one.store?.length === 1 ? (one.store[0] ?? null) : null, touching: one.workers },
  }),
  label: separationLabel,
  shortLabel: separationLabel,
  labels: (cases) => cases.map(separationLabel),
  unusual: () => [],
  settings: () => ({}),
  crosses: () => null,
  fairness: () => -1,
  placed: () => null,
};
