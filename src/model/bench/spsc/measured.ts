/** How the agent is asked to measure the queue. */

import type { Benchmark } from '../../cases/case.ts';
import type { SpscCase } from '../../cases/spsc.ts';
import type { MeasuredBench } from '../bench.ts';
import { FIGURES, SPSC } from './bench.ts';
import { questionOf } from './plan.ts';
import { alternateWords, spscWords } from './repeat.ts';

/** Flags of the agent's command. */
const MODES: Readonly<Record<keyof typeof FIGURES, readonly string[]>> = {
  spsc: [],
  'spsc-latency': ['--latency'],
  'spsc-alternate': ['--alternate'],
};

const isOurs = (asked: Benchmark | null): asked is keyof typeof FIGURES => asked !== null && asked in FIGURES;
const modeOf = (asked: Benchmark | null): keyof typeof FIGURES => (isOurs(asked) ? asked : 'spsc');

export const MEASURED_SPSC: MeasuredBench<SpscCase> = {
  ...SPSC,
  figure: (_, asked) => FIGURES[modeOf(asked)],
  places: ({ producer, consumer, memory }) => ({
    cpus: [producer, consumer],
    nodes: typeof memory === 'number' ? [memory] : [],
  }),
  agentWords: (_, asked) => ['spsc', ...MODES[modeOf(asked)]],
  agentCase: ({ producer, consumer, memory, pin, padding, capacity, batch, pages }) => ({
    ...{ producer, consumer, memory, pin: pin ? 1 : 0 },
    ...{ padding, capacity, batch, pages },
  }),
  repeatWords: (cases, asked, timing) =>
    asked === 'spsc-alternate' ? alternateWords(cases, timing) : spscWords(cases, asked === 'spsc-latency', timing),
  question: (topology, cases, asked) =>
    asked === 'spsc-alternate'
      ? 'What do a send and a receive cost on one thread, with nothing crossing between CPUs?'
      : questionOf(topology, cases, asked === 'spsc-latency'),
};
