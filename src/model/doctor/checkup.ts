/** A look of the doctor at a host as a board shows it: going on, or done. */

import type { Diagnosis } from './examine.ts';

export interface Checkup {
  /** ISO time; it tells one from the next. */
  readonly startedAt: string;
  /** Whose work, in words; null: the busiest. */
  readonly of: string | null;
  /** What is being looked at; null: it is done. */
  readonly step: string | null;
  readonly diagnosis: Diagnosis | null;
}
