/** What a recording holds, as a board shows it: its samples as the past, its marks, and what it lacks. */

import type { Mark, Recording } from '../recording.ts';
import { Past } from './past.ts';

/** As much as a page holds. */
const RECORDED_BYTES = 32 << 20;

export function pastOf({ samples, every }: Recording): Past {
  const past = new Past(RECORDED_BYTES);
  for (const sample of samples) past.take(sample, past.placeOf(sample), every);
  return past;
}

/** Its own, and at its ends what it lacks. */
export function marksOf({ marks, samples, every, cutOff }: Recording): readonly Mark[] {
  const note = (time: string | undefined, words: string): Mark[] =>
    time === undefined ? [] : [{ time, until: null, kind: 'note', words }];
  return [
    ...(every > 1 ? note(samples[0]?.time, `So long a recording: one of ${every} samples is shown.`) : []),
    ...marks,
    ...(cutOff === null ? [] : note(samples.at(-1)?.time, `The recording was cut off: ${cutOff}`)),
  ];
}
