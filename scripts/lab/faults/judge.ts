// Owns what counts: what the doctor said of a condition, held against what it had to say.
import type { Diagnosis } from '../../../src/model/doctor/examine.ts';
import type { Condition, Fault } from './fault.ts';

export interface Verdict {
  /** Of a host without fault: null. */
  readonly found: boolean | null;
  /** What was told, and is not so. */
  readonly wrong: readonly string[];
}

const listOf = (one: string | readonly string[]): readonly string[] => (typeof one === 'string' ? [one] : one);

const isFault = (condition: Condition): condition is Fault => 'finding' in condition;

/** A note accuses nobody: it counts as found where a note is due, and never as a false alarm. */
export function judge(condition: Condition, { findings, notes }: Pick<Diagnosis, 'findings' | 'notes'>): Verdict {
  const told = findings.map(({ id }) => id);
  if (!isFault(condition)) return { found: null, wrong: told };
  const due = listOf(condition.finding);
  const counts = [...told, ...(condition.note === true ? notes.map(({ id }) => id) : [])];
  const may = [...due, ...(condition.also ?? [])];
  return { found: counts.some((id) => due.includes(id)), wrong: told.filter((id) => !may.includes(id)) };
}
