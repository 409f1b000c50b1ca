/** What a race had to choose from and what became of each, beside its figures. */

import type { Run } from '../../run/run.ts';
import { formatDuration, plural } from '../../text/format.ts';

/** How far the intervals of the verdict carry, and what they were taken on. */
export function finalWords({ race }: Pick<Run, 'race'>): string | null {
  if (!race?.final || race.final.comparisons.length === 0) return null;
  return `The last ${plural(race.final.rounds, 'round')} are the proof: they chose nobody, and each interval holds at 95 % however often it was looked at.`;
}

/** "After 3 rounds, behind the better half", in place of what a reader would have to work out. */
function fate({ race, winner }: Pick<Run, 'race' | 'winner'>, at: number): string {
  const out = race?.candidates[at]?.out ?? null;
  if (out !== null) return `out: ${out}`;
  return winner === at ? 'winner' : 'in the final';
}

/** A candidate each: its name, what it does, what became of it. */
export function candidateRows(run: Pick<Run, 'race' | 'winner'>): { name: string; why: string; fate: string }[] {
  return (run.race?.candidates ?? []).map(({ name, why }, at) => ({ name, why, fate: fate(run, at) }));
}

/** Sentences on what was left out and how it was run. */
export function raceNotes({ race }: Pick<Run, 'race'>): string[] {
  if (!race) return [];
  const { leftOut, window } = race;
  return [
    ...(leftOut.length === 0 ? [] : [`Left out to stay within the time: ${leftOut.join(', ')}.`]),
    ...(window
      ? [
          `The program was started anew for each window: ${formatDuration(window.windowMs)} counted, after ${formatDuration(window.settleMs)}.`,
        ]
      : []),
  ];
}

/** For the terminal. */
export function raceLines(run: Pick<Run, 'race' | 'winner'>): string[] {
  const proof = finalWords(run);
  return [
    ...(proof === null ? [] : [proof]),
    ...raceNotes(run),
    'Candidates',
    ...candidateRows(run).map(({ name, why, fate: end }) => `  ${name}: ${why} (${end})`),
  ];
}
