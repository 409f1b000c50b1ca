/** What a check finds: a `Finding` as everywhere, with how bad it is, how sure that is, and the commands that put it right and back. */

import type { Finding } from '../../run/finding.ts';
import type { Unavailable } from '../../run/run.ts';

export const TOPICS = {
  memory: 'Memory',
  cpus: 'CPUs',
  kernel: 'Kernel settings',
  devices: 'Devices',
  processes: 'Processes',
} as const;

export type Topic = keyof typeof TOPICS;

/** `low` is a note: worth knowing, and no fault. Notes never make a host a sick one. */
export type Severity = 'high' | 'medium' | 'low';

export interface Where {
  readonly nodes: readonly number[];
  readonly cpus: readonly number[];
  readonly pids: readonly number[];
}

/** What a check says; who it is from, `examine` adds. */
export interface Told {
  readonly severity: Severity;
  /** That it is so, and that it is a fault: 0 … 1. Below 1 wherever a purpose that nobody can read might lie behind it. */
  readonly confidence: number;
  readonly sentence: string;
  /** Figures with their units and where they are from. */
  readonly evidence: readonly string[];
  readonly cause: string;
  /** What to do in words; null where nothing follows. */
  readonly advice: string | null;
  /** Commands as they are typed on the host; a line that begins with # is for the reader. */
  readonly remedy?: readonly string[];
  /** Commands that put back what was there before the remedy. */
  readonly undo?: readonly string[];
  readonly where?: Partial<Where>;
}

/** What a measurement of this very machine says the remedy can bring at most; never estimated. */
export interface Gain {
  readonly sentence: string;
  readonly interval: readonly [low: number, high: number];
}

export interface DoctorFinding extends Finding<string> {
  readonly topic: Topic;
  readonly severity: Severity;
  readonly confidence: number;
  readonly cause: string;
  readonly remedy: readonly string[];
  readonly undo: readonly string[];
  readonly where: Where;
  readonly gain: Gain | null;
}

/** What was found, nothing (an empty list), or why it could not be looked at. */
export type Outcome = readonly Told[] | Unavailable;
