/** Threads that the scheduler moves from CPU to CPU all the time: caches are filled anew, and across nodes memory is left behind. */

import { formatFigure, plural } from '../../text/format.ts';
import { nodesOfCpus } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import {
  busyThreads,
  cpusOfNode,
  homesOfProcess,
  ofProcesses,
  processWords,
  threadsBack,
  whereOf,
} from '../base/process.ts';

export const migrations: Check = {
  id: 'migrations',
  topic: 'processes',
  title: 'threads that are moved',
  check: ofProcesses((process, { topology }, limits) => {
    const busy = busyThreads(process, limits);
    const rates = busy.map(({ migrationsPerSecond }) => migrationsPerSecond).filter((rate) => rate !== null);
    const work = busy.reduce((sum, one) => sum + one.busy, 0);
    const rate = rates.reduce((sum, one) => sum + one, 0);
    const nodes = homesOfProcess(topology, { threads: busy });
    const crossed = busy.filter(({ cpus }) => nodesOfCpus(topology, cpus).length > 1);
    if (work === 0 || rate / work < limits.migrations) return [];
    const home = nodes[0] ?? 0;
    return [
      {
        severity: 'medium',
        confidence: nodes.length > 1 ? 0.75 : 0.6,
        sentence: `Threads of ${processWords(process)} are moved ${formatFigure(rate)} times a second between CPUs${nodes.length > 1 ? ', also between nodes' : ''}.`,
        evidence: [
          `${formatFigure(rate)} moves/s of ${plural(busy.length, 'busy thread')} that use ${formatFigure(work)} CPUs (se.nr_migrations of /proc/${process.pid}/task/*/sched)`,
          `${plural(crossed.length, 'thread')} on another node after a second`,
        ],
        cause:
          'There are more threads than CPUs they may use, or they sleep and wake often, or something sets their affinity again and again.',
        advice: 'Pin its threads, each to a CPU, or all to one node; and run no more of them than CPUs.',
        remedy: [`sudo taskset -acp ${cpusOfNode(topology, home).join(',')} ${process.pid}`],
        undo: threadsBack(process),
        where: whereOf(process, nodes),
      },
    ];
  }),
};
