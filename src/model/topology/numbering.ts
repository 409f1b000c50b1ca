/** What CPUs are called on a drawing: the kernel's numbers (`P#`), or lstopo's logical ones (`L#`), which neighbours share. */

import { formatCpuList } from '../text/cpulist.ts';
import { logicalOf } from './logical.ts';
import type { Topology } from './topology.ts';

export const NUMBER_KINDS = ['P', 'L'] as const;
export type NumberKind = (typeof NUMBER_KINDS)[number];

export interface CpuName {
  readonly long: string;
  /** The number alone; null where it would be taken for one of the other kind. */
  readonly short: string | null;
}

export interface CpuNumbers {
  readonly prefix: `${NumberKind}#`;
  name(cpu: number): CpuName;
  /** Several, as a list; those that have no number of the kind are left out. */
  list(cpus: readonly number[]): string;
}

export const PHYSICAL: CpuNumbers = {
  prefix: 'P#',
  name: (cpu) => ({ long: `P#${cpu}`, short: String(cpu) }),
  list: formatCpuList,
};

export function cpuNumbers(topology: Topology, kind: NumberKind): CpuNumbers {
  if (kind === 'P') return PHYSICAL;
  const { cpus } = logicalOf(topology);
  return {
    prefix: 'L#',
    name: (cpu) => {
      const at = cpus.get(cpu);
      return at === undefined ? { long: `P#${cpu}`, short: null } : { long: `L#${at}`, short: String(at) };
    },
    list: (ids) => formatCpuList(ids.flatMap((id) => cpus.get(id) ?? []).sort((a, b) => a - b)),
  };
}

/** The kernel's number of a CPU, from its `L#`; null where none has it. */
export function cpuOfLogical(topology: Topology, at: number): number | null {
  return [...logicalOf(topology).cpus.keys()][at] ?? null;
}

/** "P#36, L#1": both, the one that is shown first; what is offline has only the first. */
export function bothNames(topology: Topology, cpu: number, kind: NumberKind = 'P'): string {
  const [physical, at] = [`P#${cpu}`, logicalOf(topology).cpus.get(cpu)];
  if (at === undefined) return physical;
  return kind === 'P' ? `${physical}, L#${at}` : `L#${at}, ${physical}`;
}
