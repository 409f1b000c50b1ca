/** The questions an idle board offers: each a placement that asks it, or why it cannot be asked yet. */

import { formatDuration, formatPair } from './format.ts';
import { refusal } from './placement.ts';
import { indexTopology, relate } from './relation.ts';
import type { Topology } from './topology.ts';
import type { Placement, Workload } from './workload.ts';

export interface BoardQuestion {
  readonly key: '1' | '2' | '3' | '4';
  readonly title: string;
  readonly detail: string;
  /** Null: cannot be asked, `detail` says why. */
  readonly placement: Placement | null;
}

function usableCpus(topology: Topology): number[] {
  return topology.cpus.map((cpu) => cpu.id).filter((id) => refusal(topology, 'producer', id) === null);
}

/** The first CPU and the farthest from it: another package if there is one, by firmware distance. */
function farthestPair(topology: Topology): [number, number] | null {
  const [first, ...others] = usableCpus(topology);
  if (first === undefined) return null;
  const cost = (cpu: number): number => {
    const relation = relate(topology, first, cpu);
    if (relation.kind === 'sibling') return -1;
    return (relation.kind === 'other-package' ? 1000 : 0) + (relation.distance ?? 0);
  };
  let best: number | null = null;
  for (const cpu of others) if (best === null || cost(cpu) > cost(best)) best = cpu;
  return best === null ? null : [first, best];
}

export function questions(topology: Topology, workload: Workload): BoardQuestion[] {
  const pair = farthestPair(topology);
  const crosses = pair !== null && relate(topology, pair[0], pair[1]).otherNode;
  const time = formatDuration(2 * workload.rounds * workload.durationMs);
  const node = pair === null ? null : (indexTopology(topology).places.get(pair[0])?.node?.id ?? null);
  const memory = node !== null && refusal(topology, 'memory', node) === null ? node : null;
  const first: BoardQuestion =
    pair === null
      ? { key: '1', title: 'Does pinning pay?', detail: 'One usable CPU: there is no pair to measure.', placement: null }
      : {
          key: '1',
          title: crosses ? 'Does a queue hold its rate across sockets?' : 'Does pinning pay?',
          detail: crosses
            ? `Places ${formatPair(...pair)}, memory on node ${memory ?? 'of P'}. ${time}`
            : `${formatPair(...pair)}, against not pinned. ${time}`,
          placement: { producer: pair[0], consumer: pair[1], memory },
        };
  return [
    first,
    { key: '2', title: 'Which CPUs are near each other?', detail: 'Core to core is not measured by this version yet.', placement: null },
    {
      key: '3',
      title: crosses ? 'Do huge pages help, and on which node?' : 'Do huge pages help?',
      detail: 'On the command line: numa-pinboard bench memory --pages 4k,thp,2m',
      placement: null,
    },
    {
      key: '4',
      title: 'Where do my program’s threads and pages lie?',
      detail: 'On the command line: numa-pinboard watch --pid PID',
      placement: null,
    },
  ];
}
