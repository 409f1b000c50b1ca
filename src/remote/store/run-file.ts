/** A run out of a file; nothing is written here. */

import { messageOf, PinboardError } from '../../model/problem.ts';
import type { DoctorPart } from '../../model/report/doctor.ts';
import type { Run } from '../../model/run/run.ts';
import { parseDiagnosis } from '../../protocol/diagnosis.ts';
import { MAX_RUN_BYTES, parseRunOf, RUN_HINT } from '../../protocol/run-file.ts';
import { readWhole } from './files.ts';

/** @throws PinboardError `bad-file`, in words, for anything that is no run this version can open. */
export async function readRunFile(path: string): Promise<Run> {
  return parseRunOf(path, await readWhole(path, MAX_RUN_BYTES, 'a run', RUN_HINT));
}

/** A run, or what `doctor --format json` wrote. @throws PinboardError `bad-file` for anything else. */
export async function readReported(path: string): Promise<{ readonly run: Run } | { readonly looked: DoctorPart }> {
  const text = await readWhole(path, MAX_RUN_BYTES, 'a run', RUN_HINT);
  try {
    const looked = parseDiagnosis(text);
    if (looked) return { looked };
  } catch (error) {
    throw new PinboardError('bad-file', `${path}: ${messageOf(error)}`);
  }
  return { run: parseRunOf(path, text) };
}
