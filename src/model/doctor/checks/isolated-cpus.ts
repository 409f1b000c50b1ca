/** CPUs kept from the scheduler (isolcpus=): nobody uses them, or work sits on them unintentionally. */

import { formatCpuList } from '../../text/cpulist.ts';
import { formatPercent, plural } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { cpuWords, nodesOfCpus } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import type { Told } from '../base/finding.ts';
import type { Facts } from '../facts/facts.ts';
import { busyThreads, ofProcesses, processWords, threadsBack, whereOf } from '../base/process.ts';

const isolatedOf = ({ topology, kernel }: Facts): number[] =>
  topology.cpus.filter(({ id, isolated }) => isolated || kernel.partitions.includes(id)).map(({ id }) => id);

/** The scheduler never moves threads between isolated CPUs: they share the one they began on. */
const stuckOf = ofProcesses((process, facts, limits): Told[] => {
  const { topology } = facts;
  const isolated = isolatedOf(facts);
  const on = busyThreads(process, limits).filter(
    ({ allowed, cpus }) => allowed.length > 1 && isolated.includes(cpus[1]),
  );
  const cpu = on.find((one) => on.some((other) => other !== one && other.cpus[1] === one.cpus[1]))?.cpus[1];
  if (cpu === undefined) return [];
  const threads = on.filter(({ cpus }) => cpus[1] === cpu);
  const others = topology.cpus.filter(({ id, online }) => online && !isolated.includes(id)).map(({ id }) => id);
  return [
    {
      severity: 'high',
      confidence: 0.9,
      sentence: `${plural(threads.length, 'busy thread')} of ${processWords(process)} share CPU ${cpu}, which is isolated: they are not moved to others.`,
      evidence: [
        `${cpuWords(isolated)} (/sys/devices/system/cpu/isolated, cpuset.cpus.partition)`,
        ...threads
          .slice(0, 8)
          .map(
            ({ name, allowed, cpus, busy }) =>
              `${name}: may use CPUs ${formatCpuList(allowed)}, on CPU ${cpus[1]}, ${formatPercent(busy)} busy`,
          ),
      ],
      cause: 'The process was bound to several isolated CPUs at once, or to all CPUs of the host.',
      advice: 'Pin each of its threads to one CPU, or keep it off isolated CPUs.',
      ...(others.length === 0
        ? {}
        : { remedy: [`sudo taskset -acp ${formatCpuList(others)} ${process.pid}`], undo: threadsBack(process) }),
      where: whereOf(process, nodesOfCpus(topology, [cpu])),
    },
  ];
});

export const isolatedCpus: Check = {
  id: 'isolated-cpus',
  topic: 'cpus',
  title: 'isolated CPUs',
  check(facts, limits) {
    const { topology, live } = facts;
    const isolated = isolatedOf(facts);
    if (isolated.length === 0) return [];
    const stuck = stuckOf(facts, limits);
    if (!isUnavailable(stuck) && stuck.length > 0) return stuck;
    const one = isolated.length === 1;
    const used = isUnavailable(live)
      ? null
      : live.cpus.filter(({ id, busy }) => isolated.includes(id) && busy >= limits['busy-thread']).length;
    return [
      {
        severity: 'low',
        confidence: 0.8,
        sentence: `${cpuWords(isolated)} ${one ? 'is' : 'are'} isolated: only work that is pinned there runs on ${one ? 'it' : 'them'}${used === 0 ? ', and none does' : ''}.`,
        evidence: [
          `${cpuWords(isolated)} (/sys/devices/system/cpu/isolated, cpuset.cpus.partition)`,
          ...(used === null ? [] : [`${used} of them busy over a second (/proc/stat)`]),
        ],
        cause: 'isolcpus= on the kernel command line, or an isolated cpuset partition.',
        advice: 'Threads that may run on several isolated CPUs are not moved between them: pin each to one.',
        where: { cpus: isolated, nodes: nodesOfCpus(topology, isolated) },
      },
    ];
  },
};
