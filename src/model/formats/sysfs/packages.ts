/** Packages, and the dies and clusters inside them. */

import type { Group, Package } from '../../topology/topology.ts';
import { CPU } from './cpus.ts';
import { both, list } from './ids.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';
import type { CpuClaims, Part } from './structure.ts';

export interface Packages {
  readonly packages: readonly Package[];
  /** Package id of every online CPU. */
  readonly packageOf: ReadonlyMap<number, number>;
}

export const topologyFile = (cpu: number, name: string): string => `${CPU}/cpu${cpu}/topology/${name}`;

/** Reads the set one CPU shares something with; of several names the newer comes first. */
export const siblings =
  (source: Source, ...names: string[]) =>
  (cpu: number): Ids | null =>
    source.ids(...names.map((name) => ({ list: topologyFile(cpu, `${name}_list`), mask: topologyFile(cpu, name) })));

/** What the topology folder of each CPU says about cores, clusters, dies and packages. */
export function cpuClaims(source: Source, online: Ids): CpuClaims {
  return [
    { what: 'core', of: siblings(source, 'core_cpus', 'thread_siblings') },
    { what: 'cluster', of: siblings(source, 'cluster_cpus') },
    { what: 'die', of: siblings(source, 'die_cpus') },
    { what: 'package', of: packageClaims(source, online) },
  ];
}

export const lowest = (cpus: Ids): number => cpus.values().next().value ?? 0;

/** Null where the host gives none; the kernel's -1 says the same. */
function numberOf(source: Source, cpu: number): number | null {
  const id = source.integer(topologyFile(cpu, 'physical_package_id'));
  return id !== null && id >= 0 ? id : null;
}

function groupByNumber(source: Source, cpus: Ids): Map<number | null, Set<number>> {
  const groups = new Map<number | null, Set<number>>();
  for (const cpu of cpus) {
    const id = numberOf(source, cpu);
    groups.set(id, (groups.get(id) ?? new Set<number>()).add(cpu));
  }
  return groups;
}

/** CPUs whose list of their package is not that of all who stand in it. */
function contradicting(of: (cpu: number) => Ids | null, online: Ids): Set<number> {
  const claimants = new Map<Ids, Set<number>>();
  for (const cpu of online) {
    const claimed = of(cpu);
    if (claimed) claimants.set(claimed, (claimants.get(claimed) ?? new Set<number>()).add(cpu));
  }
  const spelled = new Map<Ids, string>();
  const spell = (set: Ids | null): string => {
    if (set === null) return '';
    const known = spelled.get(set) ?? list(both(set, online));
    spelled.set(set, known);
    return known;
  };
  const found = new Set<number>();
  for (const [set, cpus] of claimants) {
    const members = both(set, online);
    if (members.size === cpus.size && both(members, cpus).size === cpus.size) continue;
    // One may be spelled as a list, the other as a mask.
    if ([...members, ...cpus].every((cpu) => members.has(cpu) && spell(of(cpu)) === spell(set))) continue;
    for (const cpu of [...members, ...cpus]) found.add(cpu);
  }
  // Whoever is listed by one of them is in it too: a set grows while it is walked.
  for (const cpu of found) for (const other of both(of(cpu) ?? new Set(), online)) found.add(other);
  return found;
}

/** What CPUs say of their package: by their lists, and where those contradict each other, by the number that each gives. */
function packageClaims(source: Source, online: Ids): (cpu: number) => Ids | null {
  const listed = new Map<number, Ids | null>();
  const read = siblings(source, 'package_cpus', 'core_siblings');
  for (const cpu of online) listed.set(cpu, read(cpu));
  const of = (cpu: number): Ids | null => listed.get(cpu) ?? null;
  const doubtful = contradicting(of, online);
  const groups = groupByNumber(source, doubtful);
  if (groups.size < 2 || groups.has(null)) return of;
  source.warn(
    `CPUs ${list(doubtful)} contradict each other about which CPUs share their socket; they were grouped by socket number.`,
  );
  for (const cpus of groups.values()) for (const cpu of cpus) listed.set(cpu, cpus);
  return of;
}

