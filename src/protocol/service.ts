/** Schema of what a service told of itself, in a run and in samples. */

import * as v from 'valibot';
import { SIGN_NAMES } from '../model/bench/separation/sign-names.ts';
import { FIGURES } from '../model/cases/service.ts';
import type { ServiceRecord } from '../model/cases/service.ts';
import type { ServiceSample } from '../model/live/sample.ts';
import { bytes, count, finite, list, nullable, record, text } from './primitives.ts';

const figure = v.picklist(FIGURES);
const counts = v.object(v.entriesFromList(FIGURES, v.exactOptional(count)));

const windowSchema = v.object({ from: count, to: count, counts, busy: record(count), farSeconds: nullable(count) });

export const serviceSchema = v.object({
  source: text,
  names: v.object(v.entriesFromList(FIGURES, v.exactOptional(text))),
  unitless: list(figure),
  ...{ reports: count, malformed: count, skippedBytes: bytes, resets: count },
  windows: list(windowSchema),
  workers: list(v.object({ worker: text, counts })),
  why: nullable(text),
}) satisfies v.GenericSchema<unknown, ServiceRecord>;

const pair = v.tuple([finite, finite]);

const decisionSchema = v.object({
  rows: list(
    v.object({
      ...{ sign: v.picklist(SIGN_NAMES), title: text, value: nullable(finite), interval: nullable(pair) },
      thresholds: pair,
      says: nullable(v.picklist(['skip', 'investigate', 'separate'])),
      why: nullable(text),
    }),
  ),
  verdict: v.picklist(['skip', 'investigate', 'separate', 'not-shown']),
  sentence: text,
});

export const serviceSampleSchema = v.object({
  window: nullable(windowSchema),
  decision: decisionSchema,
}) satisfies v.GenericSchema<unknown, ServiceSample>;
