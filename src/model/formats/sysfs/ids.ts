/** Sets of ids, and the little arithmetic the readers need. */

import { formatCpuList } from '../../text/cpulist.ts';

export type Ids = ReadonlySet<number>;

/** Set intersection, for engines older than ES2025's own. */
export function both(a: Ids, b: Ids): Set<number> {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  return new Set([...small].filter((id) => large.has(id)));
}

export function without(a: Ids, b: Ids): Set<number> {
  return new Set([...a].filter((id) => !b.has(id)));
}

/** As a kernel list. */
export const list = (ids: Iterable<number>): string => formatCpuList(ids);
