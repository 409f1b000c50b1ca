/** Moments of a recording that a page shows: those asked for, else the first, the busiest and the last. */

import type { Recording } from '../../live/recording.ts';
import type { Sample } from '../../live/sample.ts';
import { PinboardError } from '../../problem.ts';
import { clockOf } from './timeline.ts';

export interface Moment {
  readonly sample: Sample;
  readonly words: string;
}

const meanOf = (sample: Sample): number =>
  sample.cpus.reduce((sum, { busy }) => sum + busy, 0) / Math.max(1, sample.cpus.length);

/** "10:00:07" of the recording's first day with that time, or a whole ISO time. */
function timeOf({ samples }: Recording, asked: string): number {
  const [first] = samples;
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(asked);
  if (!clock || !first) return Date.parse(asked);
  const [, hours, minutes, seconds = '0'] = clock;
  const day = new Date(first.time);
  const at = Date.UTC(
    day.getUTCFullYear(),
    day.getUTCMonth(),
    day.getUTCDate(),
    Number(hours),
    Number(minutes),
    Number(seconds),
  );
  return at < Date.parse(first.time) - 1000 ? at + 86_400_000 : at;
}

/** @throws PinboardError for a time outside the recording, or a recording without samples. */
export function momentsOf(recording: Recording, asked: readonly string[]): Moment[] {
  const { samples, host } = recording;
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last)
    throw new PinboardError('bad-file', `The recording of ${host} holds no sample.`, 'Record for longer.');
  if (asked.length === 0) {
    const busiest = samples.reduce((most, one) => (meanOf(one) > meanOf(most) ? one : most));
    const all = [
      { sample: first, words: 'The first moment' },
      { sample: busiest, words: 'The busiest moment' },
      { sample: last, words: 'The last moment' },
    ];
    return all.filter(({ sample }, at) => all.findIndex((one) => one.sample === sample) === at);
  }
  return asked.map((text) => {
    const time = timeOf(recording, text);
    const [from, until] = [Date.parse(first.time), Date.parse(last.time)];
    if (!(time >= from - 1000 && time <= until + 1000)) {
      const words = `${text} is no time of this recording, which goes from ${first.time} to ${last.time}.`;
      throw new PinboardError('usage', words, 'Give one such as 10:00:07 (UTC), or all of it.');
    }
    const distance = (sample: Sample): number => Math.abs(Date.parse(sample.time) - time);
    const nearest = samples.reduce((best, one) => (distance(one) < distance(best) ? one : best));
    return { sample: nearest, words: `At ${clockOf(nearest.time)} UTC` };
  });
}
