/**
 * Something found out about a machine, a run or a plan: one sentence, what it rests on, and what to do about it. Worked out anew
 * wherever it is shown, so that a file and its sentences cannot disagree.
 */

import type { Comparison } from './run.ts';

/** How far what it rests on carries the sentence; faces mark it with the sign, the tone or the word. */
export const FINDING_KINDS = {
  shown: { sign: '✓', tone: 'ok', word: null },
  'no-difference': { sign: '=', tone: 'info', word: 'Not shown' },
  /** There may be a difference, and its figure cannot be told. */
  noisy: { sign: '!', tone: 'warn', word: 'Noisy' },
  'cannot-be-answered': { sign: '-', tone: 'no', word: 'Not answered' },
  /** Something is wrong with the host, and something is worth knowing of it (model/doctor). */
  fault: { sign: '!', tone: 'warn', word: 'Fault' },
  note: { sign: 'i', tone: 'info', word: 'Note' },
} as const;

export type FindingKind = keyof typeof FINDING_KINDS;

/** @typeParam Evidence what the sentence rests on: comparisons of a run's results, unless said otherwise. */
export interface Finding<Evidence = Comparison> {
  /** The same wherever the same thing is found. */
  readonly id: string;
  readonly topic: string;
  /** Of the topic, for people. */
  readonly heading: string;
  readonly kind: FindingKind;
  readonly sentence: string;
  /** What to do about it; null where nothing follows, as from any time of an emulated host. */
  readonly advice: string | null;
  readonly evidence: readonly Evidence[];
}

/** Under their headings, in the order they come. */
export function byHeading(findings: readonly Finding<unknown>[]): Map<string, Finding<unknown>[]> {
  const found = new Map<string, Finding<unknown>[]>();
  for (const finding of findings) found.set(finding.heading, [...(found.get(finding.heading) ?? []), finding]);
  return found;
}

/** For a terminal. */
export function findingLines(findings: readonly Finding<unknown>[]): string[] {
  return [...byHeading(findings)].flatMap(([heading, own]) => [
    heading,
    ...own.flatMap(({ kind, sentence, advice }) => [
      `  ${FINDING_KINDS[kind].sign} ${sentence}`,
      ...(advice === null ? [] : [`    ${advice}`]),
    ]),
  ]);
}
