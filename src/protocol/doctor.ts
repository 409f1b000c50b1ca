/** Schemas of what the doctor found: as pages get it, and what a file of it (diagnosis.ts) has in common with that. */

import * as v from 'valibot';
import type { Checkup } from '../model/doctor/checkup.ts';
import type { Diagnosis } from '../model/doctor/examine.ts';
import { TOPICS } from '../model/doctor/base/finding.ts';
import type { DoctorFinding, Topic } from '../model/doctor/base/finding.ts';
import { FINDING_KINDS } from '../model/run/finding.ts';
import type { FindingKind } from '../model/run/finding.ts';
import { count, finite, id, list, nullable, text } from './primitives.ts';

const keysOf = <K extends string>(of: Readonly<Record<K, unknown>>): [K, ...K[]] => Object.keys(of) as [K, ...K[]];

/** Of a finding, as pages and files have it. */
const findingEntries = {
  id: text,
  topic: v.picklist(keysOf<Topic>(TOPICS)),
  severity: v.picklist(['high', 'medium', 'low']),
  confidence: v.pipe(count, v.maxValue(1)),
  sentence: text,
  advice: nullable(text),
  cause: text,
  evidence: list(text),
  remedy: list(text),
  undo: list(text),
  where: v.object({ nodes: list(id), cpus: list(id), pids: list(id) }),
  gain: nullable(v.object({ sentence: text, interval: v.tuple([finite, finite]) })),
};
export const writtenFindingSchema = v.object(findingEntries);

const findingSchema = v.object({
  ...findingEntries,
  heading: text,
  kind: v.picklist(keysOf<FindingKind>(FINDING_KINDS)),
}) satisfies v.GenericSchema<unknown, DoctorFinding>;

/** Of a diagnosis, without its findings. */
export const diagnosisEntries = {
  host: text,
  verdict: v.picklist(['no-problem', 'findings', 'undecided']),
  sentence: text,
  seconds: count,
  notChecked: list(v.object({ id: text, title: text, why: text })),
};

export const diagnosisSchema = v.object({
  ...diagnosisEntries,
  findings: list(findingSchema),
  notes: list(findingSchema),
}) satisfies v.GenericSchema<unknown, Diagnosis>;

export const checkupSchema = v.object({
  startedAt: text,
  of: nullable(text),
  step: nullable(text),
  diagnosis: nullable(diagnosisSchema),
}) satisfies v.GenericSchema<unknown, Checkup>;
