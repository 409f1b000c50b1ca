/** Two readings of one machine held against each other, object by object, in words that name both values. */

import type { Topology } from '../../topology/topology.ts';

/** What is compared: name of an object → what is said of it. */
type Facts = ReadonlyMap<string, string>;

const MAX_WORDS = 20;

const bytes = (size: number | null): string => (size === null ? 'of unknown size' : `of ${size} bytes`);

/**
 * Objects and values that do not change while a machine runs. Left out: free memory and huge pages, which do; memory
 * sizes unless `memory` is set, for hot-plug and balloons move them between two readings; core and package numbers
 * of the kernel that are no identity; what a CPU is allowed, which differs by process.
 */
function factsOf(topology: Topology, memory: boolean): Facts {
  const facts = new Map<string, string>();
  const online = topology.cpus.filter((cpu) => cpu.online);
  facts.set('the online CPUs', online.map(({ id }) => id).join(',') || 'none');
  for (const { cpus } of topology.packages) facts.set(`socket with CPUs ${cpus}`, 'there');
  for (const { cpus } of topology.dies) facts.set(`die with CPUs ${cpus}`, 'there');
  for (const { cpus } of topology.cores) facts.set(`core with CPUs ${cpus}`, 'there');
  for (const { level, type, sizeBytes, cpus } of topology.caches)
    facts.set(`L${level} ${type} cache of CPUs ${cpus}`, bytes(sizeBytes));
  for (const node of topology.nodes) {
    facts.set(`NUMA node ${node.id}`, 'there');
    if (node.cpus !== '') facts.set(`CPUs of NUMA node ${node.id}`, node.cpus);
    if (memory) facts.set(`memory of NUMA node ${node.id}`, `${node.memoryBytes ?? 0} bytes`);
    if (topology.nodes.length < 2) continue;
    for (const [to, distance] of Object.entries(node.distances))
      facts.set(`distance from node ${node.id} to node ${to}`, String(distance));
  }
  for (const { address, cpus } of topology.devices)
    if (address !== null) facts.set(`${DEVICE}${address}`, `near CPUs ${cpus}`);
  return facts;
}

/** Devices come and go, and lstopo may have been built without them: one that only one of the two shows is no difference. */
const DEVICE = 'I/O device ';

/**
 * Where `ours` and `theirs` differ, one sentence each; empty when they agree. Instruction caches count only where both
 * show any: lstopo may filter them.
 */
export function differences(ours: Topology, theirs: Topology, options: { readonly memory: boolean }): string[] {
  const [mine, yours] = [factsOf(ours, options.memory), factsOf(theirs, options.memory)];
  const filtered = ![ours, theirs].every(({ caches }) => caches.some(({ type }) => type === 'instruction'));
  const names = [...new Set([...mine.keys(), ...yours.keys()])].filter(
    (name) =>
      mine.get(name) !== yours.get(name) &&
      !(filtered && name.includes(' instruction cache ')) &&
      !(name.startsWith(DEVICE) && !(mine.has(name) && yours.has(name))),
  );
  const words = names.map(
    (name) => `${name}: ${mine.get(name) ?? 'not there'} in /sys, ${yours.get(name) ?? 'not there'} in lstopo.`,
  );
  if (words.length <= MAX_WORDS) return words;
  return [...words.slice(0, MAX_WORDS), `${words.length - MAX_WORDS} more differences.`];
}
