/** What a service told of itself while it was watched, by names of its own (model/metrics). */

/**
 * Counters, but for `…Time` and `busy`, which are seconds (or of a unit that the name does not say). `polls` are the runtime's, `taskPolls`
 * those of tasks that somebody watches. `stolen` are tasks, `stealOperations` the times that some were taken.
 */
export const FIGURES = [
  'polls',
  'taskPolls',
  'stealOperations',
  'stolen',
  'slowPolls',
  'pollTime',
  'slowTime',
  'busy',
] as const;
export type Figure = (typeof FIGURES)[number];
export type Counts = Readonly<Partial<Record<Figure, number>>>;

/** A stretch between two reports. */
export interface ServiceWindow {
  /** Since the beginning (s). */
  readonly from: number;
  readonly to: number;
  /** What its counters grew by. */
  readonly counts: Counts;
  /** CPU seconds of its threads by node, and of those with pages elsewhere; null: not seen. */
  readonly busy: Readonly<Record<string, number>>;
  readonly farSeconds: number | null;
}

export interface ServiceWorker {
  readonly worker: string;
  readonly counts: Counts;
}

export interface ServiceRecord {
  /** A file or an address on the host, or `-`: what the program itself prints. */
  readonly source: string;
  /** Of each figure that was told, its name. */
  readonly names: Readonly<Partial<Record<Figure, string>>>;
  /** Times of which the name says no unit. */
  readonly unitless: readonly Figure[];
  readonly reports: number;
  /** Lines that could not be read, bytes that were too many, counters that fell and began anew. */
  readonly malformed: number;
  readonly skippedBytes: number;
  readonly resets: number;
  readonly windows: readonly ServiceWindow[];
  readonly workers: readonly ServiceWorker[];
  /** Why it could not be read when that was tried last; null: it could. */
  readonly why: string | null;
}
