/** The CPUs a host has, which of them are online, and the kinds of core on hybrid machines. */

import { MAX_ID } from '../cpulist.ts';
import { list, without } from './ids.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';

export const CPU = 'sys/devices/system/cpu';

export interface CpuIds {
  /** Every CPU that is plugged in, ascending. */
  readonly all: readonly number[];
  readonly online: Ids;
}

/** CPUs the kernel has given a place: a folder whose CPU is neither listed nor described is a leftover name. */
function fromFolders(source: Source): CpuIds {
  const all = source.numbered(`${CPU}/cpu`).filter((id) => id <= MAX_ID);
  // cpu0 cannot be switched off on most machines and then has no such file.
  const online = all.filter((id) => source.integer(`${CPU}/cpu${id}/online`) !== 0);
  return { all, online: new Set(online) };
}

/** Where /sys shows no CPUs at all, their numbers from /proc. */
function fromProc(source: Source): CpuIds {
  const blocks = source.raw('proc/cpuinfo')?.matchAll(/^processor\s*:?\s*(\d{1,5})\b/gm) ?? [];
  const status = /^Cpus_allowed_list:\s*([-0-9,]+)/m.exec(source.raw('proc/self/status') ?? '')?.[1];
  const allowed = status === undefined ? null : source.set(status, 'list', 'Cpus_allowed_list');
  const all = [...new Set([...[...blocks].map((match) => Number(match[1])), ...(allowed ?? [])])]
    .filter((id) => id <= MAX_ID)
    .sort((a, b) => a - b);
  source.warn('The host shows no CPUs in /sys; what is drawn comes from /proc and knows no cores, caches or packages.');
  return { all, online: new Set(all) };
}

/** Documentation/ABI/testing/sysfs-devices-system-cpu: `present` are plugged in, `online` can be scheduled on. */
export function readCpus(source: Source): CpuIds {
  const folders = fromFolders(source);
  const listed = source.ids({ list: `${CPU}/online` });
  if (listed === null || listed.size === 0) return folders.all.length > 0 ? folders : fromProc(source);
  const present = source.ids({ list: `${CPU}/present` }) ?? new Set<number>();
  const missing = present.size > 0 ? without(listed, present) : new Set<number>();
  if (missing.size > 0) source.warn(`CPUs ${list(missing)} are online but not present; they were taken as online.`);
  const all = new Set([...listed, ...present, ...folders.all]);
  return { all: [...all].sort((a, b) => a - b), online: listed };
}

// Performance-monitoring units are the only place where the kernel tells Intel's kinds of core apart.
const INTEL_KINDS = [
  ['sys/devices/cpu_core/cpus', 'performance'],
  ['sys/devices/cpu_atom/cpus', 'efficiency'],
  ['sys/devices/cpu_lowpower/cpus', 'low-power'],
] as const;

/** Name of each CPU's kind on a hybrid machine; empty where all are alike. */
export function readKinds(source: Source, online: Ids): ReadonlyMap<number, string> {
  const kinds = new Map<number, string>();
  for (const [path, name] of INTEL_KINDS) for (const cpu of source.ids({ list: path }) ?? []) kinds.set(cpu, name);
  if (new Set(kinds.values()).size > 1) return kinds;
  // A recording may lack those units; only intel_pstate shows a base frequency, and it differs by kind alone.
  const bases = differing(online, (cpu) => {
    const khz = source.integer(`${CPU}/cpufreq/policy${cpu}/base_frequency`);
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
