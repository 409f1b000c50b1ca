/** What is nested in a package: shares of nodes, shared caches, cores. */

import { parseCpuList } from '../text/cpulist.ts';
import type { Cache, Core, Group, NumaNode, Package } from '../topology/topology.ts';
import type { CoreTree, GroupTree, PackageTree, SectionTree, Sharing, UnitTree } from './tree-types.ts';

/** Who holds each CPU; where the host claims two, the first. */
export function owners<T extends { readonly cpus: string }>(
  items: readonly T[],
  known: ReadonlySet<number>,
): Map<number, T> {
  const map = new Map<number, T>();
  for (const item of items)
    for (const cpu of parseCpuList(item.cpus)) if (known.has(cpu) && !map.has(cpu)) map.set(cpu, item);
  return map;
}

/** In the order in which their first member appears. */
export function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const map = new Map<K, T[]>();
  for (const item of items) {
    const at = key(item);
    const list = map.get(at);
    if (list) list.push(item);
    else map.set(at, [item]);
  }
  return map;
}

export interface Owned {
  readonly packages: ReadonlyMap<number, Package>;
  readonly nodes: ReadonlyMap<number, NumaNode>;
  readonly sharing: Sharing;
  readonly dies: ReadonlyMap<number, Group>;
  readonly cores: ReadonlyMap<number, Core>;
  /** Data and unified caches by level. */
  readonly caches: ReadonlyMap<number, ReadonlyMap<number, Cache>>;
}

/** The one cache of that level over all the CPUs, or null. */
function common(owned: Owned, level: number, cpus: readonly number[]): Cache | null {
  const of = owned.caches.get(level);
  const first = cpus[0] === undefined ? undefined : of?.get(cpus[0]);
  return first && cpus.every((cpu) => of?.get(cpu) === first) ? first : null;
}

function coreTrees(owned: Owned, cpus: readonly number[]): CoreTree[] {
  const byCore = groupBy(cpus, (cpu) => owned.cores.get(cpu) ?? cpu);
  return [...byCore].map(([core, own]) => ({ core: typeof core === 'number' ? null : core, cpus: own, caches: [] }));
}

function withCaches(owned: Owned, core: CoreTree, above: readonly (Cache | null)[]): CoreTree {
  const levels = [...owned.caches.keys()].filter((level) => level <= 2).sort((a, b) => b - a);
  const caches = levels.map((level) => common(owned, level, core.cpus)).filter((cache) => cache !== null);
  return { ...core, caches: caches.filter((cache) => !above.includes(cache)) };
}

/** Cores that share an L2 stay together; where some do, the others are bundled to the same number, so that all align. */
function unitTrees(owned: Owned, cores: readonly CoreTree[], above: readonly (Cache | null)[]): UnitTree[] {
  const key = (core: CoreTree): Cache | CoreTree => common(owned, 2, core.cpus) ?? core;
  const shared = [...groupBy(cores, key).values()].map((own): UnitTree => {
    const cache = own.length > 1 && own[0] ? common(owned, 2, own[0].cpus) : null;
    return { cache, cores: own.map((core) => withCaches(owned, core, [...above, cache])) };
  });
  const size = Math.max(1, ...shared.map((unit) => unit.cores.length));
  if (size === 1) return shared;
  const alone = shared.filter((unit) => unit.cache === null).flatMap((unit) => unit.cores);
  const bundles: UnitTree[] = [];
  for (let i = 0; i < alone.length; i += size) bundles.push({ cache: null, cores: alone.slice(i, i + size) });
  return [...bundles, ...shared.filter((unit) => unit.cache !== null)];
}

/** A package of more outer caches than this is no package that was ever built; they would push its CPUs off the board. */
const MOST_OUTER = 4;

/** Beyond the L3, as s390 has them: of this package, or of several together. Outermost first. */
function outerCaches(owned: Owned, cpus: readonly number[]): Cache[] {
  const levels = [...owned.caches.keys()].filter((level) => level > 3).sort((a, b) => b - a);
  const found = levels.flatMap((level) => [...new Set(cpus.flatMap((cpu) => owned.caches.get(level)?.get(cpu) ?? []))]);
  return found.length > MOST_OUTER ? [] : found;
}

