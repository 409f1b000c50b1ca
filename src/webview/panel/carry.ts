/** Owns the panel while a token is carried: where it is held, and how far that is from the other end. */

import { relate } from '../../model/relation.ts';
import type { Topology } from '../../model/topology.ts';
import type { Placement, Role } from '../../model/workload.ts';
import { el } from '../dom.ts';
import { targetWords } from '../parse.ts';
import { section, table, verdict } from './pieces.ts';

const otherEnd = (role: Role): Exclude<Role, 'memory'> => (role === 'consumer' ? 'producer' : 'consumer');

/** How many CPUs lie at each kind of distance, nearest first as they are met from the inside out. */
function classes(topology: Topology, from: number): [words: string, cpus: number][] {
  const counts = new Map<string, number>();
  for (const cpu of topology.cpus) {
    if (!cpu.online || !cpu.allowed || cpu.id === from) continue;
    const { words } = relate(topology, from, cpu.id);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => a[1] - b[1]);
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
  const sentence = over === null ? words(letter) : `${where}: ${relate(topology, from, over).words} from ${letter}`;
  const rows = classes(topology, from).map(([name, count]) => [name, 'not measured', String(count)]);
  const columns = [{ name: `one way from ${letter}` }, { name: 'ns', num: true }, { name: 'CPUs', num: true }];
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
