/** Why a block is where it was put, and why there is no place for all. */

import { capital, formatBytes, listed, nodeWords, plural } from '../../text/format.ts';
import type { Conflict } from './conflict.ts';
import { State } from './state.ts';
import type { Places } from './search.ts';
import type { Item, Task } from './task.ts';

const needs = ({ cores, memoryBytes }: Pick<Item, 'cores' | 'memoryBytes'>): string =>
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

/** More than a sentence bears. */
const MOST_NAMED = 8;

/** What nodes have for blocks beside what stays and what is reserved; alike ones together. */
function roomWords({ nodes }: Task, ids: readonly number[]): string {
  const alike = new Map<string, number[]>();
  for (const id of ids) {
    const room = nodes.get(id);
    const memory = room?.memoryBytes ?? null;
    const words = `${plural(Math.max(0, room?.cores ?? 0), 'core')}${memory === null ? '' : ` and ${formatBytes(Math.max(0, memory))}`}`;
    alike.set(words, [...(alike.get(words) ?? []), id]);
  }
  const words = [...alike].map(
    ([room, on]) => `${nodeWords(on)} ${on.length === 1 ? 'has' : 'have'} ${room}${on.length === 1 ? '' : ' each'}`,
  );
  return words.length > MOST_NAMED ? `${words.slice(0, MOST_NAMED).join(', ')}, \u2026` : listed(words);
}

/** @param complete whether every placement was looked at. */
export function whyNone(task: Task, conflict: Conflict | null, complete: boolean): string {
  const beside = 'beside what stays and what is reserved';
  const [only, ...others] = conflict?.items ?? [];
  if (only && others.length === 0) {
    return `${only.block.name} has no place: it needs ${needs(only)}, and ${beside} ${roomWords(task, only.nodes)}. Give it less, or several nodes (nodes: "0-1").`;
  }
  if (conflict && only) {
    const { items, least } = conflict;
    const inOrder = items.toSorted((a, b) => a.index - b.index);
    const named =
      items.length > MOST_NAMED
        ? `${items.length} blocks, ${inOrder[0]?.block.name ?? ''} to ${inOrder.at(-1)?.block.name ?? ''}, which need ${needs(
            {
              cores: items.reduce((sum, { cores }) => sum + cores, 0),
              memoryBytes: items.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
            },
          )} together,`
        : listed(inOrder.map((item) => `${item.block.name} (${needs(item)})`));
    const may = [...new Set(items.flatMap(({ nodes }) => nodes))].toSorted((a, b) => a - b);
    return `No placement has room for all: ${named} exclude each other${least ? ', and without any one of them the others have room' : ''}. ${capital(beside)} ${roomWords(task, may)}. Give one of them less, or reserve less.`;
  }
  const state = new State(task);
  const over = task.items.find((item) => {
    const [place] = state.placesFor(item);
    if (place) state.put(item, place);
    return place === undefined;
  });
  const words = complete ? 'no placement has room for all' : 'none was found with room for all';
  return over
    ? `${capital(words)}: ${over.block.name}, which needs ${needs(over)}, is left over. Give a block less, or reserve less.`
    : `${capital(words)}.`;
}
