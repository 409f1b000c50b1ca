/**
 * Which of what runs is a block of a plan: that which is called like it, or as its `runsAs` says. A VM goes by the name that its hypervisor
 * was given; a container by its own, its pod's or its ID; pools and processes by their unit or control group, else by the program.
 */

import { toolNames } from '../export/exported.ts';
import type { Placed } from '../place.ts';
import type { Running, RunningKind } from './reality.ts';

const KINDS: Readonly<Record<Placed['block']['kind'], readonly RunningKind[]>> = {
  vm: ['vm'],
  container: ['container', 'unit'],
  pool: ['unit', 'container', 'program'],
  process: ['unit', 'container', 'program'],
  // Threads of other blocks: nothing runs under its name.
  emulator: [],
};

/** The kernel keeps so many characters of a program's name. */
const COMM = 15;

type Named = Pick<Running, 'kind' | 'names'>;

/** By block: what it may be called; what `plan export` writes is called so, too. */
export function namesOf(blocks: readonly Placed[]): ReadonlyMap<Placed, readonly string[]> {
  const exported = toolNames(blocks);
  return new Map(
    blocks.map((placed) => {
      const { name, runsAs } = placed.block;
      if (runsAs !== null) return [placed, [runsAs.replace(/^\/sys\/fs\/cgroup(?=\/)/, '')]];
      const tool = exported.get(placed) ?? name;
      return [placed, [...new Set([name, tool, tool.replaceAll('-', '_')])]];
    }),
  );
}

/** The kinds are tried in turn: a service is rather its unit than all programs of that name. */
export function matching<T extends Named>(placed: Placed, names: readonly string[], of: readonly T[]): T[] {
  for (const kind of KINDS[placed.block.kind]) {
    const called = kind === 'program' ? names.map((name) => name.slice(0, COMM)) : names;
    const found = of.filter((one) => one.kind === kind && one.names.some((name) => called.includes(name)));
    if (found.length > 0) return found;
  }
  return [];
}
