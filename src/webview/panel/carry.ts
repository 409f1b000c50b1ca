/** Owns the panel while a token is carried: where it is held, and how far that is from the other end. */

import { refusal } from '../../model/placement.ts';
import { relate } from '../../model/relation.ts';
import type { Relation, RelationKind } from '../../model/relation.ts';
import type { Topology } from '../../model/topology.ts';
import type { Placement, Role } from '../../model/workload.ts';
import { el } from '../dom.ts';
import { targetWords } from '../parse.ts';
import { section, table, verdict } from './pieces.ts';

const otherEnd = (role: Role): Exclude<Role, 'memory'> => (role === 'consumer' ? 'producer' : 'consumer');

const NEAREST: readonly RelationKind[] = [
  'same-cpu',
  'sibling',
  'same-l2',
  'same-l3',
  'same-die',
  'same-package',
  'unknown',
  'other-package',
];

/** How many CPUs lie at each kind of distance, nearest first. */
function classes(topology: Topology, from: number): [words: string, cpus: number][] {
  const found = new Map<string, { relation: Relation; cpus: number }>();
  for (const cpu of topology.cpus) {
    if (!cpu.online || !cpu.allowed || cpu.id === from) continue;
    const relation = relate(topology, from, cpu.id);
    found.set(relation.words, { relation, cpus: (found.get(relation.words)?.cpus ?? 0) + 1 });
  }
  const far = ({ kind, distance }: Relation): number => NEAREST.indexOf(kind) * 1000 + (distance ?? 0);
  return [...found.values()]
    .sort((one, two) => far(one.relation) - far(two.relation))
    .map(({ relation, cpus }) => [relation.words, cpus]);
}

export function carrying(topology: Topology, placement: Placement, role: Role, over: number | null): HTMLElement[] {
  const from = role === 'memory' ? placement.producer : placement[otherEnd(role)];
  const letter = role === 'consumer' || role === 'memory' ? 'P' : 'C';
  const where = over === null ? `Carrying the ${role}` : targetWords(role, over);
  if (role === 'memory' || from === null) {
    const words =
      role === 'memory' ? 'Drop it on a node: the ring lies there.' : 'Drop it on a CPU: the thread is pinned there.';
    return [section(null, el('div.in', {}, verdict(`Carrying the ${role}`, over === null ? words : where)))];
  }
  const no = over === null ? null : refusal(topology, role, over);
  const sentence = no
    ? no.message
    : over === null
      ? words(letter)
      : `${letter} to ${where}: ${relate(topology, from, over).words}`;
  const rows = classes(topology, from).map(([name, count]) => [name, String(count)]);
  const columns = [{ name: `from ${letter}; ns not measured yet` }, { name: 'CPUs', num: true }];
  return [
    section(
      null,
      el(
        'div.in',
        {},
        verdict(`Carrying the ${role}`, sentence),
        table(`Distance from ${letter}`, columns, rows),
        el(
          'div.hint',
          {},
          'Cells name what they share with the other end. Hatched CPUs are outside the allowed cpuset.',
        ),
      ),
    ),
  ];
}

const words = (letter: string): string => `Drop it, near ${letter} or far`;
