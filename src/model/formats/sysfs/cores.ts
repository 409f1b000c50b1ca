/** Cores: the CPUs that are hardware threads of one another. Never guessed from how CPUs are numbered. */

import type { Core } from '../../topology/topology.ts';
import { hasComputeUnits } from './cpuinfo.ts';
import { lowest, topologyFile } from './packages.ts';
import type { Packages } from './packages.ts';
import { list } from './ids.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';
import type { Part } from './structure.ts';

/** By what `keyOf` says of each CPU. */
function split(cpus: Ids, keyOf: (cpu: number) => number | null): Set<number>[] {
  const parts = new Map<number | null, Set<number>>();
  for (const cpu of [...cpus].sort((a, b) => a - b)) {
    const key = keyOf(cpu);
    parts.set(key, (parts.get(key) ?? new Set()).add(cpu));
  }
  return [...parts.values()];
}

/** Cores of CPUs that no list puts into one, by the number they give; those without a number are in none. */
function inferred(
  source: Source,
  homeless: Ids,
  packageOf: Packages['packageOf'],
): { readonly cores: Ids[]; readonly unknown: Ids } {
  const byNumber = new Map<string, Set<number>>();
  const unknown = new Set<number>();
  for (const cpu of homeless) {
    const id = source.integer(topologyFile(cpu, 'core_id'));
    if (id === null || id < 0) {
      unknown.add(cpu);
      continue;
    }
    const die = source.integer(topologyFile(cpu, 'die_id')) ?? '';
    const key = `${packageOf.get(cpu) ?? ''} ${die} ${id}`;
    byNumber.set(key, (byNumber.get(key) ?? new Set<number>()).add(cpu));
  }
  return { cores: [...byNumber.values()], unknown };
}

/**
 * One core a set of thread siblings; CPUs that name none are in no core. Ids are the kernel's `core_id`, which repeats
 * between packages and, on some machines, between dies. What identifies a core is its CPUs.
 */
export function readCores(source: Source, { groups, homeless }: Part, { packageOf }: Packages): Core[] {
  const { cores, unknown } = inferred(source, homeless, packageOf);
  const madeUp = new Set(cores);
  if (cores.length > 0) {
    source.warn(
      `CPUs ${list(cores.flatMap((cpus) => [...cpus]))} do not name their thread siblings, or not so that it can be; they were put together by core number.`,
    );
  }
  if (unknown.size > 0)
    source.warn(`CPUs ${list(unknown)} do not say which core they are in; which of them share one is unknown.`);
  const units = hasComputeUnits(source);
  for (const group of groups) {
    const byPackage = split(group, (cpu) => packageOf.get(cpu) ?? null);
    if (byPackage.length > 1)
      source.warnOf(
        'siblings apart',
        list(group),
        (sets) => `Thread siblings ${sets} lie in several sockets; they were treated as separate cores.`,
      );
    for (const part of byPackage) {
      // Elsewhere a number of its own does not make a thread a core: POWER and some virtual machines number threads.
      cores.push(...(units ? split(part, (cpu) => source.integer(topologyFile(cpu, 'core_id'))) : [part]));
    }
  }
  return cores
    .sort((a, b) => lowest(a) - lowest(b))
    .map((cpus) => {
      const cpu = lowest(cpus);
      const id = source.integer(topologyFile(cpu, 'core_id'));
      return {
        id: id !== null && id >= 0 ? id : null,
        package: packageOf.get(cpu) ?? 0,
        cpus: list(cpus),
        inferred: madeUp.has(cpus),
      };
    });
}
