/** Two pools on the board: the standard layouts need nothing placed, both pools placed are one layout more. */

import type { SeparationCase } from '../../cases/separation.ts';
import type { Offer } from '../offer.ts';
import { SEPARATION } from './bench.ts';
import { DEFAULT_SEPARATION_WORKLOAD } from './workload.ts';
import type { SeparationWorkload } from './workload.ts';

export const SEPARATION_OFFER: Offer<SeparationCase, SeparationWorkload> = {
  bench: SEPARATION,
  title: 'Two pools, by layout',
  workload: DEFAULT_SEPARATION_WORKLOAD,
  baseline: false,
  figure: () => null,
  measured: (_, results) => results[0]?.placement.kind === 'separation',
};
