/** Memory of a block on other nodes than the plan's. */

import { bytesWords, farOf, sumOf } from '../../../doctor/base/process.ts';
import { isUnavailable } from '../../../run/run.ts';
import { formatCpuList } from '../../../text/cpulist.ts';
import { formatBytes, formatPercent, nodeWords } from '../../../text/format.ts';
import type { Placed } from '../../place.ts';
import { quoted } from '../base/check.ts';
import type { DriftCheck } from '../base/check.ts';
import { memoryOf } from '../../reality/reality.ts';
import type { Running } from '../../reality/reality.ts';

/** Pages that the agent asks at random of what is too large to walk. */
const SAMPLED = 10_000;
const Z = 1.96;

export const plannedNodes = ({ memory, block, nodes }: Placed): readonly number[] =>
  memory.size > 0 ? [...memory.keys()] : (block.memoryNodes ?? nodes);

/** Half the 95 % interval of a share; none where every page was counted. */
export const marginOf = (share: number, origin: string): number =>
  origin.includes('at random') ? Z * Math.sqrt((share * (1 - share)) / SAMPLED) : 0;

function remedyOf({ by, processes, kind }: Running, from: readonly number[], to: readonly number[]): string[] {
  const nodes = formatCpuList(to);
  if (by?.tool === 'docker' || by?.tool === 'podman')
    return [`sudo ${by.tool} update --cpuset-mems=${nodes} ${quoted(by.name)}`];
  if (by?.tool === 'systemd')
    return [`sudo systemctl set-property --runtime ${quoted(by.name)} AllowedMemoryNodes=${nodes}`];
  if (by?.tool === 'kubernetes')
    return [
      '# with memoryManagerPolicy: Static the kubelet binds it where it admits it: delete the pod, and it is admitted anew',
    ];
  if (kind === 'container') return [`# bind its cpuset to nodes ${nodes}: its runtime is not known`];
  return [
    ...processes.map(({ pid }) => `sudo migratepages ${pid} ${formatCpuList(from)} ${nodes}`),
    ...(by?.tool === 'libvirt'
      ? [
          `sudo virsh numatune ${quoted(by.name)} --mode strict --nodeset ${nodes} --config`,
          '# the last counts from its next start on',
        ]
      : []),
  ];
}

function undoOf({ by, processes }: Running, from: readonly number[], to: readonly number[]): string[] {
  if (by !== null && by.tool !== 'libvirt') return [];
  return processes.map(({ pid }) => `sudo migratepages ${pid} ${formatCpuList(to)} ${formatCpuList(from.slice(0, 1))}`);
}

export const memoryOff: DriftCheck = {
  id: 'plan-memory-off',
  look: ({ placed, running, limits }) => {
    const planned = plannedNodes(placed);
    return running.flatMap((one) => {
      const memory = memoryOf(one);
      if (isUnavailable(memory) || planned.length === 0) return [];
      const off = farOf(memory.bytes, planned);
      const [bytes, all] = [sumOf(off), sumOf(memory.bytes)];
      const share = all === 0 ? 0 : bytes / all;
      const margin = marginOf(share, memory.origin);
      if (bytes < limits['drift-bytes'] || share - margin < limits['drift-share']) return [];
      const from = [...off.keys()].toSorted((a, b) => a - b);
      const words = margin === 0 ? formatPercent(share) : `${formatPercent(share)} (± ${formatPercent(margin)})`;
      return [
        {
          severity: share >= 0.5 ? ('high' as const) : ('medium' as const),
          confidence: 1,
          sentence: `${words} of the memory of ${one.label} is on ${nodeWords(from)}; the plan has it on ${nodeWords(planned)}.`,
          evidence: [`${formatBytes(all)}: ${bytesWords(memory.bytes)} (${memory.origin})`],
          cause: 'It was touched first from there, or its own node was full, and nothing bound it.',
          advice:
            'Move it, and bind it where it is started (libvirt: <numatune>; systemd: NUMAPolicy=bind; `plan export` writes them).',
          remedy: remedyOf(one, from, planned),
          undo: undoOf(one, from, planned),
          where: { nodes: from, pids: one.processes.map(({ pid }) => pid) },
        },
      ];
    });
  },
};
