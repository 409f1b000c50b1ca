/** What one leaves and enters on the way from one CPU to another, outermost first: said when keys move over the machine. */

import { coreName } from './counts.ts';
import { formatRange } from '../text/format.ts';
import { indexTopology } from './relation.ts';
import type { Cache, Topology } from './topology.ts';

export type Border = 'none' | 'core' | 'cache' | 'die' | 'node' | 'package';

export interface BorderCrossed {
  /** The outermost border on the way. */
  readonly border: Border;
  /** What lies behind it: "package 1, node 1"; "" for none. */
  readonly words: string;
}

type Place = NonNullable<ReturnType<ReturnType<typeof indexTopology>['places']['get']>>;

/** The outermost cache that cores share. */
function shared({ caches, core }: Place): Cache | null {
  const level = Math.max(...caches.keys());
  const cache = caches.get(level) ?? null;
  return cache && cache.cpus !== core?.cpus ? cache : null;
}

export function borderBetween(topology: Topology, from: number, to: number): BorderCrossed {
  const { places } = indexTopology(topology);
  const [a, b] = [places.get(from), places.get(to)];
  if (!a || !b || a === b) return { border: 'none', words: '' };
  const packages = a.package !== b.package;
  const nodes = a.node !== b.node;
  if (packages || nodes) {
    const parts = [packages && b.package ? `socket ${b.package.id}` : '', b.node ? `node ${b.node.id}` : ''];
    const words = parts.filter((part) => part !== '').join(', ');
    return { border: packages ? 'package' : 'node', words: words === '' ? 'place unknown' : words };
  }
  if (a.die !== b.die && b.die) return { border: 'die', words: `die ${b.die.id}` };
  const cache = shared(b);
  if (cache && shared(a) !== cache)
    return { border: 'cache', words: `L${cache.level} of CPUs ${formatRange(cache.cpus)}` };
  return a.core !== b.core && b.core
    ? { border: 'core', words: coreName(b.core) ?? 'another core' }
    : { border: 'none', words: '' };
}
