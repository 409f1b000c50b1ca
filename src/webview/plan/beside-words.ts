/** Owns how a look at a plan's host is put into words: a block's line, what is said aloud, how long ago it was. */

import type { SeenBeside } from '../../model/plan/drift/beside.ts';
import { INTRUDER } from '../../model/plan/drift/checks/intruders.ts';
import { ABSENT } from '../../model/plan/drift/drift.ts';
import type { Severity } from '../../model/plan/problem.ts';

export interface BlockLine {
  readonly sign: Severity | 'kept';
  readonly words: string;
}

/** How it is with a block; null: nothing was seen of it yet, or nothing runs under its name. */
export function blockLine({ blocks, diagnosis }: SeenBeside, name: string): BlockLine | null {
  const block = blocks.find((one) => one.name === name);
  if (!block) return null;
  const { standing, drifts, runs, unread } = block;
  const found = drifts.flatMap((at) => diagnosis.findings[at] ?? []);
  const [first] = found;
  const more = found.length > 1 ? ` And ${found.length - 1} more.` : '';
  if (standing === 'drifted' && first)
    return { sign: first.severity === 'high' ? 'error' : 'warning', words: `Drifted: ${first.sentence}${more}` };
  if (standing === 'absent') {
    const why = found.find(({ id }) => id === ABSENT);
    return { sign: 'error', words: `Not running here: ${why?.evidence[0] ?? 'nothing is called so'}.` };
  }
  if (standing === 'unread') return { sign: 'note', words: `Unavailable: ${unread.join('; ')}` };
  // Others on its CPUs are no drift of its own.
  if (first) return { sign: 'warning', words: `Runs as planned, but ${first.sentence}${more}` };
  return { sign: 'kept', words: `Runs as planned: ${runs.join(', ')}` };
}

/** A block's own drifts, by what they are: their figures change with every look, and so does who else is on its CPUs. */
const driftsOf = ({ blocks, diagnosis }: SeenBeside): ReadonlyMap<string, string> =>
  new Map(
    blocks.flatMap(({ name, drifts }) =>
      drifts.flatMap((at) => {
        const { id = INTRUDER, sentence = '' } = diagnosis.findings[at] ?? {};
        return id === INTRUDER ? [] : [[`${name} ${id}`, sentence] as const];
      }),
    ),
  );

/** What is said aloud of a look: nothing where each block stands as before and has no other drift; else the sum, and what is new. */
export function newsOf(before: SeenBeside | null, now: SeenBeside): string {
  const standings = (of: SeenBeside | null): string =>
    JSON.stringify(of?.blocks.map(({ name, standing }) => [name, standing]));
  const known = before && driftsOf(before);
  const fresh = [...driftsOf(now)].flatMap(([key, sentence]) => (known?.has(key) ? [] : [sentence]));
  if (fresh.length === 0 && standings(before) === standings(now)) return '';
  return [now.diagnosis.sentence, ...fresh.slice(0, 3)].join(' ');
}

export function ageWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120 ? `Seen ${seconds} s ago.` : `Seen ${Math.round(seconds / 60)} min ago.`;
}
