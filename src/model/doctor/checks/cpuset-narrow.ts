/** Fewer CPUs than threads that want to run; and the cpuset of this session: CPUs of one node and memory of another. */

import { formatCpuList } from '../../text/cpulist.ts';
import { formatFigure, nodeWords, plural } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { homesOf, idsOf, nodesOfCpus } from '../base/check.ts';
import { setCpusets } from '../base/cpusets.ts';
import type { Check } from '../base/check.ts';
import type { Told } from '../base/finding.ts';
import { ofProcesses, processWords, threadsBack, whereOf } from '../base/process.ts';
import type { Facts } from '../facts/facts.ts';

export const cpusetNarrow: Check = {
  id: 'cpuset-narrow',
  topic: 'cpus',
  title: 'cpusets and affinity',
  check(facts, limits) {
    const crowded = crowdedOf(facts, limits);
    return [...(isUnavailable(crowded) ? [] : crowded), ...ofSession(facts)];
  },
};

/** A CPU that others may use. */
const IDLE = 0.2;
/** Of the CPUs it may use, so much is in use. */
const USED = 0.8;
/** And so much by the process itself. */
const OWN = 0.5;

const crowdedOf = ofProcesses((process, { topology }, _limits, live): Told[] => {
  const online = topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id);
  const allowed = process.allowedCpus.filter((cpu) => online.includes(cpu));
  const wanting = process.threads.filter(({ runnable, busy }) => runnable || busy >= 0.5).length;
  const idle = live.cpus.filter(({ id, busy }) => !allowed.includes(id) && busy < IDLE).map(({ id }) => id);
  if (allowed.length >= online.length || wanting <= allowed.length || idle.length === 0) return [];
  // Others may use these CPUs as well.
  const used = live.cpus.reduce((sum, { id, busy }) => sum + (allowed.includes(id) ? busy : 0), 0);
  if (Math.max(process.busy, used) < USED * allowed.length || process.busy < OWN * allowed.length) return [];
  const nodes = nodesOfCpus(topology, allowed);
  const near = idle.filter((cpu) => nodesOfCpus(topology, [cpu]).some((node) => nodes.includes(node)));
  const more = [...allowed, ...(near.length > 0 ? near : idle)];
  const group = process.group?.cpus?.length === allowed.length ? process.group : null;
  return [
    {
      severity: 'medium',
      confidence: 0.8,
      sentence: `${processWords(process)} has ${plural(wanting, 'thread')} that want to run and may use ${plural(allowed.length, 'CPU')} of ${online.length}.`,
      evidence: [
        `may use CPUs ${formatCpuList(allowed)} (/proc/${process.pid}/status), and keeps ${formatFigure(process.busy)} of them busy`,
        `idle meanwhile: CPUs ${formatCpuList(idle)} (/proc/stat)`,
        ...(group === null ? [] : [`cpuset of ${group.path}`]),
      ],
      cause:
        group === null
          ? 'Its affinity was set to few CPUs (taskset, a job, OMP_PLACES).'
          : 'The cpuset of its control group is narrow.',
      advice: 'Give it the idle CPUs of its node, or run fewer threads.',
      ...(group === null
        ? { remedy: [`sudo taskset -acp ${formatCpuList(more)} ${process.pid}`], undo: threadsBack(process) }
        : setCpusets(group, { cpus: more }, true)),
      where: whereOf(process, nodes),
    },
  ];
});

function ofSession({ topology }: Facts): Told[] {
  const online = topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id);
  const allowed = topology.cpus.filter((cpu) => cpu.online && cpu.allowed).map(({ id }) => id);
  const memory = topology.nodes.filter((node) => node.allowed && node.memoryBytes !== 0);
  const homes = nodesOfCpus(topology, allowed);
  const evidence = [
    `${plural(allowed.length, 'CPU')} of ${online.length} allowed: ${formatCpuList(allowed)} (Cpus_allowed_list, cpuset.cpus.effective)`,
    `memory of ${nodeWords(idsOf(memory))} allowed (Mems_allowed_list, cpuset.mems.effective)`,
  ];
  const far = homes.filter((id) =>
    topology.nodes.some((node) => node.id === id && node.memoryBytes !== 0 && !node.allowed),
  );
  if (far.length > 0) {
    return [
      {
        severity: 'high',
        confidence: 0.95,
        sentence: `This session may run on ${nodeWords(far)} and may not have memory there.`,
        evidence,
        cause: 'cpuset.cpus and cpuset.mems of its control group name different nodes.',
        advice: 'Set both to the same nodes.',
        remedy: [
          `# of a systemd unit: sudo systemctl set-property UNIT AllowedMemoryNodes=${formatCpuList(homes)}`,
          '# or, in the folder of the control group below /sys/fs/cgroup:',
          `echo ${formatCpuList(homes)} | sudo tee cpuset.mems`,
        ],
        undo: [`echo ${formatCpuList(idsOf(memory))} | sudo tee cpuset.mems`],
        where: { nodes: far, cpus: allowed },
      },
    ];
  }
  if (allowed.length === online.length || homesOf(topology).length === 0) return [];
  return [
    {
      severity: 'low',
      confidence: 0.7,
      sentence: `This session may use ${plural(allowed.length, 'CPU')} of ${online.length}.`,
      evidence,
      cause: 'A cpuset or an affinity around this session: a container, a job, a service.',
      advice: 'What is started from here stays within them; other sessions may see more.',
      where: { cpus: allowed, nodes: homes },
    },
  ];
}
