/** The steal orders that a pool is measured under, as the agent takes them. */

import type { PoolCase } from '../../cases/pool.ts';
import { stealOrders } from '../../steal/order.ts';
import type { StealList } from '../../steal/order.ts';
import type { Topology } from '../../topology/topology.ts';

/** The agent counts by so many classes; farther ones count as the last. */
const CLASSES = 16;

/** Those who steal from each other: one pool, or each of two. */
const poolsOf = ({ cpus, dispatchers }: Pick<PoolCase, 'cpus' | 'dispatchers'>): (readonly number[])[] =>
  dispatchers === undefined ? [cpus] : [cpus.slice(0, dispatchers), cpus.slice(dispatchers)];

/** By worker, nearest first; classes are those of the whole case, so that they mean the same in both of its pools. */
function nearest(topology: Topology, one: Pick<PoolCase, 'cpus' | 'dispatchers'>): StealList[] {
  const whole = stealOrders(topology, one.cpus);
  const rankOf = new Map(whole.classes.map(({ rank }, at) => [rank, at]));
  return poolsOf(one).flatMap((cpus) => {
    const { classes, workers } = stealOrders(topology, cpus);
    const renamed = classes.map(({ rank }) => rankOf.get(rank) ?? 0);
    return workers.map((list) => ({ ...list, classes: list.classes.map((at) => renamed[at] ?? 0) }));
  });
}

/** What the classes of a case are called. */
export function classWords(topology: Topology, cpus: readonly number[]): string[] {
  const { classes } = stealOrders(topology, cpus);
  const words = classes.map((one) => one.words);
  return words.length <= CLASSES ? words : [...words.slice(0, CLASSES - 1), 'farther nodes'];
}

/** By number, as a loop over all workers goes: everybody begins with the first. */
function flat(list: StealList, place: ReadonlyMap<number, number>): StealList {
  const pairs = list.victims.map((cpu, at) => ({ cpu, of: list.classes[at] ?? 0 }));
  pairs.sort((a, b) => (place.get(a.cpu) ?? 0) - (place.get(b.cpu) ?? 0));
  return { cpu: list.cpu, victims: pairs.map(({ cpu }) => cpu), classes: pairs.map(({ of }) => of) };
}

/** A list a worker, with slashes between; a class stands before the first of its victims. */
function words(lists: readonly StealList[], place: ReadonlyMap<number, number>): string {
  return lists
    .map(({ victims, classes }) => {
      let last = -1;
      return victims
        .map((cpu, at) => {
          const of = Math.min(CLASSES - 1, classes[at] ?? 0);
          const head = of === last ? '' : `${String(of)}:`;
          last = of;
          return `${head}${String(place.get(cpu) ?? 0)}`;
        })
        .join('+');
    })
    .join('/');
}

/** By case, as behind `--order`. A random order picks among the same victims. Cases of the same workers share what was worked out. */
export function orderWords(topology: Topology, cases: readonly PoolCase[]): (one: PoolCase) => string {
  const known = new Map<string, string>();
  const keyOf = ({ cpus, dispatchers = 0, order }: PoolCase): string =>
    [order === 'flat', dispatchers, ...cpus].join(' ');
  for (const one of cases) {
    const key = keyOf(one);
    if (known.has(key)) continue;
    const place = new Map(one.cpus.map((cpu, at) => [cpu, at]));
    const lists = nearest(topology, one);
    known.set(key, words(one.order === 'flat' ? lists.map((list) => flat(list, place)) : lists, place));
  }
  return (one) => known.get(keyOf(one)) ?? '';
}
