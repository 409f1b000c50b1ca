/** The static memory manager: its hints, and what it binds. Kubernetes 1.34, `pkg/kubelet/cm/memorymanager/policy_static.go`. */

import type { Refusal } from './cpus.ts';
import { bitsOf, hintsFor, narrower } from './hints.ts';
import type { Hint } from './hints.ts';
import type { NodeMemory } from './node.ts';

/** Bytes by resource. */
export type Wanted = Readonly<Record<string, number>>;

const inMask = (memory: readonly NodeMemory[], mask: number): NodeMemory[] =>
  bitsOf(mask).flatMap((bit) => memory[bit] ?? []);

const sumOf = (nodes: readonly NodeMemory[], resource: string, of: 'free' | 'allocatable'): number =>
  nodes.reduce((sum, { tables }) => sum + (tables[resource]?.[of] ?? 0), 0);

const holds = (nodes: readonly NodeMemory[], wanted: Wanted, of: 'free' | 'allocatable'): boolean =>
  Object.entries(wanted).every(([resource, bytes]) => sumOf(nodes, resource, of) >= bytes);

/** Memory of a node is given out alone or together with always the same nodes, never both. */
export function mayGroup(memory: readonly NodeMemory[], mask: number): boolean {
  const nodes = inMask(memory, mask);
  if (nodes.length === 1) return nodes.every(({ cells }) => cells.length <= 1);
  const ids = nodes.map(({ id }) => id);
  return nodes.every(
    ({ assignments, cells }) =>
      assignments === 0 || (cells.length === ids.length && cells.every((id) => ids.includes(id))),
  );
}

/** The same for every kind of memory that is wanted. */
export function memoryHints(memory: readonly NodeMemory[], wanted: Wanted): Hint[] {
  return hintsFor(memory.length, {
    could: (mask) => holds(inMask(memory, mask), wanted, 'allocatable'),
    can: (mask) =>
      holds(inMask(memory, mask), wanted, 'allocatable') &&
      mayGroup(memory, mask) &&
      holds(inMask(memory, mask), wanted, 'free'),
  });
}

/** @param nodes what the topology manager chose; null: any. What the node has left, or why it gives nothing. */
export function bindMemory(
  memory: readonly NodeMemory[],
  wanted: Wanted,
  { nodes, preferred }: Hint,
): { readonly nodes: number; readonly left: readonly NodeMemory[] } | Refusal {
  const unexpected = (why: string): Refusal => ({ reason: 'UnexpectedAdmissionError', why });
  const hints = memoryHints(memory, wanted);
  const best = (among: readonly Hint[]): Hint | undefined =>
    [...among].sort((a, b) => Number(b.preferred) - Number(a.preferred) || narrower(a.nodes ?? 0, b.nodes ?? 0))[0];
  let chosen = nodes;
  if (chosen === null || !holds(inMask(memory, chosen), wanted, 'free')) {
    const least = chosen ?? 0;
    const wider = best(hints.filter((hint) => ((hint.nodes ?? 0) & least) === least));
    if (!wider) return unexpected('no nodes that may be used together have so much free memory');
    if (preferred && !wider.preferred)
      return unexpected('only more nodes than the memory needs have so much of it free');
    chosen = wider.nodes ?? 0;
  }
  const own = inMask(memory, chosen);
  if (own.length > 1 && !mayGroup(memory, chosen))
    return unexpected('memory of these nodes is given out alone or with others already');
  return { nodes: chosen, left: afterwards(memory, chosen, wanted) };
}

/** The first nodes give all they have before the next ones give any. */
function afterwards(memory: readonly NodeMemory[], mask: number, wanted: Wanted): NodeMemory[] {
  const open = new Map(Object.entries(wanted));
  const cells = inMask(memory, mask).map(({ id }) => id);
  return memory.map((node, bit) => {
    if (((mask >>> bit) & 1) === 0) return node;
    const tables = Object.entries(node.tables).map(([resource, table]) => {
      const given = Math.min(table.free, open.get(resource) ?? 0);
      open.set(resource, (open.get(resource) ?? 0) - given);
      return [resource, { ...table, free: table.free - given }] as const;
    });
    return { ...node, assignments: node.assignments + 1, cells, tables: Object.fromEntries(tables) };
  });
}
