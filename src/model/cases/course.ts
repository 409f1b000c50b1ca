/** What was seen of a user's program while it ran: figures over time, and what was done to it meanwhile. */

/** CPUs its threads kept busy; how many threads there were; a figure that it prints itself. */
export const SERIES_KINDS = ['cpus', 'threads', 'printed'] as const;

export interface CourseSeries {
  readonly kind: (typeof SERIES_KINDS)[number];
  /** Of a printed figure its name, which is its unit too. */
  readonly metric: string;
  /** Seconds since the start of the program, and the figure, oldest first. */
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

export const MARK_ACTS = ['pin', 'release', 'undo', 'pages', 'pages-back'] as const;

/** Something that was done to the program. */
export interface CourseMark {
  /** Seconds since the start of the program: begun, and done. */
  readonly seconds: number;
  readonly until: number;
  readonly act: (typeof MARK_ACTS)[number];
  /** "worker × 24 to cpu 0". */
  readonly what: string;
}

export interface Course {
  /** When it was last seen, since its start. */
  readonly seconds: number;
  readonly series: readonly CourseSeries[];
  /** In the order they were done. */
  readonly marks: readonly CourseMark[];
}
