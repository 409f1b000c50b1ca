/** What happened at a moment of a recording, or of what was sampled. */

import * as v from 'valibot';
import type { Mark } from '../model/live/recording.ts';
import { nullable, text } from './primitives.ts';

const time = v.pipe(text, v.isoTimestamp());

export const markSchema = v.object({
  time,
  until: nullable(time),
  kind: v.picklist(['run', 'finding', 'note']),
  words: text,
}) satisfies v.GenericSchema<unknown, Mark>;
