/**
 * Where CPUs are by /proc/cpuinfo alone, for hosts whose /sys says nothing of it (gVisor, containers with /sys masked). What
 * is found is put in as the files /sys would have, so that one reader serves both.
 */

import { formatCpuList, MAX_ID } from '../../text/cpulist.ts';
import { PROBE_WARNINGS } from './probe.ts';
import type { ProbeFiles } from './probe.ts';

interface Place {
  readonly package: number;
  readonly core: number | null;
  /** Threads of the package, and cores of it; null where not said. */
  readonly siblings: number | null;
  readonly cores: number | null;
}

const TOPOLOGY =
  /^sys\/devices\/system\/cpu\/cpu\d+\/topology\/(physical_package_id|core_id|thread_siblings|core_cpus)/;

/** A block begins with the CPU's number; s390 and LoongArch have names of their own for the rest. */
function placesOf(cpuinfo: string): Map<number, Place> {
  const places = new Map<number, Place>();
  const starts = [...cpuinfo.matchAll(/^(?:processor|cpu number)[ \t]*:[ \t]*(\d{1,5})[ \t]*$/gm)];
  starts.forEach((start, i) => {
    const block = cpuinfo.slice(start.index, starts[i + 1]?.index);
    const field = (name: string): number | null => {
      const value = new RegExp(`^(?:${name})[ \\t]*:[ \\t]*(\\d{1,9})[ \\t]*$`, 'm').exec(block)?.[1];
      return value === undefined ? null : Number(value);
    };
    const [cpu, pkg] = [Number(start[1]), field('physical id|package')];
    if (cpu > MAX_ID || pkg === null) return;
    places.set(cpu, {
      package: pkg,
      core: field('core id|core'),
      siblings: field('siblings'),
      cores: field('cpu cores'),
    });
  });
  return places;
}

function groups(places: ReadonlyMap<number, Place>, key: (place: Place) => string | null): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [cpu, place] of places) {
    const at = key(place);
    if (at !== null) found.set(at, [...(found.get(at) ?? []), cpu]);
  }
  return found;
}

/** No group is larger than its members say it is. */
const plausible = (
  places: ReadonlyMap<number, Place>,
  sets: ReadonlyMap<string, readonly number[]>,
  most: (place: Place) => number,
): boolean =>
  [...sets.values()].every((cpus) => {
    const place = places.get(cpus[0] ?? -1);
    return place !== undefined && cpus.length <= most(place);
  });

/** `files`, with the places of CPUs that only cpuinfo names. */
export function withPlacesOfCpuinfo(files: ProbeFiles): ProbeFiles {
  const cpuinfo = files.get('proc/cpuinfo');
  if (cpuinfo === undefined || !/^(?:physical id|package)[ \t]*:/m.test(cpuinfo)) return files;
  for (const path of files.keys()) if (TOPOLOGY.test(path)) return files;
  const places = placesOf(cpuinfo);
  const packages = groups(places, (place) => String(place.package));
  // Some virtual machines say of all CPUs that they are the only one of package 0.
  if (places.size === 0 || !plausible(places, packages, ({ siblings }) => siblings ?? Infinity)) return files;
  const cores = groups(places, (place) => (place.core === null ? null : `${place.package} ${place.core}`));
  const threads = ({ siblings, cores: count }: Place): number =>
    siblings === null || count === null || count === 0 ? Infinity : Math.ceil(siblings / count);
  const told = plausible(places, cores, threads);
  const out = new Map(files);
  const put = (cpu: number, name: string, value: string): void => {
    out.set(`sys/devices/system/cpu/cpu${cpu}/topology/${name}`, value);
  };
  for (const cpus of packages.values())
    for (const cpu of cpus) {
      put(cpu, 'physical_package_id', String(places.get(cpu)?.package));
      put(cpu, 'package_cpus_list', formatCpuList(cpus));
    }
  if (told)
    for (const cpus of cores.values())
      for (const cpu of cpus) {
        put(cpu, 'core_id', String(places.get(cpu)?.core));
        put(cpu, 'core_cpus_list', formatCpuList(cpus));
      }
  const what = told && cores.size > 0 ? 'sockets and cores are' : 'sockets are';
  const words = `The host shows no topology of its CPUs in /sys; ${what} those of /proc/cpuinfo.`;
  return out.set(PROBE_WARNINGS, [files.get(PROBE_WARNINGS), words].filter(Boolean).join('\n'));
}
