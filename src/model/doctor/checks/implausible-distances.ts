/** Distances of firmware (ACPI SLIT) that no machine can have: the kernel falls back to the wrong node by them. */

import { parseCpuList } from '../../text/cpulist.ts';
import { indexTopology } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import { hasMadeUpNodes } from '../base/check.ts';
import type { Check } from '../base/check.ts';

/** ACPI 6.5, 5.2.17: a node to itself is 10, to any other more. */
const LOCAL = 10;
const NAMED = 6;

interface Wrong {
  readonly words: string;
  readonly nodes: readonly number[];
  readonly certain: boolean;
}

export const implausibleDistances: Check = {
  id: 'implausible-distances',
  topic: 'memory',
  title: 'distances between nodes',
  check(facts) {
    const { topology } = facts;
    const { nodes } = topology;
    // That they are made up is what is wrong, and the command line says so.
    if (hasMadeUpNodes(facts)) return [];
    if (nodes.every(({ distances }) => Object.keys(distances).length === 0))
      return { unavailable: 'the host gives no distances between its nodes' };
    const wrong = wrongOf(topology);
    if (wrong.length === 0) return [];
    const certain = wrong.some((one) => one.certain);
    return [
      {
        severity: 'medium',
        confidence: certain ? 0.95 : 0.7,
        sentence: `The distances between nodes cannot be right: ${wrong[0]?.words ?? ''}.`,
        evidence: [
          ...wrong.slice(0, NAMED).map(({ words }) => words),
          ...(wrong.length > NAMED ? [`and ${wrong.length - NAMED} more`] : []),
          ...nodes
            .slice(0, 16)
            .map(
              ({ id, distances }) =>
                `node ${id}: ${Object.values(distances).join(' ')} (/sys/devices/system/node/node${id}/distance)`,
            ),
        ],
        cause:
          topology.machine.hypervisor === null
            ? 'The table of distances in firmware (ACPI SLIT) is wrong.'
            : 'The virtual machine was given a table of distances that is wrong.',
        advice:
          'The kernel chooses by it where memory goes when a node is full, and which CPUs work moves to. Update the firmware, or correct the distances of the virtual machine; until then bind memory by hand.',
        remedy: ['# what the table ought to be is measured by:', 'numa-pinboard bench nodes --what latency'],
        where: { nodes: [...new Set(wrong.flatMap((one) => one.nodes))].sort((a, b) => a - b) },
      },
    ];
  },
};

function wrongOf(topology: Topology): Wrong[] {
  const { nodes } = topology;
  const of = (from: number, to: number): number | undefined =>
    nodes.find(({ id }) => id === from)?.distances[String(to)];
  const found: Wrong[] = [];
  for (const { id, distances } of nodes) {
    const own = distances[String(id)];
    if (own !== undefined && own !== LOCAL)
      found.push({ words: `node ${id} is ${own} from itself, where 10 is local`, nodes: [id], certain: true });
  }
  for (const { id, distances } of nodes) {
    const own = distances[String(id)] ?? LOCAL;
    for (const [key, distance] of Object.entries(distances)) {
      const to = Number(key);
      if (to === id) continue;
      if (distance <= Math.max(own, LOCAL))
        found.push({
          words: `node ${to} is ${distance} from node ${id}, not farther than node ${id} from itself (${own})`,
          nodes: [id, to],
          certain: true,
        });
      const back = of(to, id);
      if (to > id && back !== undefined && back !== distance)
        found.push({
          words: `from node ${id} to node ${to} it is ${distance}, and back ${back}`,
          nodes: [id, to],
          certain: false,
        });
    }
  }
  return [...found, ...fartherWithin(topology)];
}

/** A node of the same socket that is farther than one of another socket. */
function fartherWithin(topology: Topology): Wrong[] {
  const { places } = indexTopology(topology);
  const socketOf = new Map(
    topology.nodes.map(({ id, cpus }) => [id, places.get(parseCpuList(cpus)[0] ?? -1)?.package?.id ?? null]),
  );
  return topology.nodes.flatMap(({ id, distances }): Wrong[] => {
    const socket = socketOf.get(id) ?? null;
    if (socket === null) return [];
    const others = Object.entries(distances).filter(
      ([to]) => Number(to) !== id && (socketOf.get(Number(to)) ?? null) !== null,
    );
    const within = others.filter(([to]) => socketOf.get(Number(to)) === socket);
    const beyond = others.filter(([to]) => socketOf.get(Number(to)) !== socket);
    const [farthest] = within.sort((a, b) => b[1] - a[1]);
    const [nearest] = beyond.sort((a, b) => a[1] - b[1]);
    if (!farthest || !nearest || farthest[1] <= nearest[1]) return [];
    return [
      {
        words: `from node ${id}, node ${farthest[0]} of the same socket (${farthest[1]}) is farther than node ${nearest[0]} of another (${nearest[1]})`,
        nodes: [id, Number(farthest[0]), Number(nearest[0])],
        certain: false,
      },
    ];
  });
}
