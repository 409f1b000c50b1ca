/**
 * Which CPUs share what, when each CPU's files are taken at their word and the words need not agree: the rule by which
 * lstopo decides, so that a contradictory host looks the same in both.
 *
 * A thing is taken from the lowest CPU of the set that claims it. Things come in the order of those CPUs, and for one CPU
 * from its core outwards to its package, then clusters, dies and caches; one that overlaps a thing before it without lying
 * inside or around it is left out.
 */

import { list } from './ids.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';

/** What the CPUs say about one kind of thing. */
export interface Claims {
  /** In a warning's words: "core", "level 2 unified cache". */
  readonly what: string;
  /** Null where a CPU says nothing of it. */
  readonly of: (cpu: number) => Ids | null;
}

/** From a core outwards, as one CPU speaks for each. */
export type CpuClaims = readonly [core: Claims, cluster: Claims, die: Claims, pkg: Claims];

export interface Part {
  /** Disjoint, in the order of their lowest CPU. */
  readonly groups: readonly Ids[];
  /** Online CPUs that are in none: they claim nothing, or what they claim could not be. */
  readonly homeless: Ids;
}

export interface Structure {
  readonly core: Part;
  readonly cluster: Part;
  readonly die: Part;
  readonly pkg: Part;
  readonly caches: readonly Part[];
}

/** Sets that lie inside or beside one another. There are few kinds, so few of them hold one CPU. */
class Nest {
  readonly #around = new Map<number, Ids[]>();
  readonly #sets = new Set<Ids>();

  /** The set before that `set` cuts through; null when it fits, and then it belongs to the nest. */
  add(set: Ids): Ids | null {
    // Kinds that say the same share one object, which must count once.
    if (this.#sets.has(set)) return null;
    const shared = new Map<Ids, number>();
    for (const cpu of set)
      for (const other of this.#around.get(cpu) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1);
    for (const [other, count] of shared) if (count < Math.min(set.size, other.size)) return other;
    this.#sets.add(set);
    for (const cpu of set) {
      const around = this.#around.get(cpu);
      if (around) around.push(set);
      else this.#around.set(cpu, [set]);
    }
    return null;
  }
}

/** What one CPU offers, being the lowest of the set it claims. */
interface Offer {
  readonly claims: Claims;
  readonly set: Ids;
}

class Reading {
  readonly #source: Source;
  readonly #online: Ids;
  // Thousands of CPUs share a few objects, so each is cut once.
  readonly #cut = new Map<Ids, { set: Ids; first: number; key: string }>();

  constructor(source: Source, online: Ids) {
    this.#source = source;
    this.#online = online;
  }

  /** What a CPU claims, of the CPUs that are online. */
  of(claims: Claims, cpu: number): { set: Ids; first: number; key: string } | null {
    const claimed = claims.of(cpu);
    if (!claimed) return null;
    const known = this.#cut.get(claimed);
    if (known) return known;
    const set = new Set([...claimed].filter((id) => this.#online.has(id)).sort((a, b) => a - b));
    const cut = { set, first: set.values().next().value ?? -1, key: list(set) };
    this.#cut.set(claimed, cut);
    return cut;
  }

  #offers(cpu: number, inner: CpuClaims, caches: readonly Claims[]): Offer[] {
    const out: Offer[] = [];
    const [core, cluster, die, pkg] = inner;
    const from = (claims: Claims, alone: boolean): boolean => {
      const claim = this.of(claims, cpu);
      if (!claim || (!alone && claim.set.size === 1)) return true;
      if (claim.first !== cpu) return false;
      out.push({ claims, set: claim.set });
      return true;
    };
    // Only the first CPU of a core speaks for its cluster, of a cluster for its die, of a die for its package.
    if (from(core, true) && from(cluster, false) && from(die, false)) from(pkg, true);
    const order = [core, pkg, cluster, die];
    out.sort((a, b) => order.indexOf(a.claims) - order.indexOf(b.claims));
    for (const cache of caches) {
      const claim = this.of(cache, cpu);
      if (claim?.first === cpu) out.push({ claims: cache, set: claim.set });
    }
    return out;
  }

  read(inner: CpuClaims, caches: readonly Claims[]): Structure {
    const nest = new Nest();
    const all = [...inner, ...caches];
    const found = new Map(all.map((claims) => [claims, { groups: [] as Ids[], placed: new Set<number>() }]));
    for (const cpu of [...this.#online].sort((a, b) => a - b)) {
      for (const { claims, set } of this.#offers(cpu, inner, caches)) {
        const part = found.get(claims);
        // Inside one of its own kind: that one counts.
        if (!part || part.placed.has(cpu)) continue;
        const crossed = nest.add(set);
        if (crossed) {
          this.#source.warnOf(
            `crossing ${claims.what}`,
            `CPUs ${list(set)} claim to share one ${claims.what}, which would cut through what CPUs ${list(crossed)} share`,
            (each, count) => `${each}; ${count === 1 ? 'it was' : 'they were'} left out, as lstopo does.`,
          );
          continue;
        }
        part.groups.push(set);
        for (const member of set) part.placed.add(member);
      }
    }
    const part = (claims: Claims): Part => {
      const { groups, placed } = found.get(claims) ?? { groups: [], placed: new Set<number>() };
      this.#warnOfDissent(claims, groups, placed);
      return { groups, homeless: new Set([...this.#online].filter((cpu) => !placed.has(cpu))) };
    };
    const [core, cluster, die, pkg] = inner;
    return {
      core: part(core),
      cluster: part(cluster),
      die: part(die),
      pkg: part(pkg),
      caches: caches.map(part),
    };
  }

  /** CPUs whose own word is not what was made of it. */
  #warnOfDissent(claims: Claims, groups: readonly Ids[], placed: Ids): void {
    const dissent = new Set<number>();
    for (const group of groups) {
      const key = list(group);
      for (const cpu of group) if (this.of(claims, cpu)?.key !== key) dissent.add(cpu);
    }
    for (const cpu of this.#online) {
      const claim = placed.has(cpu) ? null : this.of(claims, cpu);
      if (claim && claim.set.size > 0 && claim.key !== String(cpu)) dissent.add(cpu);
    }
    if (dissent.size === 0) return;
    this.#source.warn(
      `What CPUs ${list(dissent)} say about sharing a ${claims.what} contradicts what others say; the word of the lowest CPU was taken, as lstopo does.`,
    );
  }
}

/** What there is of each kind; `caches` in the order of the claims. */
export function readStructure(source: Source, online: Ids, inner: CpuClaims, caches: readonly Claims[]): Structure {
  return new Reading(source, online).read(inner, caches);
}
