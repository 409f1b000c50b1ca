/** How many of each kind a machine has, in words that claim no more than it says: what the reader made up is not counted. */

import { plural } from './format.ts';
import type { Topology } from './topology.ts';

interface Counted {
  readonly inferred: boolean;
}

/** "2 packages"; "3 packages named" where others are made up; "packages unknown" where all are. */
function countOf(items: readonly Counted[], word: string): string {
  const named = items.filter((item) => !item.inferred).length;
  if (items.length > 0 && named === 0) return `${word}s unknown`;
  return plural(named, word) + (named < items.length ? ' named' : '');
}

export const packageWords = ({ packages }: Topology, word = 'package'): string => countOf(packages, word);
export const coreWords = ({ cores }: Topology): string => countOf(cores, 'core');

/** What stands where a host without NUMA, or a container that hides it, has its one made-up node. */
export const NO_NUMA = 'no NUMA told by this host';

export function nodeWords({ nodes }: Topology, word = 'NUMA node'): string {
  return nodes.length > 0 && nodes.every((node) => node.inferred) ? NO_NUMA : plural(nodes.length, word);
}
