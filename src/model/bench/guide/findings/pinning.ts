/** Whether pinning near each other beats the scheduler. */

import { notPinned } from '../compare.ts';
import { ask, METRICS } from './maker.ts';
import type { FindingMaker } from './maker.ts';

export const pinning: FindingMaker = {
  topic: 'pinning',
  heading: 'Pinning',
  questions: ({ pairs, near, results }) => {
    const first = near ?? pairs[0];
    if (!first) return [];
    return METRICS.flatMap(({ latency, what }) =>
      ask(first.take('plain', latency), notPinned(results, latency), {
        ...{ id: `pinning, ${what}`, change: `Pinned ${first.crossing.name},`, base: 'not pinned' },
        better: 'Pin both threads near each other.',
        worse: `For ${what}, do not pin: the scheduler does better.`,
      }),
    );
  },
};
