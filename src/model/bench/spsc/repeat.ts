/** The words of the command line that measure a queue again. */

import type { SpscCase } from '../../cases/spsc.ts';
import type { Timing } from '../bench.ts';
import { differing } from './plan.ts';

const timingWords = ({ durationMs, rounds }: Timing): (string | number)[] => [
  ...['--duration', `${durationMs}ms`, '--repeat', rounds],
];

/** The first case, and what the second differs in. */
export function spscWords(cases: readonly SpscCase[], latency: boolean, timing: Timing): (string | number)[] {
  const [one, two] = cases;
  if (!one) return [];
  const against = two
    ? differing(one, two)
        .map((key) => `${key}=${key === 'pin' ? Number(two.pin) : two[key]}`)
        .join(',')
    : '';
  return [
    ...['bench', 'spsc', '--producer', one.producer, '--consumer', one.consumer, '--memory', one.memory],
    ...['--padding', one.padding, '--capacity', one.capacity, '--batch', one.batch, '--pages', one.pages],
    ...timingWords(timing),
    ...(one.pin ? [] : ['--no-pin']),
    ...(latency ? ['--latency'] : []),
    ...(against === '' ? [] : ['--against', against]),
  ];
}

/** One thread at both ends. */
export function alternateWords([one]: readonly SpscCase[], timing: Timing): (string | number)[] {
  if (!one) return [];
  return [
    ...['bench', 'spsc-alternate', '--cpu', one.producer, '--memory', one.memory, '--capacity', one.capacity],
    ...['--pages', one.pages, ...timingWords(timing)],
  ];
}
