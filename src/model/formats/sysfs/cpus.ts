/** The CPUs a host has, and which of them are online. */

import { MAX_ID } from '../../text/cpulist.ts';
import { both, list, without } from './ids.ts';
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
  source.warn('The host shows no CPUs in /sys; what is drawn comes from /proc and knows no cores, caches or sockets.');
  return { all, online: new Set(all) };
}

const TOPOLOGY_FILES = ['physical_package_id', 'core_id', 'core_cpus_list', 'thread_siblings_list', 'thread_siblings'];

/** Only of CPUs that are online does the kernel show this, s390 apart. */
const isDescribed = (source: Source, cpu: number): boolean =>
  TOPOLOGY_FILES.some((name) => source.raw(`${CPU}/cpu${cpu}/topology/${name}`) !== null);

/**
 * `listed`, unless that cannot be: a container may see a list that is made up for it (lxcfs counts from 0) beside files of
 * the host that are not. CPUs whose own files say that they are on are on, and a session may use some CPU.
 */
function believable(source: Source, listed: Ids, all: Ids, allowed: Ids | null): Ids {
  const own = (cpu: number): number | null => source.integer(`${CPU}/cpu${cpu}/online`);
  const on = [...all].filter((cpu) => !listed.has(cpu) && own(cpu) === 1 && isDescribed(source, cpu));
  const off = [...listed].filter((cpu) => own(cpu) === 0 && !isDescribed(source, cpu));
  let online = without(new Set([...listed, ...on]), new Set(off));
  const usable = (cpus: Ids): boolean => allowed === null || both(cpus, allowed).size > 0;
  if (!usable(online)) {
    const described = [...all].filter((cpu) => own(cpu) !== 0 && isDescribed(source, cpu));
    online = new Set([...online, ...described]);
  }
  if (!usable(online) && allowed !== null) {
    const possible = source.ids({ list: `${CPU}/possible` });
    online = new Set([...online, ...(possible ? both(allowed, possible) : allowed)]);
  }
  if (online.size === 0) return listed;
  const differs = online.size !== listed.size || without(online, listed).size > 0;
  if (differs)
    source.warn(
      `The list of online CPUs (${list(listed)}) contradicts what the host says of the CPUs themselves, as in some containers; ${list(online)} were taken as online.`,
    );
  return online;
}

/**
 * Documentation/ABI/testing/sysfs-devices-system-cpu: `present` are plugged in, `online` can be scheduled on. `allowed`: those
 * of the session, null for no limit.
 */
export function readCpus(source: Source, allowed: Ids | null): CpuIds {
  const folders = fromFolders(source);
  const listed = source.ids({ list: `${CPU}/online` });
  if (listed === null || listed.size === 0) return folders.all.length > 0 ? folders : fromProc(source);
  const present = source.ids({ list: `${CPU}/present` }) ?? new Set<number>();
  const missing = present.size > 0 ? without(listed, present) : new Set<number>();
  if (missing.size > 0) source.warn(`CPUs ${list(missing)} are online but not present; they were taken as online.`);
  const shown = new Set([...listed, ...present, ...folders.all]);
  const online = believable(source, listed, shown, allowed);
  return { all: [...new Set([...shown, ...online])].sort((a, b) => a - b), online };
}
