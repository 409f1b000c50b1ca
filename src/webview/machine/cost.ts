/** What dropping a token somewhere costs: as measured between its CPU and the other end, else the class of distance. */

import { formatFigure } from '../../model/format.ts';
import { classesFrom, classesTo, originWords } from '../../model/matrix/costs.ts';
import type { CostTable } from '../../model/matrix/costs.ts';
import { relate } from '../../model/relation.ts';
import type { Relation, RelationKind } from '../../model/relation.ts';
import { indexTopology } from '../../model/relation.ts';
import { isThread } from '../../model/threads.ts';
import type { Topology } from '../../model/topology.ts';
import type { Placement, Role, Token } from '../../model/workload.ts';

/** Few classes fill whole sockets: they take the lower, quieter steps. */
const QUIET = [1, 2, 4];
const STEPS = 6;

const NEAREST: readonly RelationKind[] = [
  'same-cpu',
  'sibling',
  'same-l2',
  'same-l3',
  'same-die',
  'same-package',
  'unknown',
  'other-package',
];

/** What stands in a cell, at most four letters. */
const SHORT: Readonly<Record<RelationKind, string>> = {
  'same-cpu': 'self',
  sibling: 'core',
  'same-l2': 'L2',
  'same-l3': 'L3',
  'same-die': 'die',
  'same-package': 'pkg',
  unknown: 'far',
  'other-package': 'far',
};

interface End {
  readonly role: Role;
  readonly cpu: number;
}

export interface Cost {
  readonly step: number;
  /** For the cell. */
  readonly short: string;
  /** For the pop-over and for speech: what it shares with the other end. */
  readonly words: string;
  /** "112 ns one way, measured"; null where it was not. */
  readonly figure: string | null;
}

/** As it stands in the cell; null where it was not measured. */
export const nsOf = ({ short, figure }: Cost): string | null => (figure === null ? null : short);

const rank = ({ kind, distance }: Relation): number => NEAREST.indexOf(kind) * 1000 + (distance ?? 0);

const stepsOf = (ranks: readonly number[]): Map<number, number> => {
  const known = [...new Set(ranks)].sort((a, b) => a - b);
  const quiet = known.length <= QUIET.length;
  return new Map(known.map((one, i) => [one, quiet ? (QUIET[i] ?? STEPS) : Math.min(STEPS, i + 1)]));
};

/** The kinds of target there are, nearest first: what each colour of the board means while a token is carried. */
export function costClasses(costs: ReadonlyMap<number, Cost>): Cost[] {
  const found = new Map([...costs.values()].map((cost) => [`${cost.step} ${cost.short}`, cost]));
  return [...found.values()].sort((a, b) => a.step - b.step);
}

/** What a carried token is held against, and what each target costs from there; null where nothing stands yet. */
export function carriedCosts(
  topology: Topology,
  placement: Placement,
  role: Token,
  table: CostTable | null,
): { readonly from: Role; readonly costs: ReadonlyMap<number, Cost>; readonly measured: boolean } | null {
  const from = otherEnd(role, placement);
  if (!from) return null;
  const costs = role === 'memory' ? memoryCostsFrom(topology, from.cpu) : costsFrom(topology, from, table);
  return { from: from.role, costs, measured: [...costs.values()].some(({ figure }) => figure !== null) };
}

/** The end a carried token is measured from: memory from the producer, each thread from the other. */
export function otherEnd(role: Token, placement: Placement): End | null {
  // A program's threads are not those that were measured.
  if (isThread(role)) return null;
  const other = role === 'producer' ? 'consumer' : 'producer';
  const cpu = placement[other];
  return cpu === null ? null : { role: other, cpu };
}

const shortOf = ({ kind, otherNode, distance }: Relation): string =>
  otherNode && distance !== null ? `d${distance}` : SHORT[kind];

/** By CPU; the end itself has none. */
export function costsFrom(topology: Topology, from: End, table: CostTable | null): Map<number, Cost> {
  const relations = topology.cpus
    .filter((cpu) => cpu.online && cpu.allowed && cpu.id !== from.cpu)
    .map((cpu) => [cpu.id, relate(topology, from.cpu, cpu.id)] as const);
  // The line lies on the producer's node: its end of a pair is the first.
  const classes = table && (from.role === 'producer' ? classesFrom : classesTo)(table, from.cpu);
  if (table && classes && classes.size > 0) {
    const steps = stepsOf([...classes.values()]);
    const origin = originWords(table);
    return new Map(
      relations.map(([id, relation]): [number, Cost] => {
        const at = classes.get(id);
        const ns = at === undefined ? null : (table.classes[at]?.median ?? null);
        const words = relation.words;
        if (at === undefined || ns === null) return [id, { step: 0, short: shortOf(relation), words, figure: null }];
        const short = formatFigure(ns);
        return [id, { step: steps.get(at) ?? 0, short, words, figure: `${short} ns one way, ${origin}` }];
      }),
    );
  }
  const steps = stepsOf(relations.map(([, relation]) => rank(relation)));
  return new Map(
    relations.map(([id, relation]) => {
      const step = steps.get(rank(relation)) ?? 0;
      return [id, { step, short: shortOf(relation), words: relation.words, figure: null }];
    }),
  );
}

/** By node: how far its memory is from the CPU. */
export function memoryCostsFrom(topology: Topology, cpu: number): Map<number, Cost> {
  const own = indexTopology(topology).places.get(cpu)?.node;
  const distances = topology.nodes.flatMap((node) => {
    const distance = own?.distances[String(node.id)];
    return distance === undefined ? [] : [[node.id, distance] as const];
  });
  const steps = stepsOf(distances.map(([, distance]) => distance));
  return new Map(
    distances.map(([id, distance]) => {
      const words = id === own?.id ? 'local' : `distance ${distance}`;
      return [id, { step: steps.get(distance) ?? 0, short: words, words, figure: null }];
    }),
  );
}
