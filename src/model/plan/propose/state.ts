/** A placement in the making: who is where, what room is left, and what it costs so far. */

import { legsOf } from '../crossing.ts';
import type { Shares } from '../crossing.ts';
import { ordinaryOn, pagesOn } from '../pages.ts';
import type { FlowCost, Item, Task } from './task.ts';

/** A node, and how many cores out of which of its domains. */
export interface Place {
  readonly node: number;
  readonly cores: ReadonlyMap<number, number>;
}

/** First how many errors, then how many warnings, then how many bytes cross, each by how far: the smaller is the better, the first decides. */
export interface Cost {
  /** Pools of huge pages with fewer than are planned. */
  readonly errors: number;
  readonly unease: number;
  readonly crossing: number;
}

/** Sums of the same bytes in another order are the same. */
const SAME = 1e-9;

export function compareCosts(a: Cost, b: Cost): number {
  if (a.errors !== b.errors) return a.errors - b.errors;
  if (a.unease !== b.unease) return a.unease - b.unease;
  const apart = a.crossing - b.crossing;
  return Math.abs(apart) <= SAME * Math.max(Math.abs(a.crossing), Math.abs(b.crossing)) ? 0 : apart;
}

export class State {
  readonly task: Task;
  readonly places = new Map<number, Place>();
  readonly #cores: Map<number, number>;
  readonly #memory: Map<number, number>;
  readonly #free: number[];
  readonly #byIndex: ReadonlyMap<number, Item>;

  constructor(task: Task) {
    this.task = task;
    this.#cores = new Map([...task.nodes].map(([id, { cores }]) => [id, cores]));
    this.#memory = new Map([...task.nodes].map(([id, { memoryBytes }]) => [id, memoryBytes ?? Infinity]));
    this.#free = task.domains.map(({ free }) => free.length);
    this.#byIndex = new Map(task.items.map((item) => [item.index, item]));
  }

