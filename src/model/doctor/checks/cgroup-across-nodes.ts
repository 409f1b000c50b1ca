/** A container or service whose memory lies on several nodes and would fit on one. */

import { formatCpuList } from '../../text/cpulist.ts';
import { formatBytes, nodeWords, plural } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { nodesOfCpus } from '../base/check.ts';
import { setCpusets } from '../base/cpusets.ts';
import type { Check } from '../base/check.ts';
import type { Told } from '../base/finding.ts';
import { guestOf } from '../base/guest.ts';
import { bytesWords, cpuByNode, cpusOfNode, sharesOf, sumOf, watched } from '../base/process.ts';

/** Groups of containers, pods, jobs and services; not the sessions of people and not the whole slice. */
const OWN = /(docker|libpod|crio|containerd|kubepods|lxc|machine|slurm|job_|\.service)/;

export const cgroupAcrossNodes: Check = {
  id: 'cgroup-across-nodes',
  topic: 'processes',
  title: 'containers and services against nodes',
  check({ live, topology }, limits) {
    if (isUnavailable(live)) return live;
    const groups = new Map(
      watched(live, limits).flatMap(({ group }) =>
        group && (live.selection !== null || OWN.test(group.path)) ? [[group.path, group] as const] : [],
      ),
    );
    return [...groups.values()].flatMap((group): Told[] => {
      const members = live.processes.filter((process) => process.group?.path === group.path);
      if (isUnavailable(group.anon) || group.path === '/' || members.some((one) => guestOf(one))) return [];
      const anon = new Map(Object.entries(group.anon).map(([node, bytes]) => [Number(node), bytes]));
      const shares = sharesOf(anon);
      const spread = [...anon].filter(
        ([node, bytes]) => bytes >= limits['far-bytes'] && (shares.get(node) ?? 0) >= limits['far-share'],
      );
      const nodes = spread.map(([node]) => node).sort((a, b) => a - b);
      const best = [...spread].sort((a, b) => b[1] - a[1])[0]?.[0];
      if (nodes.length < 2 || best === undefined) return [];
      const busy = members.reduce((sum, one) => sum + one.busy, 0);
      const cpus = cpusOfNode(topology, best);
      const memory = topology.nodes.find(({ id }) => id === best)?.memoryBytes ?? 0;
      if (busy > cpus.length || sumOf(anon) > memory * limits['node-room']) return [];
      const allowed = group.cpus ?? topology.cpus.map(({ id }) => id);
      const homes = [...sharesOf(cpuByNode(topology, { threads: members.flatMap(({ threads }) => threads) })).keys()];
      return [
        {
          severity: 'medium',
          confidence: nodesOfCpus(topology, allowed).length > 1 ? 0.7 : 0.8,
          sentence: `The control group ${group.path} has its memory on ${nodeWords(nodes)}, and would fit on one.`,
          evidence: [
            `${formatBytes(sumOf(anon))} of anonymous memory: ${bytesWords(anon)} (memory.numa_stat)`,
            `may run on ${nodeWords(nodesOfCpus(topology, allowed))}${group.cpus ? ` (cpuset.cpus.effective ${formatCpuList(group.cpus)})` : ''}; ran on ${nodeWords(homes)}`,
            `node ${best} has ${plural(cpus.length, 'CPU')} and ${formatBytes(memory)}`,
          ],
          cause:
            'Nothing binds it to a node: its processes start where CPUs are idle, and their memory comes from there.',
          advice:
            'Give it the CPUs and the memory of one node (Docker: --cpuset-cpus, --cpuset-mems; Kubernetes: topology manager).',
          ...setCpusets(group, { cpus, nodes: [best] }, false),
          where: { nodes, cpus: allowed, pids: members.map(({ pid }) => pid) },
        },
      ];
    });
  },
};
