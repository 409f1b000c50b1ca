/** Who takes part in a race: of the placements that this machine makes possible, those with the best chance, or those that were named. */

import type { ProgramPin } from '../../cases/program.ts';
import { PinboardError } from '../../problem.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { clean } from '../../text/clean.ts';
import type { Topology } from '../../topology/topology.ts';
import { kindsOn } from './kinds.ts';
import type { Kind, Raced } from './kinds.ts';
import { usableCpus } from './parts.ts';

export type Candidate = Omit<Kind, 'rank'>;

/** More have to be named. */
const USUAL = 12;
const MOST = 24;

export const UNPINNED: Candidate = {
  name: 'unpinned',
  why: 'No placement: the scheduler moves the threads, and pages lie where they are first touched.',
  pins: [],
  before: [],
};

/** What it comes to, whatever it is called. */
const keyOf = ({ pins, before }: Candidate): string =>
  JSON.stringify([
    before,
    pins.map(({ name, cpus, node, memory }) => [pins.length > 1 ? name : '', cpus, node, memory]),
  ]);

/** All that the machine makes possible, `unpinned` first, then those with the best chance; no two alike. */
export function allCandidates(topology: Topology, raced: Raced): Candidate[] {
  const all = formatCpuList(usableCpus(topology));
  const changesNothing = ({ cpus, node, memory }: ProgramPin): boolean =>
    cpus === all && node === null && memory === undefined;
  const ranked = kindsOn(topology, raced)
    .filter(({ pins }) => !pins.some(changesNothing))
    .sort((a, b) => a.rank - b.rank);
  const byKey = new Map<string, Candidate>();
  for (const one of [UNPINNED, ...ranked]) if (!byKey.has(keyOf(one))) byKey.set(keyOf(one), one);
  return [...byKey.values()];
}

/** A placement of the user's own; its name is the candidate's. */
export function ownCandidate({ name, ...placed }: ProgramPin, program: string): Candidate {
  return { name, why: 'Your own placement.', pins: [{ name: program, ...placed }], before: [] };
}

const candidateLines = (all: readonly Candidate[]): string[] => all.map(({ name, why }) => `${name}: ${why}`);

/**
 * @param names null: those with the best chance.
 * @param own beside them.
 * @throws PinboardError `usage`, with the list of what there is.
 */
export function chooseCandidates(
  all: readonly Candidate[],
  names: readonly string[] | null,
  own: readonly Candidate[],
): Candidate[] {
  const named = names?.map((name) => {
    const found = all.find((one) => one.name === name);
    if (found) return found;
    const list = candidateLines(all).join('\n');
    throw new PinboardError('usage', `There is no candidate "${clean(name, 60)}" here.`, `There are:\n${list}`);
  });
  const rivals = [...own, ...(named ?? all.slice(0, USUAL - own.length))].filter(({ name }) => name !== UNPINNED.name);
  const twice = rivals.find(({ name }, at) => rivals.findIndex((other) => other.name === name) !== at);
  if (twice) throw new PinboardError('usage', `Two candidates are called "${clean(twice.name, 60)}".`);
  if (rivals.length >= MOST)
    throw new PinboardError('usage', `${rivals.length} candidates are named; a race takes at most ${MOST - 1}.`);
  if (rivals.length === 0)
    throw new PinboardError(
      'unsupported',
      'There is nothing to race: this machine offers no placement other than leaving the program alone.',
      'Name placements of your own with --also NAME=CPULIST[@MEMORY].',
    );
  return [UNPINNED, ...rivals];
}
