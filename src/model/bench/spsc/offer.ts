/** The queue on the board: its two threads and its ring are placed, its fields say how it is measured. */

import type { SpscCase } from '../../cases/spsc.ts';
import type { Offer } from '../offer.ts';
import { SPSC } from './bench.ts';
import { plan } from './plan.ts';
import { DEFAULT_WORKLOAD } from './workload.ts';
import type { SpscWorkload } from './workload.ts';

export const SPSC_OFFER: Offer<SpscCase, SpscWorkload> = {
  bench: SPSC,
  title: 'Queue (SPSC)',
  workload: DEFAULT_WORKLOAD,
  baseline: true,
  figure: ({ latency }) => (latency ? 'spsc-latency' : 'spsc'),
  setUpMs: () => 80,
  measured: (_, results) => results[0]?.placement.kind === 'spsc',
  plan,
};
