/**
 * Schema of `numa-pinboard/recording/1`: JSON lines, packed by gzip. The first line is the head, each other one of the three below;
 * a recording without an `end` was cut off.
 */

import * as v from 'valibot';
import { unpack } from '../model/live/packed.ts';
import { RECORDING_SCHEMA } from '../model/live/recording.ts';
import type { Mark, RecordingHead } from '../model/live/recording.ts';
import type { Sample } from '../model/live/sample.ts';
import { checkTopology } from '../model/topology/check.ts';
import { count, finite, firstIssue, nullable, reading, record, text } from './primitives.ts';
import { markSchema } from './mark.ts';
import { sampleSchema } from './sample.ts';
import { topologySchema } from './topology.ts';

const time = v.pipe(text, v.isoTimestamp());

const recordingHeadSchema = v.object({
  schema: v.literal(RECORDING_SCHEMA),
  host: text,
  topology: topologySchema,
  environment: record(reading(v.union([text, finite, v.boolean()]))),
  intervalMs: v.pipe(count, v.minValue(1)),
}) satisfies v.GenericSchema<unknown, RecordingHead>;

/** Times are put in order by it. */
const recordedSampleSchema = v.object({ ...sampleSchema.entries, time });

/** The last line. `cutOff`: why nobody ended it, where that could still be written down. */
const recordingEndSchema = v.object({ end: v.object({ time, cutOff: nullable(text) }) });

/** A recording that cannot be opened; `message` says why. */
export class RecordingError extends Error {
  override name = 'RecordingError';
}

const NAMED = /^numa-pinboard\/recording\/(\d{1,9})$/;
const VERSION = Number(NAMED.exec(RECORDING_SCHEMA)?.[1]);

/** How the first line of any version begins. */
export const RECORDING_BEGINS = '{"schema":"numa-pinboard/recording/';

function parsed(line: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RecordingError('it is no object');
  return value as Readonly<Record<string, unknown>>;
}

/** What the first line says. @throws RecordingError also for a newer schema. */
export function parseHead(line: string): RecordingHead {
  let head: Readonly<Record<string, unknown>>;
  try {
    head = parsed(line);
  } catch {
    throw new RecordingError('This is not a recording: its first line is not JSON.');
  }
  const version = NAMED.exec(typeof head['schema'] === 'string' ? head['schema'] : '')?.[1];
  if (version === undefined) throw new RecordingError(`This is not a recording: "schema" is not ${RECORDING_SCHEMA}.`);
  if (Number(version) > VERSION) {
    const words = `This recording was written by a newer NUMA Pinboard (numa-pinboard/recording/${version}). Update to open it.`;
    throw new RecordingError(words);
  }
  const { output, issues, success } = v.safeParse(recordingHeadSchema, head);
  if (!success) throw new RecordingError(`This recording cannot be read: ${firstIssue(issues)}.`);
  const wrong = checkTopology(output.topology);
  if (wrong.length > 0)
    throw new RecordingError(`The topology of this recording contradicts itself: ${wrong.join('; ')}.`);
  const { host, topology, environment, intervalMs } = output;
  return { host, topology, environment, intervalMs };
}

export type RecordingLine =
  | { readonly kind: 'sample'; readonly sample: Sample }
  | { readonly kind: 'mark'; readonly mark: Mark }
  | { readonly kind: 'end'; readonly cutOff: string | null }
  /** Of a later version, which says nothing that the others need. */
  | { readonly kind: 'other' };

export const isSampleLine = (line: string): boolean => line.startsWith('{"sample":');

/** Any further line. @throws Error for what is none. */
export function parseLine(line: string): RecordingLine {
  const value = parsed(line);
  if ('sample' in value) return { kind: 'sample', sample: checked(recordedSampleSchema, unpack(value['sample'])) };
  if ('mark' in value) return { kind: 'mark', mark: checked(markSchema, value['mark']) };
  if ('end' in value) return { kind: 'end', cutOff: checked(recordingEndSchema, value).end.cutOff };
  return { kind: 'other' };
}

function checked<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (!result.success) throw new RecordingError(firstIssue(result.issues));
  return result.output;
}
