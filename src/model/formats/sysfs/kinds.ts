/** The kinds of core on hybrid machines. */

import { CPU } from './cpus.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';

// Performance-monitoring units are the only place where the kernel tells Intel's kinds of core apart.
const INTEL_KINDS = [
  ['sys/devices/cpu_core/cpus', 'performance'],
  ['sys/devices/cpu_atom/cpus', 'efficiency'],
  ['sys/devices/cpu_lowpower/cpus', 'low-power'],
] as const;

/** kHz; null where the kernel shows none. */
const baseOf = (source: Source, cpu: number): number | null =>
  source.integer(`${CPU}/cpufreq/policy${cpu}/base_frequency`);

const hasL3 = (source: Source, cpu: number): boolean =>
  source
    .numbered(`${CPU}/cpu${cpu}/cache/index`)
    .some((index) => source.integer(`${CPU}/cpu${cpu}/cache/index${index}/level`) === 3);

/**
 * Kernels before cpu_lowpower count low-power efficiency cores among the efficient: those are outside the L3 that the others
 * share, or of a lower base frequency.
 */
function lowPower(source: Source, kinds: ReadonlyMap<number, string>): number[] {
  if ([...kinds.values()].includes('low-power')) return [];
  const efficient = [...kinds].flatMap(([cpu, kind]) => (kind === 'efficiency' ? [cpu] : []));
  const base = (cpu: number): number => baseOf(source, cpu) ?? 0;
  const highest = efficient.reduce((most, cpu) => Math.max(most, base(cpu)), 0);
  const inside = efficient.filter((cpu) => hasL3(source, cpu));
  const outside = efficient.filter((cpu) => !inside.includes(cpu));
  const slower = efficient.filter((cpu) => base(cpu) > 0 && base(cpu) < highest);
  if (inside.length === 0 || outside.length === 0) return slower;
  const known = outside.every((cpu) => base(cpu) > 0);
  return known && outside.every((cpu) => base(cpu) === highest) ? [] : outside;
}

/** Name of each CPU's kind on a hybrid machine; empty where all are alike. */
export function readKinds(source: Source, online: Ids): ReadonlyMap<number, string> {
  const kinds = new Map<number, string>();
  for (const [path, name] of INTEL_KINDS) for (const cpu of source.ids({ list: path }) ?? []) kinds.set(cpu, name);
  if (new Set(kinds.values()).size > 1) {
    for (const cpu of lowPower(source, kinds)) kinds.set(cpu, 'low-power');
    return kinds;
  }
  // A recording may lack those units; only intel_pstate shows a base frequency, and it differs by kind alone.
  const bases = differing(online, (cpu) => {
    const khz = baseOf(source, cpu);
    return khz === null ? null : `base-${Math.round(khz / 1000)}MHz`;
  });
  if (bases.size > 0) return bases;
  // Arm: relative performance, 1024 for the fastest core (Documentation/scheduler/sched-capacity.rst).
  return differing(online, (cpu) => {
    const capacity = source.integer(`${CPU}/cpu${cpu}/cpu_capacity`);
    return capacity === null ? null : `capacity-${capacity}`;
  });
}

/** What `nameOf` says of each CPU; empty where it says the same of all. */
function differing(cpus: Ids, nameOf: (cpu: number) => string | null): Map<number, string> {
  const names = new Map<number, string>();
  for (const cpu of cpus) {
    const name = nameOf(cpu);
    if (name !== null) names.set(cpu, name);
  }
  if (new Set(names.values()).size === 1) names.clear();
  return names;
}
