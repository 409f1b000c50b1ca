/** What a host cannot answer because it, or what a session may use of it, has no such pair of CPUs. */

import { parseCpuList } from '../../../text/cpulist.ts';
import { cpuRefusal } from '../../../placement/usable.ts';
import { indexTopology, nodeOf, packagesAreClusters, relate } from '../../../topology/relation.ts';
import type { Topology } from '../../../topology/topology.ts';
import type { FindingMaker, Statement } from './maker.ts';

const statement = (id: string, sentence: string, advice: string | null): Statement => ({
  ...{ id, kind: 'cannot-be-answered', sentence, advice, evidence: [] },
});

function usable(topology: Topology): number[] {
  return [...indexTopology(topology).places.keys()].filter((cpu) => cpuRefusal(topology, cpu) === null);
}

/** What to do where a host has nothing to cross. */
const LAB_HINT =
  'Try a host with several, using --host. An emulated one shows how it works, though not what real hardware costs: npm run lab -- 4s, then numa-pinboard bench spsc --guide --host lab-4s';

/** None where the usable CPUs lie on several nodes or packages. */
function oneNode(topology: Topology): Statement[] {
  const { places } = indexTopology(topology);
  const cpus = usable(topology);
  const nodes = new Set(cpus.map((cpu) => nodeOf(topology, cpu)?.id));
  const clusters = packagesAreClusters(topology);
  const packages = new Set(cpus.map((cpu) => (clusters ? null : places.get(cpu)?.package)));
  if (nodes.size > 1 || packages.size > 1) return [];
  const [only] = nodes;
  const several = topology.nodes.filter((node) => node.cpus !== '').length > 1 && only !== undefined;
  const why = several ? `This session may use only the CPUs of node ${only}` : 'This host has one NUMA node';
  const questions =
    'what crossing sockets costs, which node the memory should be on, and whether one channel per socket pays off';
  return [statement('one-node', `${why}: ${questions} cannot be answered here.`, LAB_HINT)];
}

/** How many groups have two usable members that are not in two packages, whatever the group claims. */
function shared(
  topology: Topology,
  usableCpus: ReadonlySet<number>,
  groups: readonly { readonly cpus: string }[],
): number {
  return groups.filter(({ cpus }) => {
    const own = parseCpuList(cpus).filter((cpu) => usableCpus.has(cpu));
    const near = (cpu: number): number | undefined =>
      own.find((other) => other < cpu && relate(topology, other, cpu).kind !== 'other-package');
    return own.some((cpu) => near(cpu) !== undefined);
  }).length;
}

/** Near pairs that are not there, in one sentence. */
function absent(topology: Topology): Statement[] {
  const cpus = new Set(usable(topology));
  const l3 = topology.caches.filter(({ level, type }) => level === 3 && type !== 'instruction');
  const lacking = [
    ...(shared(topology, cpus, topology.cores) === 0 ? ['of one core (SMT)'] : []),
    ...(shared(topology, cpus, l3) === 0 ? ['behind one L3'] : []),
  ];
  if (lacking.length === 0) return [];
  const sentence = `Not measured, because no two CPUs that this session may use are of this kind: ${lacking.join(', ')}.`;
  return [statement('absent', sentence, null)];
}

export const host: FindingMaker = {
  topic: 'host',
  heading: 'Not on this host',
  conclude: ({ topology }) => [...oneNode(topology), ...absent(topology)],
};
