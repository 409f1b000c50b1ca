/** Disjoint groups out of what each CPU claims about itself, whatever the claims are. */

import { list } from './ids.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';

export interface Partition {
  /** Disjoint, in the order of their lowest CPU. */
  readonly groups: readonly Ids[];
  /** CPUs that claim nothing. */
  readonly silent: Ids;
}

/**
 * Puts together the CPUs of `online` that report the same set. A CPU that is missing from its own set, or named by one
 * that does not name it back, is contradictory: it is placed only with those that report the very same set, and a
 * warning says so in terms of `what` ("core", "L2 cache" …).
 */
export function partition(source: Source, online: Ids, what: string, claim: (cpu: number) => Ids | null): Partition {
  const groups: Ids[] = [];
  const silent = new Set<number>();
  const placed = new Set<number>();
  const doubtful = new Set<number>();
  // CPUs share the object of their set, so its key is made once a set and not once a CPU.
  const keys = new Map<Ids, string>();
  const keyOf = (set: Ids): string => {
    const key = keys.get(set) ?? list([...set].filter((id) => online.has(id)));
    keys.set(set, key);
    return key;
  };
  for (const cpu of [...online].sort((a, b) => a - b)) {
    if (placed.has(cpu)) continue;
    const set = claim(cpu);
    if (!set || set.size === 0) {
      silent.add(cpu);
      continue;
    }
    const key = keyOf(set);
    const group = new Set<number>([cpu]);
    for (const other of set) {
      if (other === cpu || !online.has(other)) continue;
      const theirs = claim(other);
      if (theirs && !placed.has(other) && keyOf(theirs) === key && set.has(cpu)) group.add(other);
      else doubtful.add(cpu);
    }
    if (!set.has(cpu)) doubtful.add(cpu);
    for (const member of group) placed.add(member);
    groups.push(group);
  }
  if (doubtful.size > 0) {
    source.warn(
      `What CPUs ${list(doubtful)} say about sharing a ${what} contradicts what others say; each was placed only with CPUs that report the same set.`,
    );
  }
  return { groups, silent };
}
