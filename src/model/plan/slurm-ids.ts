/** CPUs as Slurm numbers them in its configuration and answers: threads of a core side by side, cores in the order of their sockets. */

import { parseCpuList } from '../text/cpulist.ts';
import type { PlanMachine } from './machine.ts';

/** The kernel's number by Slurm's. Cores with fewer threads than others leave numbers out. */
export function slurmCpus({ topology, cores, smt }: PlanMachine): ReadonlyMap<number, number> {
  const inOrder = topology.packages.flatMap(({ cpus }) => {
    const own = new Set(parseCpuList(cpus));
    return cores.filter((core) => core.cpus.some((cpu) => own.has(cpu)));
  });
  return new Map(
    inOrder.flatMap((core, at) => core.cpus.map((cpu, thread): [number, number] => [at * smt + thread, cpu])),
  );
}
