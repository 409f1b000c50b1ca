/** Schema of what `doctor --format json` writes, `numa-pinboard/doctor/1`, and the one way to open a file of it. */

import * as v from 'valibot';
import { TOPICS } from '../model/doctor/base/finding.ts';
import type { DoctorFinding } from '../model/doctor/base/finding.ts';
import { DOCTOR_SCHEMA } from '../model/doctor/text.ts';
import type { DoctorPart } from '../model/report/doctor.ts';
import { diagnosisEntries, writtenFindingSchema } from './doctor.ts';
import { firstIssue, list, text } from './primitives.ts';

export const writtenDiagnosisSchema = v.object({
  schema: v.literal(DOCTOR_SCHEMA),
  time: text,
  ...diagnosisEntries,
  findings: list(writtenFindingSchema),
});

export class DiagnosisFileError extends Error {}

/** Whether a file means to be one; null says that it is none, and nothing of what it is. @throws DiagnosisFileError for one that is broken or newer. */
export function parseDiagnosis(source: string): DoctorPart | null {
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
  const checked = v.safeParse(writtenDiagnosisSchema, value);
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
