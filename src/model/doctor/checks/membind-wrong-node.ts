/** Memory that a policy or a cpuset binds to nodes where the process does not run. */

import { formatCpuList } from '../../text/cpulist.ts';
import { formatBytes, nodeWords } from '../../text/format.ts';
import { nodesOfCpus } from '../base/check.ts';
import { setCpusets } from '../base/cpusets.ts';
import type { Check } from '../base/check.ts';
import {
  bytesByNode,
  bytesWords,
  cpuTimeWords,
  farOf,
  homesOfProcess,
  movePages,
  moveThreads,
  ofPages,
  ofProcesses,
  processWords,
  sumOf,
  whereOf,
} from '../base/process.ts';
import type { Told } from '../base/finding.ts';
import { isUnavailable } from '../../run/run.ts';

const byPolicy = ofPages((process, mappings, { topology }, limits): Told[] => {
  const homes = homesOfProcess(topology, process);
  const bound = mappings.filter(
    ({ policy, nodes, kind }) =>
      // That of a file is its mount's, or of whoever made it: told as such.
      kind !== 'file' &&
      kind !== 'shared' &&
      (policy === 'bind' || policy.startsWith('prefer')) &&
      nodes.length > 0 &&
      !nodes.some((node) => homes.includes(node)),
  );
  const bytes = bytesByNode(bound);
  const far = farOf(bytes, homes);
  const [home] = homes;
  if (home === undefined || sumOf(far) < limits['far-file-bytes']) return [];
  const asked = [...new Set(bound.flatMap(({ nodes }) => nodes))].sort((a, b) => a - b);
  const [only] = asked;
  const there = only !== undefined && nodesOfCpus(topology, process.allowedCpus).includes(only);
  return [
    {
      severity: 'high',
      confidence: 0.95,
      sentence: `${processWords(process)} binds its memory to ${nodeWords(asked)} and runs on ${nodeWords(homes)}.`,
      evidence: [
        `policy ${bound[0]?.policy ?? ''}:${formatCpuList(asked)} of ${formatBytes(sumOf(bytes))}: ${bytesWords(bytes)} (${process.origin})`,
        cpuTimeWords(topology, process),
        `may run on CPUs ${formatCpuList(process.allowedCpus)} (/proc/${process.pid}/status)`,
      ],
      cause:
        'It was started with numactl --membind or --preferred of one node and CPUs of another, or binds its memory itself.',
      advice: `Bind both to the same node: numactl --cpunodebind=N --membind=N. A policy can only be changed where it was set; ${there ? 'its threads can move now' : 'its pages can move now, and new ones come on the far node again'}.`,
      ...(there ? moveThreads(topology, process, only) : movePages(process, asked, home)),
      where: whereOf(process, [...homes, ...asked]),
    },
  ];
});

const byCpuset = ofProcesses((process, { topology }): Told[] => {
  const nodes = nodesOfCpus(topology, process.allowedCpus);
  const memory = process.allowedNodes.filter((id) =>
    topology.nodes.some((node) => node.id === id && node.memoryBytes !== 0),
  );
  const wide = topology.nodes.every((node) => node.memoryBytes === 0 || memory.includes(node.id));
  if (nodes.length === 0 || memory.length === 0 || wide || nodes.some((node) => memory.includes(node))) return [];
  const { group } = process;
  return [
    {
      severity: 'high',
      confidence: 0.95,
      sentence: `${processWords(process)} may run on ${nodeWords(nodes)} only and have memory of ${nodeWords(memory)} only.`,
      evidence: [
        `CPUs ${formatCpuList(process.allowedCpus)}, memory of ${nodeWords(memory)} (/proc/${process.pid}/status)`,
        cpuTimeWords(topology, process),
        ...(group === null ? [] : [`control group ${group.path}`]),
      ],
      cause: 'cpuset.cpus and cpuset.mems of its control group, or its affinity and its cpuset, name different nodes.',
      advice: 'Set both to the same nodes.',
      ...(group === null ? {} : setCpusets(group, { nodes }, true)),
      where: whereOf(process, [...nodes, ...memory]),
    },
  ];
});

export const membindWrongNode: Check = {
  id: 'membind-wrong-node',
  topic: 'processes',
  title: 'policies that bind memory',
  check(facts, limits) {
    const [policy, cpuset] = [byPolicy(facts, limits), byCpuset(facts, limits)];
    if (isUnavailable(policy)) return !isUnavailable(cpuset) && cpuset.length > 0 ? cpuset : policy;
    const told = isUnavailable(cpuset) ? [] : cpuset;
    // Of one process both may hold; the cpuset is what the policy is cut by.
    return [...told, ...policy.filter(({ where }) => !told.some((one) => one.where?.pids?.[0] === where?.pids?.[0]))];
  },
};
