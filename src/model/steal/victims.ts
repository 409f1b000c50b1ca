/** One worker's victims, class by class, as a picture numbers them. */

import { formatCpuList } from '../text/cpulist.ts';
import type { Topology } from '../topology/topology.ts';
import { stealOrders } from './order.ts';
import type { StealOrders } from './order.ts';
import type { VictimClass, Victims } from './victim-class.ts';

const shortOf = (words: string): string =>
  words
    .replace(/^same /, '')
    .replace(/^node at distance /, 'd')
    .replace(/, same package$/, '');

/** How it goes on from class to class, in one sentence. */
export function victimSentence({ thief, classes }: Victims): string {
  const parts = classes.map(({ words, cpus }, at) => {
    const [first = 0] = cpus;
    const more = cpus.length === 1 ? '' : ` and ${String(cpus.length - 1)} more`;
    return `${at === 0 ? 'first ' : ''}from cpu ${String(first)}${more}, ${words}`;
  });
  return parts.length === 0
    ? `cpu ${String(thief)} has nobody to steal from.`
    : `cpu ${String(thief)} steals ${parts.join('; then ')}.`;
}

interface Known {
  readonly key: string;
  readonly orders: StealOrders;
  readonly found: Map<number, Victims>;
}
/** Of hundreds of workers all orders together take a while; whoever points at one asks for the next. */
const last = new WeakMap<Topology, Known>();

/** @param workers those who steal from each other, one a CPU. @returns null for who is none of them. */
export function victimsOf(topology: Topology, workers: readonly number[], thief: number): Victims | null {
  const key = formatCpuList(workers);
  let known = last.get(topology);
  if (known?.key !== key) {
    known = { key, orders: stealOrders(topology, workers), found: new Map() };
    last.set(topology, known);
  }
  const before = known.found.get(thief);
  if (before) return before;
  const { classes, workers: lists } = known.orders;
  const list = lists.find(({ cpu }) => cpu === thief);
  if (!list) return null;
  const made: Victims = {
    thief,
    classes: classes.flatMap(({ words }, of): VictimClass[] => {
      const first = list.classes.indexOf(of);
      const cpus = list.victims.filter((_, at) => list.classes[at] === of);
      return cpus.length === 0 ? [] : [{ words, short: shortOf(words), first: first + 1, cpus }];
    }),
  };
  known.found.set(thief, made);
  return made;
}
