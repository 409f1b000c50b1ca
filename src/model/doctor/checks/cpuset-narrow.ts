/** The cpuset of this session: CPUs of one node and memory of another, or a part of the machine only. */

import { formatCpuList } from '../../text/cpulist.ts';
import { nodeWords, plural } from '../../text/format.ts';
import { homesOf, idsOf, nodesOfCpus } from '../base/check.ts';
import type { Check } from '../base/check.ts';

export const cpusetNarrow: Check = {
  id: 'cpuset-narrow',
  topic: 'cpus',
  title: 'cpuset of this session',
  check({ topology }) {
    const online = topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id);
    const allowed = topology.cpus.filter((cpu) => cpu.online && cpu.allowed).map(({ id }) => id);
    const memory = topology.nodes.filter((node) => node.allowed && node.memoryBytes !== 0);
    const homes = nodesOfCpus(topology, allowed);
    const evidence = [
      `${plural(allowed.length, 'CPU')} of ${online.length} allowed: ${formatCpuList(allowed)} (Cpus_allowed_list, cpuset.cpus.effective)`,
      `memory of ${nodeWords(idsOf(memory))} allowed (Mems_allowed_list, cpuset.mems.effective)`,
    ];
    const far = homes.filter(
      (id) =>
        !memory.some((node) => node.id === id) &&
        topology.nodes.some((node) => node.id === id && node.memoryBytes !== 0),
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
  },
};
