/** Steal orders for the terminal: nodes beyond the own one once for all workers that go there alike, a line a worker for what is nearer. */

import { plural } from '../text/format.ts';
import { indexTopology } from '../topology/relation.ts';
import type { Topology } from '../topology/topology.ts';
import { BEYOND } from './classes.ts';
import type { StealList, StealOrders } from './order.ts';

/** CPUs in their order, runs that count up as one: [4, 5, 6, 0, 1] is "4-6,0-1". */
export function inOrder(ids: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const id of ids) {
    const last = runs.at(-1);
    if (last && last.to + 1 === id) last.to = id;
    else runs.push({ from: id, to: id });
  }
  return runs.map(({ from, to }) => (from === to ? String(from) : `${String(from)}-${String(to)}`)).join(',');
}

const victimsOf = ({ victims, classes }: StealList, at: number): number[] =>
  victims.filter((_, place) => classes[place] === at);

/** "node at distance 16: 1; node at distance 22: 2-3": the nodes of each class beyond the own node, in the order they are gone to. */
function farWords(topology: Topology, { classes }: StealOrders, list: StealList): string {
  const { places } = indexTopology(topology);
  return classes
    .flatMap(({ rank, words }, at) => {
      const cpus = rank < BEYOND ? [] : victimsOf(list, at);
      if (cpus.length === 0) return [];
      const ids = [...new Set(cpus.flatMap((cpu) => places.get(cpu)?.node?.id ?? []))];
      return [`${words}: ${ids.length === 0 ? `CPUs ${inOrder(cpus)}` : inOrder(ids)}`];
    })
    .join('; ');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((words, at) => words.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd());
}

function block(topology: Topology, orders: StealOrders, lists: readonly StealList[], far: string): string[] {
  const [first] = lists;
  const node = first && indexTopology(topology).places.get(first.cpu)?.node;
  const near = orders.classes
    .map(({ rank, words }, at) => ({ rank, words, at }))
    .filter(({ rank, at }) => rank < BEYOND && lists.some((list) => list.classes.includes(at)));
  const head = ['', `${node ? `Node ${String(node.id)}` : 'No node'}, ${plural(lists.length, 'worker')}`];
  const then = far === '' ? [] : [`  Then, in each from the worker's own place on: ${far}`];
  if (near.length === 0)
    return [...head, `  CPUs ${inOrder(lists.map(({ cpu }) => cpu))}: no other worker on the node`, ...then];
  const rows = lists.map((list) => [`P#${String(list.cpu)}`, ...near.map(({ at }) => inOrder(victimsOf(list, at)))]);
  return [...head, ...aligned([['', ...near.map(({ words }) => words)], ...rows]), ...then];
}

/** @param source where the distances of nodes are from. */
export function stealOrderText(topology: Topology, orders: StealOrders, source: string): string {
  const groups = new Map<string, { far: string; lists: StealList[] }>();
  for (const list of orders.workers) {
    const far = farWords(topology, orders, list);
    const key = `${String(indexTopology(topology).places.get(list.cpu)?.node?.id)} ${far}`;
    const known = groups.get(key);
    if (known) known.lists.push(list);
    else groups.set(key, { far, lists: [list] });
  }
  const nodes = new Set([...groups.keys()].map((key) => key.split(' ')[0])).size;
  return [
    `${plural(orders.workers.length, 'worker')} on ${plural(nodes, 'node')}, each with its victims, the nearest first${nodes > 1 ? `; distances of nodes: ${source}` : ''}`,
    ...[...groups.values()].flatMap(({ far, lists }) => block(topology, orders, lists, far)),
  ].join('\n');
}
