/** What a race had to choose from and what became of each, beside its figures. */

import { pinNodes } from '../program/command.ts';
import type { ProgramPin } from '../../cases/program.ts';
import type { Result, Run } from '../../run/run.ts';
import { formatDuration, formatPercent, nodeWords, plural } from '../../text/format.ts';

/** How far the intervals of the verdict carry, and what they were taken on. */
export function finalWords({ race }: Pick<Run, 'race'>): string | null {
  if (!race?.final || race.final.comparisons.length === 0) return null;
  return `The last ${plural(race.final.rounds, 'round')} are the proof: they chose nobody, and each interval holds at 95 % however often it was looked at.`;
}

type Raced = Pick<Run, 'race' | 'winner' | 'results'>;

/** A file's pins may name what is no list. */
function nodesIn(pin: ProgramPin): number[] {
  try {
    return pinNodes(pin);
  } catch {
    return [];
  }
}

/** How much of its memory lay on the nodes that it was to lie on; null where none was named, all were, or nothing was seen. */
function pagesSeen({ placement, seen }: Result): string | null {
  const [pin, ...others] = placement.kind === 'program' ? placement.pins : [];
  if (!pin || others.length > 0 || (pin.memory ?? '').includes('interleave')) return null;
  const nodes = nodesIn(pin);
  const all = Object.values(seen.nodes).reduce((sum, pages) => sum + pages, 0);
  if (nodes.length === 0 || all === 0) return null;
  const there = nodes.reduce((sum, node) => sum + (seen.nodes[String(node)] ?? 0), 0);
  return `${formatPercent(there / all)} of its pages seen on ${nodeWords(nodes)}`;
}

function fate({ race, winner, results }: Raced, at: number): string {
  const out = race?.candidates[at]?.out ?? null;
  const end =
    out !== null
      ? `out: ${out}`
      : winner === at
        ? 'winner'
        : race?.final
          ? 'in the final'
          : 'not out when the race ended';
  const pages = results[at] ? pagesSeen(results[at]) : null;
  return pages === null ? end : `${end}; ${pages}`;
}

/** A candidate each: its name, what it does, what became of it. */
export function candidateRows(run: Raced): { name: string; why: string; fate: string }[] {
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
export function raceLines(run: Raced): string[] {
  const proof = finalWords(run);
  return [
    ...(proof === null ? [] : [proof]),
    ...raceNotes(run),
    'Candidates',
    ...candidateRows(run).map(({ name, why, fate: end }) => `  ${name}: ${why} (${end})`),
  ];
}