/** The dies of a package where it has several, and whether they hold its nodes, or its nodes them. */
interface Split {
  readonly of: (cpu: number) => Group | null;
  readonly level: 'none' | 'outside' | 'inside';
}

const ONE_DIE: Split = { of: () => null, level: 'none' };

const among = (cpus: readonly number[], of: (cpu: number) => unknown): number => new Set(cpus.map(of)).size;

/** Dies that cross nodes or caches nobody could draw as boxes: then there are none to draw. */
function splitOf(owned: Owned, cpus: readonly number[]): Split {
  const die = (cpu: number): Group | null => owned.dies.get(cpu) ?? null;
  if (cpus.some((cpu) => die(cpu) === null) || among(cpus, die) < 2) return ONE_DIE;
  const each = (of: (cpu: number) => unknown, inside: (cpu: number) => unknown): boolean =>
    [...groupBy(cpus, of).values()].every((own) => among(own, inside) === 1);
  const node = (cpu: number): NumaNode | null => owned.nodes.get(cpu) ?? null;
  if (each(node, die)) return { of: die, level: 'outside' };
  const l3 = owned.caches.get(3);
  const cached = cpus.filter((cpu) => l3?.has(cpu));
  const apart = [...groupBy(cached, (cpu) => l3?.get(cpu)).values()].every((own) => among(own, die) === 1);
  const whole = [...groupBy(cpus, (cpu) => owned.cores.get(cpu) ?? cpu).values()].every((own) => among(own, die) === 1);
  return each(die, node) && apart && whole ? { of: die, level: 'inside' } : ONE_DIE;
}

export function packageTree(
  owned: Owned,
  { id, inferred }: Pick<PackageTree, 'id' | 'inferred'>,
  cpus: readonly number[],
  apart: ReadonlySet<NumaNode>,
): PackageTree {
  const byNode = [...groupBy(cpus, (cpu) => owned.nodes.get(cpu) ?? null)].sort(
    ([a], [b]) => (a?.id ?? Infinity) - (b?.id ?? Infinity),
  );
  const split = splitOf(owned, cpus);
  const l3 = owned.caches.get(3);
  const caches = new Set<Cache>();
  const within = new Map<Cache, NumaNode | undefined>();
  for (const cpu of cpus) {
    const cache = l3?.get(cpu);
    if (!cache) continue;
    const node = owned.nodes.get(cpu);
    if (within.has(cache) && within.get(cache) !== node) caches.add(cache);
    within.set(cache, node);
  }
  const groupsOf = (own: readonly number[]): GroupTree[] => {
    const key = (core: CoreTree): Cache | null => {
      const cache = common(owned, 3, core.cpus);
      return cache && !caches.has(cache) ? cache : null;
    };
    return [...groupBy(coreTrees(owned, own), key)].map(([cache, inside]) => ({
      cache,
      units: unitTrees(owned, inside, [cache, ...caches]),
    }));
  };
  const sections = byNode.map(([node, own]): { readonly die: Group | null; readonly section: SectionTree } => {
    const parts = [...groupBy(own, (cpu) => (split.level === 'inside' ? split.of(cpu) : null))];
    return {
      die: split.level === 'outside' && own[0] !== undefined ? split.of(own[0]) : null,
      section: {
        nodes: node && !apart.has(node) ? [node, ...(owned.sharing.get(node) ?? [])] : [],
        parts: parts.map(([die, inPart]) => ({ die, groups: groupsOf(inPart) })),
      },
    };
  });
  // A cache of one die stands in it; over several, or without dies, it stands above all.
  const homeOf = (cache: Cache): Group | null => {
    const own = cpus.filter((cpu) => l3?.get(cpu) === cache);
    return split.level === 'outside' && own[0] !== undefined && among(own, split.of) === 1 ? split.of(own[0]) : null;
  };
  const dies = [...groupBy(sections, ({ die }) => die)].map(([die, own]) => ({
    die,
    caches: die ? [...caches].filter((cache) => homeOf(cache) === die) : [],
    sections: own.map(({ section }) => section),
  }));
  const shared = [...caches].filter((cache) => homeOf(cache) === null);
  return { id, inferred, cpus, caches: [...outerCaches(owned, cpus), ...shared], dies };
}
