/** Cores: the CPUs that are hardware threads of one another. Never guessed from how CPUs are numbered. */

import type { Core } from '../topology.ts';
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

/**
 * One core a set of thread siblings. Ids are the kernel's `core_id`, which repeats between packages and, on some
 * machines, between dies; −1 where the host gives none. What identifies a core is its CPUs.
 */
export function readCores(source: Source, { groups, homeless }: Part, { packageOf }: Packages): Core[] {
  if (homeless.size > 0) {
    source.warn(
      `CPUs ${list(homeless)} do not name their thread siblings, or not so that it can be; each was taken as a core.`,
    );
  }
  const cores: Ids[] = [...homeless].map((cpu) => new Set([cpu]));
  const units = hasComputeUnits(source);
  for (const group of groups) {
    const byPackage = split(group, (cpu) => packageOf.get(cpu) ?? null);
    if (byPackage.length > 1)
      source.warn(`Thread siblings ${list(group)} lie in several packages; they were taken apart.`);
    for (const part of byPackage) {
      // Elsewhere a number of its own does not make a thread a core: POWER and some virtual machines number threads.
      cores.push(...(units ? split(part, (cpu) => source.integer(topologyFile(cpu, 'core_id'))) : [part]));
    }
  }
  return cores
    .sort((a, b) => lowest(a) - lowest(b))
    .map((cpus) => {
      const cpu = lowest(cpus);
      const id = source.integer(topologyFile(cpu, 'core_id')) ?? -1;
      return { id: Math.max(id, -1), package: packageOf.get(cpu) ?? 0, cpus: list(cpus), inferred: homeless.has(cpu) };
    });
}
