/** From what is placed to what is measured: the cases of a run, what it is held against, and the question it answers. */

import { automaticBaseline } from './baseline.ts';
import { formatPair } from '../../text/format.ts';
import { cpuRefusal, nodeRefusal } from '../../placement/usable.ts';
import { indexTopology, relate } from '../../topology/relation.ts';
import type { RunSummary } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { firstIn } from '../../placement/slots.ts';
import type { Placement } from '../../placement/slots.ts';
import type { SpscCase } from '../../cases/spsc.ts';
import type { Plan } from '../offer.ts';
import type { SpscWorkload } from './workload.ts';
import { memoryTarget } from './slots.ts';

/** "P#0 → P#18", with what tells it from a plain one: "not pinned", "memory 1". */
export function caseLabel(one: SpscCase): string {
  if (!one.pin) return 'not pinned';
  const memory = typeof one.memory === 'number' ? '' : one.memory === 'producer' ? '' : `, memory ${one.memory}`;
  return formatPair(one.producer, one.consumer) + memory;
}

/** The baseline run's case, where this machine still has its places. */
function chosenBaseline(topology: Topology, baseline: RunSummary | null): SpscCase | null {
  const chosen = baseline?.results[baseline.comparison?.of ?? 0]?.placement;
  if (chosen?.kind !== 'spsc') return null;
  const { producer, consumer, memory } = chosen;
  const wrong =
    cpuRefusal(topology, producer) ??
    cpuRefusal(topology, consumer) ??
    (typeof memory === 'number' ? nodeRefusal(topology, memory) : null);
  return wrong === null ? chosen : null;
}

/**
 * @param baseline the run chosen as baseline, or null: a near neighbour of the producer that is not busy, or (where the
 * consumer is near already) the same two threads not pinned.
 */
export function plan(
  topology: Topology,
  placement: Placement,
  workload: SpscWorkload,
  baseline: RunSummary | null,
  busy: readonly number[] = [],
): Plan<SpscCase> | { readonly why: string } {
  const [producer, consumer] = [firstIn(placement, 'producer'), firstIn(placement, 'consumer')];
  if (producer === null && consumer === null) return { why: 'Place a producer and a consumer first.' };
  if (producer === null) return { why: 'Place a producer first.' };
  if (consumer === null) return { why: 'Place a consumer first.' };
  if (producer === consumer) return { why: 'Producer and consumer are on the same CPU: they would only take turns.' };
  const placed: SpscCase = {
    kind: 'spsc',
    producer,
    consumer,
    memory: memoryTarget(topology, placement),
    pin: true,
    padding: workload.padding,
    capacity: workload.capacity,
    batch: workload.batch,
    pages: workload.pages,
  };
  const held = chosenBaseline(topology, baseline);
  const { case: against, chosen } = held ? { case: held, chosen: null } : automaticBaseline(topology, placed, busy);
  const same = differing(placed, against).length === 0;
  const cases = same ? [placed] : [placed, against];
  return {
    cases,
    labels: caseLabels(cases),
    question: questionOf(topology, cases, workload.latency),
    ...(chosen === null ? {} : { chosen }),
  };
}

/** One a case, never two alike: what cases of the same pair differ in is said. */
export function caseLabels(cases: readonly SpscCase[]): string[] {
  const labels = cases.map(caseLabel);
  const [one, two] = cases;
  if (!one || !two) return labels;
  const keys = differing(one, two);
  if (keys.every((key) => key === 'pin')) return cases.map((of) => (of.pin ? 'pinned' : 'not pinned'));
  // The same pair twice differs in something else: say in what.
  return labels[0] === labels[1] ? cases.map((of) => `${caseLabel(of)}, ${words(of, keys)}`) : labels;
}

const KEYS = ['producer', 'consumer', 'memory', 'pin', 'padding', 'capacity', 'batch', 'pages'] as const;

/** What two cases differ in. */
export function differing(one: SpscCase, two: SpscCase): (typeof KEYS)[number][] {
  return KEYS.filter((key) => one[key] !== two[key]);
}

function memoryWords({ memory }: SpscCase): string {
  if (typeof memory === 'number') return `memory on node ${memory}`;
  return memory === 'interleave' ? 'interleaved memory' : `memory of the ${memory}`;
}

function words(of: SpscCase, keys: readonly (typeof KEYS)[number][]): string {
  const word = (key: (typeof KEYS)[number]): string => {
    if (key === 'pin') return of.pin ? 'pinning' : 'no pinning';
    if (key === 'memory') return memoryWords(of);
    return key === 'pages' ? `${of.pages} pages` : `${key} ${of[key]}`;
  };
  return keys.map(word).join(', ');
}

/** How the placed pair crosses, as the middle of a sentence: "across sockets", "within the L3". */
export function crossingWords(topology: Topology, one: Pick<SpscCase, 'producer' | 'consumer'>): string {
  const relation = relate(topology, one.producer, one.consumer);
  // A word that holds for several distances says too little: then the distance is the name of the crossing.
  const peers = [...indexTopology(topology).cpusOfNode.values()].flatMap(([first]) =>
    first === undefined ? [] : [relate(topology, one.producer, first)],
  );
  const distances = new Set(peers.filter((peer) => peer.kind === relation.kind).map((peer) => peer.distance));
  if (relation.otherNode && relation.distance !== null && distances.size > 1) return `at distance ${relation.distance}`;
  switch (relation.kind) {
    case 'other-package':
      return 'across sockets';
    case 'same-cpu':
      return 'on one CPU';
    case 'sibling':
      return 'between SMT siblings';
    case 'same-l2':
      return 'within the L2';
    case 'same-l3':
      return relation.otherNode ? 'across nodes' : 'within the L3';
    case 'same-die':
    case 'same-package':
      return relation.otherNode ? 'across nodes' : `within the ${relation.kind === 'same-die' ? 'die' : 'socket'}`;
    case 'unknown':
      return relation.otherNode ? 'across nodes' : 'on this machine';
  }
}

function caseQuestion(topology: Topology, one: SpscCase, latency = false): string {
  const what = latency ? 'How long is a round trip' : 'How fast is the queue';
  return `${what} ${one.pin ? crossingWords(topology, one) : 'not pinned'}?`;
}

/** The question two cases answer, by what differs between them. */
export function questionOf(topology: Topology, cases: readonly SpscCase[], latency: boolean): string {
  const [one, two] = cases;
  if (!one) return 'What does distance cost here?';
  if (!two) return caseQuestion(topology, one, latency);
  const keys = differing(one, two);
  if (keys.length === 1 && keys[0] === 'pin') return 'Does pinning pay off on this machine?';
  if (!keys.includes('producer') && !keys.includes('consumer') && keys.length > 0) {
    return `Does ${words(one, keys)} change the ${latency ? 'round trip' : 'rate'}, against ${words(two, keys)}?`;
  }
  return latency
    ? `Does the round trip stay short ${crossingWords(topology, one)}?`
    : `Does the queue hold its rate ${crossingWords(topology, one)}?`;
}
