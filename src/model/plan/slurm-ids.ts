/** CPUs as Slurm numbers them in its configuration and answers: threads of a core side by side, cores in the order of their sockets. */

import { parseCpuList } from '../text/cpulist.ts';
import type { PlanMachine } from './machine.ts';

/** Cores as Slurm numbers them, with the kernel's CPUs of each. */
export const slurmCores = ({ topology, cores }: PlanMachine): readonly { readonly cpus: readonly number[] }[] =>
  topology.packages.flatMap(({ cpus }) => {
    const own = new Set(parseCpuList(cpus));
    return cores.filter((core) => core.cpus.some((cpu) => own.has(cpu)));
  });

/** The kernel's number by Slurm's. Cores with fewer threads than others leave numbers out. */
export function slurmCpus(machine: PlanMachine): ReadonlyMap<number, number> {
  const { smt } = machine;
  return new Map(
    slurmCores(machine).flatMap((core, at) =>
      core.cpus.map((cpu, thread): [number, number] => [at * smt + thread, cpu]),
    ),
  );
}
