/** CPUs and nodes that a plan names and the machine has not, or has switched off. */

import { formatCpus, formatRange, nodeWords, plural } from '../../../text/format.ts';
import { formatCpuList, parseCpuList } from '../../../text/cpulist.ts';
import type { PlanPath } from '../../plan.ts';
import type { Found, PlanCheck, Subject } from '../../problem.ts';

const LISTS = ['cpus', 'emulatorCpus', 'iothreadCpus'] as const;

function cpusThat({ plan, placement }: Subject, wrong: 'absent' | 'offline'): Found[] {
  const { cpus: all } = placement.machine.topology;
  const state = new Map(all.map(({ id, online }) => [id, online]));
  const range = formatRange(formatCpuList(state.keys()));
  return plan.blocks.flatMap((block, at) =>
    LISTS.flatMap((key): Found[] => {
      const written = block[key];
      const ids = written === null ? [] : parseCpuList(written);
      const found = ids.filter((id) => (wrong === 'absent' ? !state.has(id) : state.get(id) === false));
      if (found.length === 0) return [];
      const list = formatCpus(formatCpuList(found));
      return [
        {
          severity: 'error',
          blocks: [block.name],
          nodes: [],
          path: ['blocks', at, key],
          ...(wrong === 'absent'
            ? {
                sentence: `${block.name} names ${list}, which the machine has not.`,
                reason: `It has P#${range}.`,
                remedy: `Name CPUs out of ${range}, or give cores and a node instead of cpus.`,
              }
            : {
                sentence: `${block.name} names ${list}, which ${found.length === 1 ? 'is' : 'are'} offline.`,
                reason: 'A thread pinned to an offline CPU cannot be started, or is moved elsewhere.',
                remedy: `Name others, or switch ${plural(found.length, 'CPU')} on: echo 1 > /sys/devices/system/cpu/cpuN/online`,
              }),
        },
      ];
    }),
  );
}

export const absentCpu: PlanCheck = {
  id: 'absent-cpu',
  title: 'A block names CPUs that the machine does not have',
  look: (subject) => cpusThat(subject, 'absent'),
};

export const offlineCpu: PlanCheck = {
  id: 'offline-cpu',
  title: 'A block names CPUs that are offline',
  look: (subject) => cpusThat(subject, 'offline'),
};

export const absentNode: PlanCheck = {
  id: 'absent-node',
  title: 'A NUMA node is named that the machine does not have',
  look({ plan, placement }) {
    const { topology, node } = placement.machine;
    const there = nodeWords(topology.nodes.map(({ id }) => id));
    const named: { path: PlanPath; ids: readonly number[]; blocks: string[] }[] = [
      ...plan.reserve.map(({ node: id }, at) => ({ path: ['reserve', at, 'node'], ids: [id], blocks: [] })),
      ...plan.blocks.flatMap(({ name, nodes, memoryNodes }, at) => [
        { path: ['blocks', at, nodes?.length === 1 ? 'node' : 'nodes'], ids: nodes ?? [], blocks: [name] },
        { path: ['blocks', at, 'memoryNodes'], ids: memoryNodes ?? [], blocks: [name] },
      ]),
    ];
    return named.flatMap(({ path, ids, blocks }): Found[] => {
      const gone = ids.filter((id) => node(id) === null);
      if (gone.length === 0) return [];
      return [
        {
          severity: 'error',
          blocks,
          nodes: gone,
          path,
          sentence: `${blocks[0] ?? 'The reserve'} names NUMA ${nodeWords(gone)}, which the machine has not.`,
          reason: `It has ${there}.`,
          remedy: `Name one of ${there}.`,
        },
      ];
    });
  },
};
