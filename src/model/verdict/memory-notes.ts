/** What a run says of memory that this session could not use, or that no tool can bind: what was left out, and where memory lay instead. */

import { benchOf } from '../bench/index.ts';
import { nodeNotes } from '../bench/nodes/notes.ts';
import { formatCpuList } from '../text/cpulist.ts';
import { formatRange, nodeWords } from '../text/format.ts';
import { firstTouchNode, forbiddenNodes, givesMemory } from '../placement/usable.ts';
import { indexTopology, nodeOf } from '../topology/relation.ts';
import type { Result } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';

/** CPUs by the node that their memory lies on, where that is not their own. */
function elsewhere(topology: Topology, cpus: Iterable<number>): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const cpu of new Set(cpus)) {
    const own = nodeOf(topology, cpu);
    if (own === null || givesMemory(own)) continue;
    const node = firstTouchNode(topology, cpu);
    if (node === null) continue;
    found.set(node, [...(found.get(node) ?? []), cpu]);
  }
  return found;
}

/** A sentence each; empty where every node with memory can be used. */
export function memoryNotes(topology: Topology, results: readonly Pick<Result, 'placement'>[]): string[] {
  const notes: string[] = [];
  if (topology.nodes.every(({ inferred }) => inferred)) {
    notes.push('This host shows no NUMA nodes: memory was not bound and was placed by the kernel.');
  }
  const forbidden = forbiddenNodes(topology).map(({ id }) => id);
  if (forbidden.length > 0) {
    const whose = forbidden.length === 1 ? 'its' : 'their';
    notes.push(
      `NUMA ${nodeWords(forbidden)} left out: outside the cpuset this session may use memory from, so nothing was measured in ${whose} memory.`,
    );
  }
  notes.push(...nodeNotes(topology, results));
  const { places } = indexTopology(topology);
  const cpus = results
    .flatMap(({ placement }) => benchOf(placement).asked(placement).touching)
    .filter((cpu) => places.has(cpu));
  for (const [node, own] of elsewhere(topology, cpus)) {
    const which = `${own.length === 1 ? 'CPU' : 'CPUs'} ${formatRange(formatCpuList(own))}`;
    notes.push(`Memory of ${which} is on node ${node}, the nearest usable one.`);
  }
  return notes;
}
