/** What dropping a token somewhere costs: as measured between its CPU and the other end, else the class of distance. */

import { formatFigure } from '../../model/text/format.ts';
import { classesFrom, classesTo, originWords } from '../../model/bench/matrix/costs.ts';
import type { CostTable } from '../../model/bench/matrix/costs.ts';
import { NEAR_TO_FAR, relate } from '../../model/topology/relation.ts';
import type { Relation, RelationKind } from '../../model/topology/relation.ts';
import { indexTopology } from '../../model/topology/relation.ts';
import { firstIn, lineEnds, otherSlot } from '../../model/placement/slots.ts';
import { isThread, partnerOf } from '../../model/bench/program/threads.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Slot } from '../../model/placement/slots.ts';
import type { MachineView } from './view.ts';

/** Few classes fill whole sockets: they take the lower, quieter steps. */
const QUIET = [1, 2, 4];
const STEPS = 6;

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

/** What a carried token is held against. */
export interface End {
  /** In a sentence behind "the". */
  readonly name: string;
  /** For a heading: "P", or what a thread is called. */
  readonly short: string;
  readonly cpu: number;
  /** It is the second of the pairs that count: the line of a pair lies on the node of the first. */
  readonly second: boolean;
}

/** What costs depend on. */
export type Ends = Pick<MachineView, 'topology' | 'slots' | 'placement' | 'group' | 'costs'>;

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

const rank = ({ kind, distance }: Relation): number => NEAR_TO_FAR.indexOf(kind) * 1000 + (distance ?? 0);

export const stepsOf = (ranks: readonly number[]): Map<number, number> => {
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
  ends: Ends,
  slot: Slot,
): { readonly from: End; readonly costs: ReadonlyMap<number, Cost>; readonly measured: boolean } | null {
  const from = otherEnd(slot, ends);
  if (!from) return null;
  const { topology, costs: table } = ends;
  const costs = slot.on === 'nodes' ? memoryCostsFrom(topology, from.cpu) : costsFrom(topology, from, table);
  return { from, costs, measured: [...costs.values()].some(({ figure }) => figure !== null) };
}

/** The end a carried token is measured from: ends of a line from each other, memory from the CPU that touches it, a program's thread from its partner. */
export function otherEnd(
  slot: Slot,
  { slots, placement, group }: Pick<Ends, 'slots' | 'placement' | 'group'>,
): End | null {
  if (isThread(slot.name)) {
    const partner = partnerOf(group?.threads ?? [], slot.name);
    return (
      partner && { name: `thread ${partner.name} ${partner.tid}`, short: partner.name, cpu: partner.cpu, second: false }
    );
  }
  const other = otherSlot(slots, slot);
  const cpu = other && firstIn(placement, other.name);
  if (!other || cpu === null) return null;
  return { name: other.spoken, short: other.letter, cpu, second: other.name === lineEnds(slots)?.[1].name };
}

const shortOf = ({ kind, otherNode, distance }: Relation): string =>
  otherNode && distance !== null ? `d${distance}` : SHORT[kind];

/** By CPU; the end itself has none. */
export function costsFrom(topology: Topology, from: End, table: CostTable | null): Map<number, Cost> {
  const relations = topology.cpus
    .filter((cpu) => cpu.online && cpu.allowed && cpu.id !== from.cpu)
    .map((cpu) => [cpu.id, relate(topology, from.cpu, cpu.id)] as const);
  const classes = table && (from.second ? classesTo : classesFrom)(table, from.cpu);
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
