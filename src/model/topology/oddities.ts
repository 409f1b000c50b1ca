/** What no machine has, or what surprises who measures on it, by the topology alone: said as warnings, and by the doctor. */

import { formatCpuList, parseCpuList } from '../text/cpulist.ts';
import { indexTopology, packagesAreClusters } from './relation.ts';
import type { Topology } from './topology.ts';

/** Beyond it caches may serve several packages (s390). */
const OUTERMOST_OF_A_PACKAGE = 3;

interface Span {
  readonly cpus: string;
  readonly packages: string;
  readonly nodes: string;
}

/** The parts that lie in several packages, and those that lie in several nodes of one. */
function spans(topology: Topology, parts: readonly { readonly cpus: string }[]): { packages: Span[]; nodes: Span[] } {
  const { places } = indexTopology(topology);
  const all = parts.map(({ cpus }): Span => {
    const own = parseCpuList(cpus).map((cpu) => places.get(cpu));
    const packages = formatCpuList(own.flatMap((place) => place?.package?.id ?? []));
    return { cpus, packages, nodes: formatCpuList(own.flatMap((place) => place?.node?.id ?? [])) };
  });
  const several = (ids: string): boolean => /[-,]/.test(ids);
  const packages = all.filter((span) => several(span.packages));
  return { packages, nodes: all.filter((span) => several(span.nodes) && !several(span.packages)) };
}

const NAMED = 4;

function enumerate(found: readonly Span[], kind: 'packages' | 'nodes'): string {
  const named = found
    .slice(0, NAMED)
    .map((span) => `CPUs ${span.cpus} of ${kind === 'packages' ? 'sockets' : 'nodes'} ${span[kind]}`);
  return named.join('; ') + (found.length > NAMED ? `; and ${found.length - NAMED} more` : '');
}

/** One sentence each. */
export function oddities(topology: Topology): string[] {
  const words: string[] = [];
  const caches = topology.caches.filter(({ level, type }) => type !== 'instruction' && level <= OUTERMOST_OF_A_PACKAGE);
  const clusters = packagesAreClusters(topology);
  for (const level of [...new Set(caches.map((cache) => cache.level))].sort((a, b) => a - b)) {
    const { packages, nodes } = spans(
      topology,
      caches.filter((cache) => cache.level === level),
    );
    if (packages.length > 0 && !clusters)
      words.push(
        `An L${level} spans sockets, which no hardware has (${enumerate(packages, 'packages')}); CPUs in different sockets count as far from each other.`,
      );
    if (nodes.length > 0)
      words.push(
        `An L${level} spans nodes of one socket, as with sub-NUMA clustering (${enumerate(nodes, 'nodes')}); memory is nearer to some of its CPUs than to others.`,
      );
  }
  const cores = spans(topology, topology.cores);
  if (cores.packages.length > 0) words.push(`A core spans sockets (${enumerate(cores.packages, 'packages')}).`);
  if (cores.nodes.length > 0) words.push(`A core spans nodes (${enumerate(cores.nodes, 'nodes')}).`);
  const bare = topology.nodes.filter(({ cpus, memoryBytes }) => cpus !== '' && memoryBytes === 0);
  if (bare.length > 0) {
    const ids = formatCpuList(bare.map(({ id }) => id));
    words.push(
      `${bare.length === 1 ? `Node ${ids} has` : `Nodes ${ids} have`} CPUs and no memory: what those CPUs touch first lies on another node.`,
    );
  }
  return words;
}