  #memoryOf(item: Item, node: number): Shares {
    return item.memory ?? new Map([[node, 1]]);
  }

  /** Whether a node has room, wherever on it. */
  hasRoom(item: Item, node: number): boolean {
    if ((this.#cores.get(node) ?? 0) < item.cores) return false;
    return [...this.#memoryOf(item, node)].every(
      ([id, share]) => (this.#memory.get(id) ?? 0) >= item.memoryBytes * share,
    );
  }

  /** Where an item could go now: under each L3 with room (one of those that are alike), else over the emptiest of a node. */
  placesFor(item: Item): Place[] {
    return item.nodes.flatMap((node): Place[] => {
      if (!this.hasRoom(item, node)) return [];
      const domains = this.task.nodes.get(node)?.domains ?? [];
      const seen = new Set<string>();
      const single = domains.flatMap((at): Place[] => {
        if ((this.#free[at] ?? 0) < item.cores) return [];
        const alike = this.#isUntouched(at)
          ? `${this.task.domains[at]?.free.length} ${this.task.domains[at]?.sizeBytes}`
          : String(at);
        if (seen.has(alike)) return [];
        seen.add(alike);
        return [{ node, cores: new Map([[at, item.cores]]) }];
      });
      if (single.length > 0) return single;
      const cores = new Map<number, number>();
      let left = item.cores;
      for (const at of domains.toSorted((a, b) => (this.#free[b] ?? 0) - (this.#free[a] ?? 0))) {
        const take = Math.min(left, this.#free[at] ?? 0);
        if (take > 0) cores.set(at, take);
        left -= take;
      }
      return left > 0 ? [] : [{ node, cores }];
    });
  }

  #isUntouched(at: number): boolean {
    const domain = this.task.domains[at];
    return domain?.wishes.length === 0 && this.#free[at] === domain.free.length;
  }

  put(item: Item, place: Place): void {
    this.places.set(item.index, place);
    this.#change(item, place, -1);
  }

  remove(item: Item): void {
    const place = this.places.get(item.index);
    if (!place) return;
    this.places.delete(item.index);
    this.#change(item, place, 1);
  }

  #change(item: Item, { node, cores }: Place, sign: 1 | -1): void {
    this.#cores.set(node, (this.#cores.get(node) ?? 0) + sign * item.cores);
    for (const [id, share] of this.#memoryOf(item, node)) {
      this.#memory.set(id, (this.#memory.get(id) ?? 0) + sign * item.memoryBytes * share);
    }
    for (const [at, count] of cores) this.#free[at] = (this.#free[at] ?? 0) + sign * count;
  }

  #sharesAt(index: number, item: Item | null, node: number | null): { memory: Shares; cpus: Shares } | null {
    const still = this.task.fixed.get(index);
    if (still) return still;
    const of = item?.index === index ? item : this.#byIndex.get(index);
    const on = item?.index === index ? node : (this.places.get(index)?.node ?? null);
    if (!of || on === null) return null;
    return { memory: this.#memoryOf(of, on), cpus: new Map([[on, 1]]) };
  }

  /** Of those flows both ends of which have a place; `item` as if it were on `node`. */
  #crossing(flows: readonly FlowCost[], item: Item | null = null, node: number | null = null): number {
    let sum = 0;
    for (const { from, to, bytes } of flows) {
      const [source, sink] = [this.#sharesAt(from, item, node), this.#sharesAt(to, item, node)];
      if (!source || !sink) continue;
      for (const leg of legsOf(source.memory, sink.cpus)) sum += bytes * leg.share * this.task.weight(leg.from, leg.to);
    }
    return sum;
  }

  /** L3s of which more is wanted than they have, and those that one wants for itself and others have, too. */
  #crowded(): number {
    const wishes = this.task.domains.map((domain) => [...domain.wishes]);
    for (const [index, { cores }] of this.places) {
      const item = this.#byIndex.get(index);
      if (!item || item.block.kind === 'emulator') continue;
      for (const [at, count] of cores) {
        wishes[at]?.push(typeof item.l3 === 'number' ? (item.l3 * count) / item.cores : item.l3);
      }
    }
    // Nodes that share an L3 are domains of their own: their wishes are one cache's.
    const byCache = new Map<number, { wanted: (number | 'own' | null)[]; sizeBytes: number | null }>();
    this.task.domains.forEach(({ l3, sizeBytes }, at) => {
      if (l3 === null) return;
      const cache = byCache.get(l3) ?? { wanted: [], sizeBytes };
      cache.wanted.push(...(wishes[at] ?? []));
      byCache.set(l3, cache);
    });
    return [...byCache.values()].filter(({ wanted, sizeBytes }) => {
      if (wanted.length < 2) return false;
      if (wanted.includes('own')) return true;
      const bytes = wanted.reduce<number>((sum, wish) => sum + (typeof wish === 'number' ? wish : 0), 0);
      return sizeBytes !== null && bytes > sizeBytes;
    }).length;
  }

  #nodesOf(index: number): readonly number[] | null {
    const still = this.task.fixed.get(index);
    if (still) return [...still.cpus.keys()];
    const place = this.places.get(index);
    return place ? [place.node] : null;
  }

  /** VMs all of whose emulator threads are on other nodes. */
  #unserved(): number {
    return this.task.served.filter(({ vm, by }) => {
      const home = this.#nodesOf(vm);
      const serving = by.map((index) => this.#nodesOf(index));
      return home !== null && serving.every((nodes) => nodes?.every((node) => !home.includes(node)));
    }).length;
  }

  /** Nodes with less left than the host is to have. */
  #unkept(): number {
    return [...this.task.nodes].filter(([id, { keptBytes }]) => (this.#memory.get(id) ?? 0) < keptBytes).length;
  }

  /** Pools, and what they leave, of which more is planned than there is. */
  #unpaged(): { pools: number; ordinary: number } {
    let [short, ordinary] = [0, 0];
    for (const { node, pages, ordinaryBytes } of this.task.pools) {
      const left = new Map(pages);
      let bytes = ordinaryBytes ?? Infinity;
      for (const [index, place] of this.places) {
        const item = this.#byIndex.get(index);
        if (!item) continue;
        const { block, memoryBytes } = item;
        const shares = block.memoryBytes === null ? [] : [...this.#memoryOf(item, place.node)];
        const homed = {
          block,
          nodes: [place.node],
          memory: new Map(shares.map(([id, part]) => [id, part * memoryBytes])),
        };
        bytes -= ordinaryOn(homed, node);
        const size = block.hugepages?.sizeBytes;
        if (size !== undefined) left.set(size, (left.get(size) ?? 0) - pagesOn(homed, node));
      }
      short += [...left.values()].filter((count) => count < 0).length;
      if (bytes < 0) ordinary++;
    }
    return { pools: short, ordinary };
  }

  /** Of what has a place: never less once more has. */
  cost(): Cost {
    return { ...this.troubles(), crossing: this.#crossing(this.task.flows) };
  }

  /** Errors and warnings of what has a place. */
  troubles(): Omit<Cost, 'crossing'> {
    const { pools, ordinary } = this.#unpaged();
    const own = [...this.places].reduce(
      (sum, [index, { node }]) => sum + (this.#byIndex.get(index)?.unease.get(node) ?? 0),
      0,
    );
    return {
      errors: pools,
      unease: own + this.#crowded() + this.#unserved() + this.#unkept() + ordinary,
    };
  }

  /** What a finished placement costs at least: each that has no place yet where it alone would cost least. Null: one has no room. */
  bound(): Cost | null {
    const sofar = this.cost();
    let { unease, crossing } = sofar;
    for (const item of this.task.items) {
      if (this.places.has(item.index)) continue;
      const nodes = item.nodes.filter((node) => this.hasRoom(item, node));
      if (nodes.length === 0) return null;
      unease += Math.min(...nodes.map((node) => item.unease.get(node) ?? 0));
      crossing += Math.min(...nodes.map((node) => this.crossingAt(item, node)));
    }
    return { errors: sofar.errors, unease, crossing };
  }

  /** What an item costs on a node beside all others as they are. */
  crossingAt(item: Item, node: number): number {
    return this.#crossing(item.flows, item, node);
  }
}
