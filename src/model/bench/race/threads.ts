/** Threads of a program by their names, put on nodes: each name on one, the busy ones apart. */

import type { NodePart } from './parts.ts';

export interface NamedThreads {
  /** As the kernel has it (`comm`). */
  readonly name: string;
  /** Of all threads of the name. */
  readonly cpuSeconds: number;
}

/** Of the CPU time; threads below it are none that a placement is made for. */
const NOTABLE = 0.05;
/** More names are no pools that someone named, but a thread each. */
const MOST_NAMES = 8;

/** Whether a pin can name it: a `*` would be a pattern. */
const canBePinned = (name: string): boolean => name !== '' && !/[*?[\]\\=@]/.test(name);

/** The busiest name first, each on the node that has the least to do; empty where there are no two names or no two nodes. */
export function byNode(
  nodes: readonly NodePart[],
  threads: readonly NamedThreads[],
): { readonly name: string; readonly node: NodePart }[] {
  const all = threads.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const busy = threads
    .filter(({ name, cpuSeconds }) => canBePinned(name) && cpuSeconds > NOTABLE * all)
    .sort((a, b) => b.cpuSeconds - a.cpuSeconds);
  if (busy.length < 2 || busy.length > MOST_NAMES || nodes.length < 2) return [];
  const load = new Map(nodes.map((node) => [node, 0]));
  return busy.flatMap(({ name, cpuSeconds }) => {
    const [least] = [...load].sort(([, a], [, b]) => a - b);
    if (!least) return [];
    const [node, before] = least;
    load.set(node, before + cpuSeconds);
    return [{ name, node }];
  });
}
