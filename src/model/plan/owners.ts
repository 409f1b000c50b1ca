/** Which blocks have a CPU, emulator cores aside. */

import type { Placed } from './place.ts';

/** More blocks on one CPU than anybody has to be told of. */
const MOST_NAMED = 8;

export type Owners = ReadonlyMap<number, readonly Placed[]>;

export function ownersOf(blocks: readonly Placed[]): Owners {
  const owners = new Map<number, Placed[]>();
  for (const placed of blocks) {
    if (placed.block.kind === 'emulator') continue;
    for (const cpu of placed.cpus) {
      const here = owners.get(cpu);
      if (!here) owners.set(cpu, [placed]);
      else if (here.length < MOST_NAMED) here.push(placed);
    }
  }
  return owners;
}

/** Blocks that have one of these CPUs, in the order of the file, and which of the CPUs they are. */
export function ownersAmong(owners: Owners, cpus: readonly number[]): { names: string[]; cpus: number[] } {
  const shared = cpus.filter((cpu) => owners.has(cpu));
  const found = new Set(shared.flatMap((cpu) => owners.get(cpu) ?? []));
  return { names: [...found].toSorted((a, b) => a.index - b.index).map(({ block }) => block.name), cpus: shared };
}
