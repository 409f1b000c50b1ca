/** What exporters of a plan have in common: files with words of what they cannot promise, names that every tool takes, what a block gets. */

import type { Placed, Placement } from '../place.ts';
import type { Plan } from '../plan.ts';
import { parseCpuList } from '../../text/cpulist.ts';

export interface ExportedFile {
  /** Below the folder of the export, with slashes. */
  readonly path: string;
  readonly text: string;
  /** What to do with it, and what it does not promise: whole sentences. */
  readonly note: string;
}

export interface PlanExporter {
  /** As `--only` names it, and the folder that it writes to. */
  readonly name: string;
  readonly title: string;
  /** None where the plan has nothing for this tool. */
  readonly write: (plan: Plan, placement: Placement) => readonly ExportedFile[];
}

/** As host names, units and pods may be called: other characters become hyphens, and names that meet get a number. */
export function toolNames(blocks: readonly Placed[]): ReadonlyMap<Placed, string> {
  const used = new Map<string, number>();
  return new Map(
    blocks.map((one) => {
      const plain = one.block.name
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .slice(0, 40)
        .replaceAll(/^-+|-+$/g, '');
      const base = plain === '' ? 'block' : plain;
      const count = (used.get(base) ?? 0) + 1;
      used.set(base, count);
      return [one, count === 1 ? base : `${base}-${String(count)}`];
    }),
  );
}

/** Cores of its CPUs in the order of the first ones, each with its threads: the order in which a guest numbers them. */
export function coresOf({ machine }: Placement, { cpus }: Placed): number[][] {
  const cores = new Map<number, number[]>();
  for (const cpu of cpus) {
    const first = machine.coreOf.get(cpu)?.cpus[0] ?? cpu;
    const core = cores.get(first);
    if (core) core.push(cpu);
    else cores.set(first, [cpu]);
  }
  return [...cores.values()];
}

/** Where the threads of a hypervisor run: what the block says, else the blocks that serve it. */
export function hypervisorCpus(
  { blocks }: Placement,
  { block }: Placed,
  which: 'emulatorCpus' | 'iothreadCpus',
): number[] {
  const own = block[which];
  if (own !== null) return parseCpuList(own);
  return blocks.filter((one) => one.block.serves.includes(block.name)).flatMap(({ cpus }) => cpus);
}

/** CPUs of the host itself: the reserve, and what serves virtual machines. */
export const hostCpus = ({ reserved, blocks }: Placement): number[] =>
  [...reserved.flatMap(({ cpus }) => cpus), ...blocks.filter(isEmulator).flatMap(({ cpus }) => cpus)].toSorted(
    (a, b) => a - b,
  );

const isEmulator = ({ block }: Placed): boolean => block.kind === 'emulator';

export const MIB = 2 ** 20;

/** Stands where a plan does not say how much, as YOUR_IMAGE stands for an image: no tool takes it for a figure. */
export const YOUR_MEMORY = 'YOUR_MEMORY';
