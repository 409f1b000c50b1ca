/** From what is placed to what is measured: the cases of a run, what it is held against, and the question it answers. */

import { formatPair } from './format.ts';
import { memoryNode, refusal } from './placement.ts';
import { indexTopology, relate } from './relation.ts';
import type { RelationKind } from './relation.ts';
import type { RunRecord } from './board.ts';
import type { Topology } from './topology.ts';
import type { Placement, SpscCase, Workload } from './workload.ts';

export interface Plan {
  /** First what is placed, then what it is held against. */
  readonly cases: readonly SpscCase[];
  readonly labels: readonly string[];
  readonly question: string;
}

/** Whether a run's case came from `bench spsc` and can be a baseline for the board. */
export function isSpscCase(placement: object): placement is SpscCase {
  return 'producer' in placement && 'consumer' in placement && 'capacity' in placement;
}

/** "P#0 → P#18", with what tells it from a plain one: "not pinned", "memory 1". */
export function caseLabel(one: SpscCase): string {
  if (!one.pin) return 'not pinned';
  const memory = typeof one.memory === 'number' ? '' : one.memory === 'producer' ? '' : `, memory ${one.memory}`;
  return formatPair(one.producer, one.consumer) + memory;
}

/** Nearest first: what a queue across a gap is fairly held against, without the special case of one shared core. */
const NEIGHBOURS: readonly RelationKind[] = ['same-l3', 'same-package', 'same-l2', 'unknown'];
const WITHIN_PACKAGE: readonly RelationKind[] = ['sibling', 'same-l2', 'same-l3', 'same-package'];

function nearNeighbour(topology: Topology, producer: number, consumer: number): number | null {
  for (const kind of NEIGHBOURS) {
    for (const cpu of indexTopology(topology).places.keys()) {
      const relation = relate(topology, producer, cpu);
      const usable = cpu !== producer && cpu !== consumer && refusal(topology, 'consumer', cpu) === null;
      if (usable && relation.kind === kind && !relation.otherNode) return cpu;
    }
  }
  return null;
}

function automaticBaseline(topology: Topology, placed: SpscCase): SpscCase {
  const near = relate(topology, placed.producer, placed.consumer);
  const crosses = near.otherNode || !WITHIN_PACKAGE.includes(near.kind);
  const neighbour = crosses && near.kind !== 'same-cpu' ? nearNeighbour(topology, placed.producer, placed.consumer) : null;
  return neighbour === null ? { ...placed, pin: false } : { ...placed, consumer: neighbour };
}

/**
 * @param baseline the run chosen as baseline, or null: a near neighbour of the producer, or (where the consumer is
 * near already) the same two threads not pinned.
 */
export function plan(
  topology: Topology,
  placement: Placement,
  workload: Workload,
  baseline: RunRecord | null,
): Plan | { readonly why: string } {
  const { producer, consumer } = placement;
  if (producer === null && consumer === null) return { why: 'Place a producer and a consumer first.' };
  if (producer === null) return { why: 'Place a producer first.' };
  if (consumer === null) return { why: 'Place a consumer first.' };
  if (producer === consumer) return { why: 'Producer and consumer sit on the same CPU: they would only take turns.' };
  const placed: SpscCase = {
    producer,
    consumer,
    memory: memoryNode(topology, placement) ?? 'producer',
    pin: true,
    padding: workload.padding,
    capacity: workload.capacity,
    batch: workload.batch,
    pages: workload.pages,
  };
  const chosen = baseline?.results[0]?.placement;
  const against = chosen && isSpscCase(chosen) ? chosen : automaticBaseline(topology, placed);
  const same = JSON.stringify(against) === JSON.stringify(placed);
  const cases = same ? [placed] : [placed, against];
  return { cases, labels: labelsOf(cases), question: questionOf(topology, cases, workload.latency) };
}

function labelsOf(cases: readonly SpscCase[]): string[] {
  const labels = cases.map(caseLabel);
  const [one, two] = cases;
  if (!one || !two) return labels;
  if (!two.pin && one.pin) return ['pinned', 'not pinned'];
  // The same pair twice differs in something else: say in what.
  if (labels[0] !== labels[1]) return labels;
  const keys = ['memory', 'padding', 'capacity', 'batch', 'pages'] as const;
  const words = (of: SpscCase): string =>
    keys
      .filter((key) => one[key] !== two[key])
      .map((key) => `${key} ${of[key]}`)
      .join(', ');
  return cases.map((of) => `${caseLabel(of)}, ${words(of)}`);
}

/** How the placed pair crosses, as the middle of a sentence: "across sockets", "within the L3". */
export function crossing(topology: Topology, one: Pick<SpscCase, 'producer' | 'consumer'>): string {
  const relation = relate(topology, one.producer, one.consumer);
  const distances = new Set(topology.nodes.flatMap((node) => Object.values(node.distances)));
  if (relation.otherNode && relation.distance !== null && distances.size > 2) return `at distance ${relation.distance}`;
  switch (relation.kind) {
    case 'other-package':
      return 'across sockets';
    case 'same-cpu':
      return 'on one CPU';
    case 'sibling':
      return 'on one core';
    case 'same-l2':
      return 'within the L2';
    case 'same-l3':
      return relation.otherNode ? 'across nodes' : 'within the L3';
    case 'same-package':
      return relation.otherNode ? 'across nodes' : 'within the package';
    case 'unknown':
      return relation.otherNode ? 'across nodes' : 'on this machine';
  }
}

export function caseQuestion(topology: Topology, one: SpscCase, latency = false): string {
  const what = latency ? 'How long is a round trip' : 'What rate does the queue reach';
  return `${what} ${one.pin ? crossing(topology, one) : 'not pinned'}?`;
}

/** The question two cases answer, by what differs between them. */
export function questionOf(topology: Topology, cases: readonly SpscCase[], latency: boolean): string {
  const [one, two] = cases;
  if (!one) return 'What does distance cost here?';
  if (!two) return caseQuestion(topology, one, latency);
  if (one.pin !== two.pin) return 'Does pinning pay on this machine?';
  if (one.producer === two.producer && one.consumer === two.consumer) return 'Does this change anything?';
  return latency
    ? `Does the round trip stay short ${crossing(topology, one)}?`
    : `Does the queue hold its rate ${crossing(topology, one)}?`;
}
