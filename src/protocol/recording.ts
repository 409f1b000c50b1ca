/**
 * Schema of `numa-pinboard/recording/1`: JSON lines, packed by gzip. The first line is the head, each other one of the three below;
 * a recording without an `end` was cut off.
 */

import * as v from 'valibot';
import { RECORDING_SCHEMA } from '../model/live/recording.ts';
import type { Mark, RecordingHead } from '../model/live/recording.ts';
import { count, finite, nullable, reading, record, text } from './primitives.ts';
import { topologySchema } from './topology.ts';

const time = v.pipe(text, v.isoTimestamp());

export const recordingHeadSchema = v.object({
  schema: v.literal(RECORDING_SCHEMA),
  host: text,
  topology: topologySchema,
  environment: record(reading(v.union([text, finite, v.boolean()]))),
  intervalMs: v.pipe(count, v.minValue(1)),
}) satisfies v.GenericSchema<unknown, RecordingHead>;

export const markSchema = v.object({
  time,
  until: nullable(time),
  kind: v.picklist(['run', 'finding', 'note']),
  words: text,
}) satisfies v.GenericSchema<unknown, Mark>;

/** The last line. `cutOff`: why nobody ended it, where that could still be written down. */
export const recordingEndSchema = v.object({ end: v.object({ time, cutOff: nullable(text) }) });
