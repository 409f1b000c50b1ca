/** How many of each kind a machine has, in words that claim no more than it says: what the reader made up is not counted. */

import { parseCpuList } from '../text/cpulist.ts';
import { plural } from '../text/format.ts';
import type { Core, Topology } from './topology.ts';

interface Counted {
  readonly cpus: string;
  readonly inferred: boolean;
}

/** "2 sockets"; "3 sockets named" where others are made up or CPUs are in none; "sockets unknown" where all are. */
function countOf({ cpus }: Topology, items: readonly Counted[], word: string): string {
  const named = items.filter((item) => !item.inferred);
  const inside = new Set(named.flatMap((item) => parseCpuList(item.cpus)));
  const whole = named.length === items.length && cpus.every(({ id, online }) => !online || inside.has(id));
  if (!whole && named.length === 0) return `${word}s unknown`;
  return plural(named.length, word) + (whole ? '' : ' named');
}

export const packageWords = (topology: Topology, word = 'socket'): string => countOf(topology, topology.packages, word);
export const coreWords = (topology: Topology): string => countOf(topology, topology.cores, 'core');

/** "core 3"; null for a core without a number, and for none. */
export const coreName = (core: Core | null | undefined): string | null =>
  core?.id === null || core?.id === undefined ? null : `core ${core.id}`;

/** What stands where a host without NUMA, or a container that hides it, has its one made-up node. */
export const NO_NUMA = 'no NUMA reported by this host';

export function nodeWords({ nodes }: Topology, word = 'NUMA node'): string {
  return nodes.length > 0 && nodes.every((node) => node.inferred) ? NO_NUMA : plural(nodes.length, word);
}
