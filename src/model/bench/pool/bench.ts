/** Worker pools: what they get done by who steals from whom, and by whose first touch their memory is. */

import { storesNothing } from '../../cases/pool.ts';
import type { PoolCase, PoolLoad } from '../../cases/pool.ts';
import type { Slot } from '../../placement/slots.ts';
import type { Bench, Figure } from '../bench.ts';
import { MEMORY_SLOTS } from '../memory/slots.ts';
import { LOAD_WORDS, poolLabel, poolLabels } from './labels.ts';
import { capital } from '../../text/format.ts';

const figure = (load: PoolLoad): Figure => ({
  benchmark: `pool-${load}`,
  metric: 'jobs/s',
  title: capital(LOAD_WORDS[load]),
  aside: null,
});

export const FIGURES: Readonly<Record<PoolLoad, Figure>> = {
  traversal: figure('traversal'),
  distance: figure('distance'),
  sparse: figure('sparse'),
  tree: figure('tree'),
  tiny: figure('tiny'),
  dispatch: figure('dispatch'),
};

const WORKERS: Slot = { ...MEMORY_SLOTS[0], dropped: 'a worker is pinned to each CPU' };

const touching = ({ touch, cpus }: PoolCase): readonly number[] =>
  touch === 'worker' || touch === 'replicate' ? cpus : touch === 'main' ? cpus.slice(0, 1) : [];

export const POOL: Bench<PoolCase> = {
  kind: 'pool',
  figures: Object.values(FIGURES),
  slots: [WORKERS],
  unitNote:
    'A job is a walk, a batch of 128 distances, a block of rows, a leaf of the tree, a tiny job, or a request with its result.',
  placement: ({ cpus }) => ({ workers: [...cpus].sort((a, b) => a - b) }),
  asked: (one) => ({
    ...{ pinned: true, memory: storesNothing(one.load) ? 'Jobs' : 'Store', counted: 'page' },
    ...{ node: one.node ?? null, pages: one.pages, touching: touching(one) },
  }),
  label: poolLabel,
  shortLabel: poolLabel,
  labels: poolLabels,
  unusual: () => [],
  settings: () => ({}),
  crosses: () => null,
  fairness: () => -1,
  placed: () => null,
};
