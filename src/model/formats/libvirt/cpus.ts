/** CPUs of all cells, and what they say they share. */

import { MAX_ID, parseCpuList } from '../../text/cpulist.ts';
import { list } from '../sysfs/ids.ts';
import type { Ids } from '../sysfs/ids.ts';
import type { Source } from '../sysfs/source.ts';
import { readStructure } from '../sysfs/structure.ts';
import type { Cache, CacheType, Core, Group, Topology } from '../../topology/topology.ts';
import type { XmlElement } from '../xml.ts';
import { at, bytes, children, whole } from './values.ts';

const CACHE_TYPES: Partial<Record<string, CacheType>> = { both: 'unified', data: 'data', code: 'instruction' };

export interface Cpu {
  readonly id: number;
  /** Where others name their socket, an offline CPU has its number alone. */
  readonly online: boolean;
  /** Each null where libvirt does not say. */
  readonly socket: number | null;
  readonly die: number | null;
  readonly cluster: number | null;
  readonly core: number | null;
  readonly siblings: Ids | null;
}

export const namesSocket = ({ attributes }: XmlElement): boolean => attributes['socket_id'] !== undefined;

/** @param socketsKnown whether any CPU names its socket: only then is one without it offline. */
export function cpuOf(element: XmlElement, source: Source, socketsKnown: boolean): Cpu | null {
  const { attributes } = element;
  const id = whole(attributes['id'], MAX_ID);
  if (id === null) return null;
  const siblings = attributes['siblings'];
  return {
    id,
    online: !socketsKnown || namesSocket(element),
    socket: whole(attributes['socket_id'], MAX_ID),
    die: whole(attributes['die_id'], MAX_ID),
    cluster: whole(attributes['cluster_id']),
    core: whole(attributes['core_id'], MAX_ID * 64),
    siblings: siblings === undefined ? null : source.set(siblings, 'list', `siblings of CPU ${id}`),
  };
}

/** Sets of CPUs of which `keyOf` says the same; one object a set, as the structure's reader expects of many CPUs. */
function together(cpus: readonly Cpu[], keyOf: (cpu: Cpu) => string | null): ReadonlyMap<number, Ids> {
  const sets = new Map<string, Set<number>>();
  const of = new Map<number, Ids>();
  for (const cpu of cpus) {
    const key = keyOf(cpu);
    if (key === null) continue;
    const set = sets.get(key) ?? new Set<number>();
    sets.set(key, set.add(cpu.id));
    of.set(cpu.id, set);
  }
  return of;
}

export function partsOf(
  host: XmlElement,
  online: readonly Cpu[],
  cpus: ReadonlyMap<number, Cpu>,
  source: Source,
): Pick<Topology, 'packages' | 'dies' | 'clusters' | 'cores' | 'caches'> {
  const sockets = together(online, ({ socket }) => socket?.toString() ?? null);
  const dies = together(online, ({ socket, die }) => (die === null ? null : `${socket} ${die}`));
  const clusters = together(online, ({ socket, die, cluster }) =>
    cluster === null ? null : `${socket} ${die} ${cluster}`,
  );
  const banks = children(at(host, 'cache'), 'bank').flatMap((bank) => {
    const level = whole(bank.attributes['level'], 9);
    const type = CACHE_TYPES[bank.attributes['type'] ?? ''];
    const shared = source.set(bank.attributes['cpus'] ?? '', 'list', 'CPUs of a cache bank');
    return level === null || level === 0 || !shared || type === undefined ? [] : [{ bank, level, type, shared }];
  });
  const kinds = [...new Set(banks.map(({ level, type }) => `level ${level} ${type} cache`))].map((what) => {
    const of = new Map<number, Ids>();
    for (const { level, type, shared } of banks)
      if (`level ${level} ${type} cache` === what) for (const cpu of shared) if (!of.has(cpu)) of.set(cpu, shared);
    return { what, of: (cpu: number) => of.get(cpu) ?? null };
  });
  const structure = readStructure(
    source,
    new Set(online.map(({ id }) => id)),
    [
      { what: 'core', of: (cpu) => cpus.get(cpu)?.siblings ?? null },
      { what: 'cluster', of: (cpu) => clusters.get(cpu) ?? null },
      { what: 'die', of: (cpu) => dies.get(cpu) ?? null },
      { what: 'package', of: (cpu) => sockets.get(cpu) ?? null },
    ],
    kinds,
  );
  const first = (set: Ids): Cpu | undefined => cpus.get(set.values().next().value ?? -1);
  const entire = structure.pkg.groups.map(list);
  const group = (set: Ids, id: number | null | undefined): Group => ({
    id: id ?? 0,
    package: first(set)?.socket ?? 0,
    cpus: list(set),
  });
  const core = (set: Ids, inferred: boolean): Core => ({
    ...{ id: first(set)?.core ?? null, package: first(set)?.socket ?? 0, cpus: list(set), inferred },
  });
  const homeless = online.filter(({ id }) => structure.core.homeless.has(id));
  const byNumber = together(homeless, ({ socket, die, core: id }) => (id === null ? null : `${socket} ${die} ${id}`));
  const cores = [
    ...structure.core.groups.map((set) => core(set, false)),
    ...[...new Set(byNumber.values())].map((set) => core(set, true)),
  ];
  const dieGroups = structure.die.groups
    .map((set) => group(set, first(set)?.die))
    .filter(({ cpus: set }) => !entire.includes(set));
  const taken = new Set([...entire, ...cores.map((each) => each.cpus), ...dieGroups.map((each) => each.cpus)]);
  return {
    packages: structure.pkg.groups.map((set) => ({
      id: first(set)?.socket ?? 0,
      cpus: list(set),
      inferred: false,
    })),
    dies: dieGroups,
    clusters: structure.cluster.groups
      .map((set) => group(set, first(set)?.cluster))
      .filter((each) => !taken.has(each.cpus)),
    cores: cores.sort((a, b) => (parseCpuList(a.cpus)[0] ?? 0) - (parseCpuList(b.cpus)[0] ?? 0)),
    caches: kinds.flatMap(({ what }, i) =>
      (structure.caches[i]?.groups ?? []).map((set): Cache => {
        const own = banks.find(
          (bank) => `level ${bank.level} ${bank.type} cache` === what && bank.shared.has(first(set)?.id ?? -1),
        );
        return {
          level: own?.level ?? 0,
          type: own?.type ?? 'unified',
          sizeBytes: bytes(own?.bank.attributes['size'], own?.bank.attributes['unit']),
          lineBytes: null,
          cpus: list(set),
        };
      }),
    ),
  };
}
