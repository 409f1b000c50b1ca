/** Owns the fields that every benchmark has: how often it measures, and how long. */

import type { Timing } from '../../model/bench/bench.ts';
import { formatCount } from '../../model/text/format.ts';
import { durationWords, parseDuration, parseWhole } from '../ui/parse.ts';
import { typed } from './fields.ts';
import type { Field } from './fields.ts';

export function timingFields(configure: (change: Partial<Timing>) => void): Field<Timing>[] {
  return [
    typed(
      'Rounds',
      'rounds',
      (w) => formatCount(w.rounds),
      (text) => parseWhole(text, 1, 1000),
      (rounds) => configure({ rounds }),
    ),
    typed(
      'Each takes',
      'duration',
      (w) => durationWords(w.durationMs),
      parseDuration,
      (durationMs) => configure({ durationMs }),
    ),
  ];
}
