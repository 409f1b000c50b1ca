/** Schema of what `doctor --format json` writes, `numa-pinboard/doctor/1`, and the one way to open a file of it. */

import * as v from 'valibot';
import { TOPICS } from '../model/doctor/base/finding.ts';
import type { DoctorFinding, Topic } from '../model/doctor/base/finding.ts';
import type { Diagnosis } from '../model/doctor/examine.ts';
import { DOCTOR_SCHEMA } from '../model/doctor/text.ts';
import { count, finite, firstIssue, id, list, nullable, text } from './primitives.ts';

const findingSchema = v.object({
  id: text,
  topic: v.picklist(Object.keys(TOPICS) as [Topic, ...Topic[]]),
  severity: v.picklist(['high', 'medium', 'low']),
  confidence: v.pipe(count, v.maxValue(1)),
  sentence: text,
  evidence: list(text),
  cause: text,
  advice: nullable(text),
  remedy: list(text),
  undo: list(text),
  where: v.object({ nodes: list(id), cpus: list(id), pids: list(id) }),
  gain: nullable(v.object({ sentence: text, interval: v.tuple([finite, finite]) })),
});

const diagnosisSchema = v.object({
  schema: v.literal(DOCTOR_SCHEMA),
  time: text,
  host: text,
  verdict: v.picklist(['no-problem', 'findings', 'undecided']),
  sentence: text,
  seconds: count,
  findings: list(findingSchema),
  notChecked: list(v.object({ id: text, title: text, why: text })),
});

/** What was found, and when. */
export interface DatedDiagnosis {
  /** ISO 8601. */
  readonly time: string;
  readonly diagnosis: Diagnosis;
}

export class DiagnosisFileError extends Error {}

/** Whether a file means to be one; null says that it is none, and nothing of what it is. @throws DiagnosisFileError for one that is broken or newer. */
export function parseDiagnosis(source: string): DatedDiagnosis | null {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return null;
  }
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (typeof schema !== 'string' || !schema.startsWith('numa-pinboard/doctor/')) return null;
  if (schema !== DOCTOR_SCHEMA)
    throw new DiagnosisFileError('This was written by a newer NUMA Pinboard. Update to open it.');
  const checked = v.safeParse(diagnosisSchema, value);
  if (!checked.success)
    throw new DiagnosisFileError(`What the doctor found cannot be read: ${firstIssue(checked.issues)}.`);
  const { time, findings, schema: _schema, ...rest } = checked.output;
  if (Number.isNaN(Date.parse(time)))
    throw new DiagnosisFileError('What the doctor found cannot be read: "time" is none.');
  const all = findings.map((finding): DoctorFinding => ({
    ...finding,
    heading: TOPICS[finding.topic],
    kind: finding.severity === 'low' ? 'note' : 'fault',
  }));
  const [faults, notes] = [false, true].map((low) => all.filter(({ severity }) => (severity === 'low') === low));
  return { time, diagnosis: { ...rest, findings: faults ?? [], notes: notes ?? [] } };
}
