// Owns what is held against another tool's answer: a machine as single facts, "distance from node 0 to node 1" → "21". Two
// lists of facts differ in words that name the object, so that one comparison serves every tool.
import { formatCpuList, parseCpuList } from '../../src/model/text/cpulist.ts';
import type { NumaNode, Topology } from '../../src/model/topology/topology.ts';

export type Facts = ReadonlyMap<string, string>;

/** What `theirs` (named `who`) and `ours` do not agree on, in words; empty when they say the same. */
export function differences(who: string, theirs: Facts, ours: Facts): string[] {
  return [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((key) => {
    const [their, our] = [theirs.get(key), ours.get(key)];
    return their === our ? [] : [`${key}: ${who} says ${their ?? 'nothing'}, we say ${our ?? 'nothing'}`];
  });
}

export const text = (cpus: Iterable<number>): string => formatCpuList([...cpus].sort((a, b) => a - b));

/** Every object of the machine, as lstopo names and counts them: the parts that are online. */
export function factsOf(topology: Topology): Facts {
  const facts = new Map<string, string>();
  const online = new Set(topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id));
  const cut = (cpus: string): string => text(parseCpuList(cpus).filter((id) => online.has(id)));
  for (const { id, allowed } of topology.cpus)
    if (online.has(id)) facts.set(`PU ${id}`, allowed ? 'allowed' : 'forbidden');
  for (const { id, cpus } of topology.packages) facts.set(`package of PUs ${cut(cpus)}`, `P#${id}`);
  for (const { id, cpus } of topology.dies) facts.set(`die of PUs ${cut(cpus)}`, `P#${id}`);
  for (const { id, cpus } of topology.cores) facts.set(`core of PUs ${cut(cpus)}`, `P#${id}`);
  for (const { level, type, sizeBytes, lineBytes, cpus } of topology.caches) {
    facts.set(`L${level} ${type} cache of PUs ${cut(cpus)}`, `${sizeBytes ?? 0} bytes in lines of ${lineBytes ?? 0}`);
  }
  for (const node of topology.nodes) addNode(facts, node, topology, cut);
  return facts;
}

function addNode(facts: Map<string, string>, node: NumaNode, topology: Topology, cut: (cpus: string) => string): void {
  const name = `node ${node.id}`;
  const initiators = topology.nodes.filter(({ id }) => node.rated?.initiators.includes(id) === true);
  const near = initiators.flatMap(({ cpus }) => parseCpuList(cpus));
  // lstopo hangs a node without CPUs at its best initiators, or at the machine.
  const locality =
    node.cpus !== '' ? node.cpus : near.length > 0 ? text(near) : text(topology.cpus.map(({ id }) => id));
  facts.set(`PUs of ${name}`, cut(locality));
  facts.set(`memory of ${name}`, `${node.memoryBytes ?? 0} bytes`);
  for (const { sizeBytes, total } of node.hugepages) {
    facts.set(`huge pages of ${sizeBytes} bytes on ${name}`, String(total));
  }
  // Of one node alone lstopo writes no matrix.
  for (const [to, distance] of topology.nodes.length > 1 ? Object.entries(node.distances) : []) {
    facts.set(`distance from ${name} to node ${to}`, String(distance));
  }
  for (const { level, sizeBytes } of node.memorySideCaches) {
    facts.set(`memory-side cache of level ${level} of ${name}`, `${sizeBytes} bytes`);
  }
  const { rated } = node;
  if (rated === null) return;
  for (const [what, value] of [
    ['ReadLatency', rated.readLatencyNs],
    ['WriteLatency', rated.writeLatencyNs],
    ['ReadBandwidth', rated.readBandwidthMBs],
    ['WriteBandwidth', rated.writeBandwidthMBs],
  ] as const) {
    if (value !== null) facts.set(`rated ${what} of ${name} from PUs ${text(near)}`, String(value));
  }
}