/** CPUs in no package, by the package number they give; those without a number are one package. */
function byNumber(source: Source, silent: Ids, others: boolean): Ids[] {
  const groups = groupByNumber(source, silent);
  // Where nobody names a package, none is made up.
  if (!others && groups.size === 1 && groups.has(null)) {
    source.warn('The host does not say which sockets its CPUs are in.');
    return [];
  }
  if (silent.size > 0) {
    source.warn(
      `CPUs ${list(silent)} do not say, or not consistently, which CPUs share their socket; they were grouped by socket number, and those without a number into one socket.`,
    );
  }
  return [...groups.values()];
}

/**
 * Packages by the sets CPUs report, so that hosts on which several claim the same number still show them apart. Ids
 * are `physical_package_id` where that is unique; others get the next free number, with a warning.
 */
export function readPackages(source: Source, { groups, homeless }: Part): Packages {
  const all = [...groups, ...byNumber(source, homeless, groups.length > 0)].sort((a, b) => lowest(a) - lowest(b));
  const claims = all.map((cpus) => source.integer(topologyFile(lowest(cpus), 'physical_package_id')));
  const taken = new Set<number>(claims.filter((id) => id !== null && id >= 0) as number[]);
  const used = new Set<number>();
  const packageOf = new Map<number, number>();
  let next = 0;
  const packages = all.map((cpus, i) => {
    let id = claims[i] ?? -1;
    if (id < 0 || used.has(id)) {
      while (taken.has(next)) next++;
      if (id >= 0)
        source.warnOf(
          'package numbers',
          `CPUs ${list(cpus)} give their socket the number ${id}, which others use; it is numbered ${next} here`,
          (each) => `${each}.`,
        );
      id = next;
      taken.add(id);
    }
    used.add(id);
    for (const cpu of cpus) packageOf.set(cpu, id);
    return { id, cpus: list(cpus), inferred: claims[i] === null && homeless.has(lowest(cpus)) };
  });
  return { packages, packageOf };
}

/** Groups of several CPUs inside one package that are not in `known` already under another name. */
function readGroups(
  source: Source,
  { groups }: Part,
  packageOf: Packages['packageOf'],
  kind: 'die' | 'cluster',
  known: readonly { cpus: string }[],
): Group[] {
  const same = new Set(known.map(({ cpus }) => cpus));
  const out: Group[] = [];
  for (const cpus of groups) {
    const group = {
      id: source.integer(topologyFile(lowest(cpus), `${kind}_id`)) ?? -1,
      package: packageOf.get(lowest(cpus)) ?? 0,
      cpus: list(cpus),
    };
    // Where an architecture has no such thing, the kernel gives no id and names each CPU alone.
    if (group.id < 0 || cpus.size < 2 || same.has(group.cpus)) continue;
    if ([...cpus].every((cpu) => packageOf.get(cpu) === group.package)) out.push(group);
    else
      source.warnOf(
        `${kind} over packages`,
        `CPUs ${group.cpus}`,
        (sets) => `${sets} claim to be one ${kind}, but lie in several sockets; the ${kind} was left out.`,
      );
  }
  return out;
}

/** Dies (Linux 5.3), where they are more than another word for the package. */
export function readDies(source: Source, part: Part, { packages, packageOf }: Packages): Group[] {
  return readGroups(source, part, packageOf, 'die', packages);
}

/** Clusters (Linux 5.16: CPUs that share an L2 or an L3 tag), where they are none of `others` and no package. */
export function readClusters(
  source: Source,
  part: Part,
  { packages, packageOf }: Packages,
  others: readonly { cpus: string }[],
): Group[] {
  return readGroups(source, part, packageOf, 'cluster', [...packages, ...others]);
}
