/** What classes are called: by the topology, and where one was split, by what is known of its kinds. */

import { indexTopology } from '../../../topology/relation.ts';
import type { Topology } from '../../../topology/topology.ts';
import type { Pair } from '../../../cases/matrix.ts';

interface Named {
  readonly name: string;
  readonly pairs: readonly Pair[];
}

/** The packages a class lies in where that tells it from its siblings: "within socket 1", else "". */
function where(topology: Topology, pairs: readonly Pair[]): string {
  const { places } = indexTopology(topology);
  const joined = new Set(
    pairs.map(([a, b]) =>
      [a, b]
        .map((cpu) => String(places.get(cpu)?.package?.id))
        .sort()
        .join(' and '),
    ),
  );
  const [only = ''] = joined;
  const [one, two] = only.split(' and ');
  if (joined.size !== 1 || one === undefined || two === undefined) return '';
  return one === two ? `, within socket ${one}` : `, sockets ${only}`;
}

/**
 * @param classes those split from one have one name; the cheapest first.
 * @returns a name for each, no two alike.
 */
export function kindNames(topology: Topology, classes: readonly Named[]): string[] {
  const siblings = new Map<string, number>();
  for (const { name } of classes) siblings.set(name, (siblings.get(name) ?? 0) + 1);
  const full = classes.map(({ name, pairs }) => ((siblings.get(name) ?? 0) > 1 ? name + where(topology, pairs) : name));
  const met = new Map<string, number>();
  return full.map((name) => {
    const count = full.filter((other) => other === name).length;
    if (count === 1) return name;
    const number = (met.get(name) ?? 0) + 1;
    met.set(name, number);
    return `${name}, kind ${String(number)} of ${String(count)}`;
  });
}
