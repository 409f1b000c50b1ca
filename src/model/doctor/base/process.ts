/** What several checks ask of a process: where its threads run, where its pages lie, and the commands that bring them together. */

import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import { formatBytes, formatPercent } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import type { Unavailable } from '../../run/run.ts';
import { indexTopology } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import type { Facts } from '../facts/facts.ts';
import type { Live, LiveProcess, LiveThread, Mapping } from '../facts/live.ts';
import type { Told } from './finding.ts';
import type { Limits } from './thresholds.ts';

export type ByNode = ReadonlyMap<number, number>;

export const sumOf = (of: ByNode): number => [...of.values()].reduce((sum, one) => sum + one, 0);

/** A share of 0 … 1 for each node; empty of nothing. */
export function sharesOf(of: ByNode): Map<number, number> {
  const all = sumOf(of);
  return new Map(all === 0 ? [] : [...of].map(([node, one]) => [node, one / all]));
}

/** Processes that are of interest: those asked for, or those that do something. */
export const watched = ({ processes, selection }: Live, limits: Limits): LiveProcess[] =>
  processes.filter(({ busy }) => selection !== null || busy >= limits['busy-process']);

/** Goes through the processes of a running host. */
export function ofProcesses(
  check: (process: LiveProcess, facts: Facts, limits: Limits, live: Live) => readonly Told[],
): (facts: Facts, limits: Limits) => readonly Told[] | Unavailable {
  return (facts, limits) =>
    isUnavailable(facts.live)
      ? facts.live
      : watched(facts.live, limits).flatMap((process) => check(process, facts, limits, facts.live as Live));
}

/** Goes through the processes whose pages could be read; says so where they could not be read of any that is of interest. */
export function ofPages(
  check: (process: LiveProcess, mappings: readonly Mapping[], facts: Facts, limits: Limits) => readonly Told[],
): (facts: Facts, limits: Limits) => readonly Told[] | Unavailable {
  return (facts, limits) => {
    if (isUnavailable(facts.live)) return facts.live;
    const all = watched(facts.live, limits);
    const read = all.flatMap((process) =>
      isUnavailable(process.mappings) ? [] : [{ process, maps: process.mappings }],
    );
    const told = read.flatMap(({ process, maps }) => check(process, maps, facts, limits));
    const [unread] = all.filter(({ mappings }) => isUnavailable(mappings));
    if (told.length > 0 || !unread || !isUnavailable(unread.mappings)) return told;
    return { unavailable: `of ${processWords(unread)}: ${unread.mappings.unavailable}` };
  };
}

/** "postgres (process 4711)". */
export const processWords = ({ name, pid }: Pick<LiveProcess, 'name' | 'pid'>): string => `${name} (process ${pid})`;

export const busyThreads = ({ threads }: LiveProcess, limits: Limits): LiveThread[] =>
  threads.filter(({ busy }) => busy >= limits['busy-thread']);

/** Its CPU time by the node it was spent on; of one that sleeps, its threads by where they ran last. */
export function cpuByNode(topology: Topology, { threads }: Pick<LiveProcess, 'threads'>): Map<number, number> {
  const { places } = indexTopology(topology);
  const working = threads.some(({ busy }) => busy > 0);
  const found = new Map<number, number>();
  for (const { cpus, busy } of threads) {
    for (const cpu of cpus) {
      const node = places.get(cpu)?.node?.id;
      const weight = working ? busy / 2 : 0.5;
      if (node !== undefined && weight > 0) found.set(node, (found.get(node) ?? 0) + weight);
    }
  }
  return found;
}

/** Nodes that a process does not just pass by. */
export const homesOfProcess = (topology: Topology, process: Pick<LiveProcess, 'threads'>, least = 0.05): number[] =>
  [...sharesOf(cpuByNode(topology, process))]
    .filter(([, share]) => share >= least)
    .map(([node]) => node)
    .sort((a, b) => a - b);

export function bytesByNode(mappings: readonly Pick<Mapping, 'bytes'>[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const { bytes } of mappings)
    for (const [node, own] of Object.entries(bytes)) found.set(Number(node), (found.get(Number(node)) ?? 0) + own);
  return found;
}

