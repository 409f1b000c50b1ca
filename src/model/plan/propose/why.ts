/** Why a block is where it was put, and why there is no place for all. */

import { capital, formatBytes, listed, plural } from '../../text/format.ts';
import { State } from './state.ts';
import type { Places } from './search.ts';
import type { Item, Task } from './task.ts';

const needs = ({ cores, memoryBytes }: Item): string =>
  `${plural(cores, 'core')}${memoryBytes > 0 ? ` and ${formatBytes(memoryBytes)}` : ''}`;

/** Against each other node, all other blocks where they are. */
export function whyThere(task: Task, places: Places, item: Item): string {
  const state = new State(task);
  for (const other of task.items) {
    const place = places.get(other.index);
    if (place && other !== item) state.put(other, place);
  }
  const home = places.get(item.index);
  if (!home) return '';
  const others = item.nodes.filter((node) => node !== home.node);
  if (item.block.nodes !== null) return `The plan names node ${home.node}.`;
  if (others.length === 0) return 'The machine has no other node with CPUs.';
  const here = { crossing: state.crossingAt(item, home.node), unease: item.unease.get(home.node) ?? 0 };
  state.put(item, home);
  const cost = state.cost();
  state.remove(item);
  const byReason = new Map<string, number[]>();
  for (const node of others) {
    const place = state.hasRoom(item, node) ? state.placesFor({ ...item, nodes: [node] })[0] : undefined;
    const reason = place === undefined ? `no room for ${needs(item)} beside what is there` : against(node, place);
    byReason.set(reason, [...(byReason.get(reason) ?? []), node]);
  }
  function against(node: number, place: NonNullable<ReturnType<Places['get']>>): string {
    state.put(item, place);
    const there = state.cost();
    state.remove(item);
    if (there.errors !== cost.errors)
      return there.errors > cost.errors ? 'too few huge pages there' : 'no better together with the others';
    if (there.unease !== cost.unease) {
      const more = there.unease - cost.unease;
      return more > 0 ? plural(more, 'more warning') : 'no better together with the others';
    }
    const more = state.crossingAt(item, node) - here.crossing;
    if (more > 0) return `${formatBytes(Math.round(more))} more would cross, by distance`;
    return more < 0 ? 'better for it alone, worse for the others' : 'as good, and later in order';
  }
  const words = [...byReason].map(
    ([reason, nodes]) => `${nodes.length === 1 ? 'node' : 'nodes'} ${listed(nodes.map(String))}: ${reason}`,
  );
  return capital(`${words.join('; ')}.`);
}

/** @param complete whether every placement was looked at. */
export function whyNone(task: Task, complete: boolean): string {
  const state = new State(task);
  for (const item of task.items) {
    const [place] = state.placesFor(item);
    if (place) {
      state.put(item, place);
      continue;
    }
    const alone = item.nodes.filter((node) => new State(task).hasRoom(item, node));
    if (alone.length === 0) {
      const one = 'no node has as much free beside what stays and what is reserved';
      return `${item.block.name} has no place: it needs ${needs(item)}, and ${one}. Give it less, or several nodes (nodes: "0-1").`;
    }
    const words = complete ? 'no placement has room for all' : 'none was found with room for all';
    return `${capital(words)}: ${item.block.name}, which needs ${needs(item)}, is left over. Give a block less, or reserve less.`;
  }
  return 'No placement has room for all.';
}
