/** What one topic of a guided run's findings is made of. */

import type { Finding } from '../../../run/finding.ts';
import type { Result } from '../../../run/run.ts';
import type { Topology } from '../../../topology/topology.ts';
import type { MeasuredPair, Taken } from '../compare.ts';

/** What a guided run measured. */
export interface Guided {
  readonly topology: Topology;
  readonly results: readonly Result[];
  /** Nearest first. */
  readonly pairs: readonly MeasuredPair[];
  /** The one that the others are held against; null where every pair crosses nodes. */
  readonly near: MeasuredPair | null;
}

/** A comparison before it is made. */
export interface Question {
  readonly id: string;
  readonly of: Taken;
  readonly against: Taken;
  /** What changes, up to "throughput changes by …": "Across sockets". */
  readonly change: string;
  /** What it is held against, behind "against". */
  readonly base: string;
  /** What to do where the first is better, and where the second is; null: nothing. */
  readonly better: string | null;
  readonly worse: string | null;
}

/** A finding before it stands under its topic. */
export type Statement = Omit<Finding, 'topic' | 'heading'>;

export interface Asked {
  /** Of all topics: their intervals hold together. */
  readonly questions: readonly Question[];
  /** Empty where none of the questions has rounds enough. */
  readonly answers: readonly Finding[];
}

export interface FindingMaker {
  readonly topic: string;
  readonly heading: string;
  readonly questions?: (guided: Guided) => readonly Question[];
  /** What follows from all answers, or from the machine. */
  readonly conclude?: (guided: Guided, asked: Asked) => readonly Statement[];
}

/** @returns none where a side was not measured. */
export function ask(of: Taken | null, against: Taken | null, rest: Omit<Question, 'of' | 'against'>): Question[] {
  return of && against ? [{ of, against, ...rest }] : [];
}

/** Throughput, then round trips. */
export const METRICS = [
  { latency: false, what: 'throughput' },
  { latency: true, what: 'latency' },
] as const;