/** Without the nodes where it runs. */
export const farOf = (bytes: ByNode, homes: readonly number[]): Map<number, number> =>
  new Map([...bytes].filter(([node, own]) => own > 0 && !homes.includes(node)));

/** "node 0: 2 GB (80 %), node 1: 512 MB (20 %)". */
export function bytesWords(bytes: ByNode): string {
  const shares = sharesOf(bytes);
  return [...bytes]
    .sort(([a], [b]) => a - b)
    .map(([node, own]) => `node ${node}: ${formatBytes(own)} (${formatPercent(shares.get(node) ?? 0)})`)
    .join(', ');
}

/** "node 0: 98 % of 2.1 CPUs' worth". */
export function cpuTimeWords(topology: Topology, process: LiveProcess): string {
  const shares = [...sharesOf(cpuByNode(topology, process))].sort(([a], [b]) => a - b);
  const words = shares.map(([node, share]) => `${formatPercent(share)} on node ${node}`).join(', ');
  return process.busy > 0 ? `CPU time: ${words}` : `asleep, last run: ${words}`;
}

/** Free memory of a node now; null where unknown. */
export const freeOf = ({ live, topology }: Pick<Facts, 'live' | 'topology'>, node: number): number | null =>
  (isUnavailable(live) ? null : live.nodes.find(({ id }) => id === node)?.freeBytes) ??
  topology.nodes.find(({ id }) => id === node)?.freeBytes ??
  null;

export const cpusOfNode = (topology: Topology, node: number): number[] =>
  parseCpuList(topology.nodes.find(({ id }) => id === node)?.cpus ?? '');

/** More threads than these are not put back one by one. */
const MOST_LINES = 64;

/** Back to where it may run now: all of it, then its threads that may run elsewhere than it. */
export function threadsBack({ pid, allowedCpus, threads }: LiveProcess): string[] {
  const own = formatCpuList(allowedCpus);
  const apart = threads
    .map(({ tid, allowed }) => ({ tid, cpus: formatCpuList(allowed) }))
    .filter(({ cpus }) => cpus !== own);
  return [
    `sudo taskset -acp ${own} ${pid}`,
    ...apart.slice(0, MOST_LINES).map(({ tid, cpus }) => `sudo taskset -cp ${cpus} ${tid}`),
    ...(apart.length > MOST_LINES
      ? [`# and ${apart.length - MOST_LINES} threads more: taskset -acp ${pid} shows them now`]
      : []),
  ];
}

/** Moves a process to a node, and back to where it may run now. */
export function moveThreads(
  topology: Topology,
  process: LiveProcess,
  node: number,
): Required<Pick<Told, 'remedy' | 'undo'>> {
  const there = cpusOfNode(topology, node);
  // Nobody can run on memory without CPUs.
  if (there.length === 0) return { remedy: [], undo: [] };
  return { remedy: [`sudo taskset -acp ${formatCpuList(there)} ${process.pid}`], undo: threadsBack(process) };
}

/** Moves pages to a node. Those that were there before cannot be told apart later. */
export function movePages(
  process: LiveProcess,
  from: readonly number[],
  to: number,
): Required<Pick<Told, 'remedy' | 'undo'>> {
  const [back] = from;
  return {
    remedy: [`sudo migratepages ${process.pid} ${formatCpuList(from)} ${to}`],
    undo: [
      ...(from.length > 1 ? [`# all to one node: which page was on which is not known afterwards`] : []),
      `sudo migratepages ${process.pid} ${to} ${back ?? to}`,
    ],
  };
}

export const whereOf = (process: LiveProcess, nodes: readonly number[]): NonNullable<Told['where']> => ({
  pids: [process.pid],
  cpus: [...new Set(process.threads.filter(({ busy }) => busy > 0).flatMap(({ cpus }) => cpus))].sort((a, b) => a - b),
  nodes: [...new Set(nodes)].sort((a, b) => a - b),
});
