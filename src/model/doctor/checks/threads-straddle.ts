/** A process that would fit on one node, and whose threads run on several. */

import { formatBytes, formatPercent, nodeWords, plural } from '../../text/format.ts';
import { nodesOfCpus } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import { guestOf } from '../base/guest.ts';
import {
  busyThreads,
  bytesByNode,
  cpuByNode,
  cpusOfNode,
  cpuTimeWords,
  homesOfProcess,
  moveThreads,
  ofProcesses,
  processWords,
  sharesOf,
  whereOf,
} from '../base/process.ts';
import { isUnavailable } from '../../run/run.ts';

export const threadsStraddle: Check = {
  id: 'threads-straddle',
  topic: 'processes',
  title: 'nodes that threads of a process run on',
  decisive: true,
  check: ofProcesses((process, { topology }, limits, live) => {
    const busy = busyThreads(process, limits);
    const shares = sharesOf(cpuByNode(topology, { threads: busy }));
    const nodes = homesOfProcess(topology, { threads: busy }, limits['straddle-share']);
    if (busy.length < 2 || nodes.length < 2 || guestOf(process)) return [];
    // Whoever put each thread on a node of its own meant it.
    if (busy.every(({ allowed }) => nodesOfCpus(topology, allowed).length === 1)) return [];
    const pages = isUnavailable(process.mappings)
      ? new Map<number, number>()
      : bytesByNode(process.mappings.filter(({ kind }) => kind === 'anon'));
    const weight = (node: number): number => (pages.get(node) ?? 0) + (shares.get(node) ?? 0);
    const usable = (node: number): number[] =>
      cpusOfNode(topology, node).filter((cpu) =>
        topology.cpus.some((one) => one.id === cpu && one.online && !one.isolated),
      );
    const memoryOf = (node: number): number | null => topology.nodes.find(({ id }) => id === node)?.memoryBytes ?? null;
    // Beside what others do there, in whole CPUs: less than one is the background of any host.
    const own = cpuByNode(topology, process);
    const others = (node: number): number => {
      const there = new Set(cpusOfNode(topology, node));
      const all = live.cpus.reduce((sum, cpu) => sum + (there.has(cpu.id) ? cpu.busy : 0), 0);
      return Math.floor(Math.max(0, all - (own.get(node) ?? 0)));
    };
    const best = [...nodes]
      .sort((a, b) => weight(b) - weight(a))
      .find(
        (node) =>
          busy.length + others(node) <= usable(node).length &&
          process.residentBytes <= (memoryOf(node) ?? Infinity) * limits['node-room'],
      );
    if (best === undefined) return [];
    const [cpus, memory] = [usable(best), memoryOf(best)];
    return [
      {
        severity: 'medium',
        // Threads that share nothing lose nothing by it, and nobody sees from outside whether they do.
        confidence: 0.6,
        sentence: `${processWords(process)} has ${plural(busy.length, 'busy thread')} on ${nodeWords(nodes)}, and would fit on one.`,
        evidence: [
          cpuTimeWords(topology, { ...process, threads: busy }),
          `${plural(cpus.length, 'CPU')} on node ${best}${memory === null ? '' : `, ${formatBytes(memory)} of memory`}; it needs ${plural(busy.length, 'CPU')} and ${formatBytes(process.residentBytes)}`,
          ...nodes.map(
            (node) =>
              `${plural(busy.filter(({ cpus }) => nodesOfCpus(topology, [cpus[1]])[0] === node).length, 'busy thread')} on node ${node}, ${formatPercent(shares.get(node) ?? 0)} of the time`,
          ),
        ],
        cause: 'Nothing binds it, and the scheduler spreads threads over idle cores of all nodes.',
        advice:
          'Where its threads share data, keep them on one node; start it next time under numactl --cpunodebind and --membind.',
        ...moveThreads(topology, process, best),
        where: whereOf(process, nodes),
      },
    ];
  }),
};
