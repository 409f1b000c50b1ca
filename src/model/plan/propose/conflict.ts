/** Why not all have room: the fewest blocks that exclude each other, by cores and memory of nodes. What is under one L3 does not matter to that. */

import type { Item, Task } from './task.ts';

/** All looks together: within a second; and one of them. */
const MOST_STEPS = 300_000;
const MOST_A_LOOK = 20_000;

class Room {
  readonly #task: Task;
  readonly #cores: Map<number, number>;
  readonly #memory: Map<number, number>;
  #left = MOST_STEPS;
  #look = 0;

  constructor(task: Task) {
    this.#task = task;
    this.#cores = new Map([...task.nodes].map(([id, { cores }]) => [id, cores]));
    this.#memory = new Map([...task.nodes].map(([id, { memoryBytes }]) => [id, memoryBytes ?? Infinity]));
  }

  /** Whether nodes have room for all of these at once; null: it took too long to tell. */
  for(items: readonly Item[]): boolean | null {
    const sum = (of: (item: Item) => number): number => items.reduce((all, item) => all + of(item), 0);
    const cores = [...this.#task.nodes.values()].reduce((all, node) => all + Math.max(0, node.cores), 0);
    if (sum((item) => item.cores) > cores) return false;
    this.#look = Math.min(MOST_A_LOOK, this.#left);
    this.#left -= this.#look;
    const fits = this.#visit(items, 0);
    this.#left += Math.max(0, this.#look);
    return fits;
  }

  #visit(items: readonly Item[], at: number): boolean | null {
    const item = items[at];
    if (!item) return true;
    if (--this.#look < 0) return null;
    for (const node of item.nodes) {
      if (!this.#move(item, node, -1)) continue;
      const fits = this.#visit(items, at + 1);
      this.#move(item, node, 1);
      if (fits !== false) return fits;
    }
    return false;
  }

  /** Takes what an item needs of a node, or gives it back; false: it has too little, and nothing was taken. */
  #move(item: Item, node: number, sign: 1 | -1): boolean {
    const shares = item.memory ?? new Map([[node, 1]]);
    const cores = (this.#cores.get(node) ?? 0) + sign * item.cores;
    const memory = [...shares].map(
      ([id, share]) => [id, (this.#memory.get(id) ?? 0) + sign * share * item.memoryBytes] as const,
    );
    if (sign === -1 && (cores < 0 || memory.some(([, left]) => left < 0))) return false;
    this.#cores.set(node, cores);
    for (const [id, left] of memory) this.#memory.set(id, left);
    return true;
  }
}

export interface Conflict {
  readonly items: readonly Item[];
  /** Without any one of them the others have room. */
  readonly least: boolean;
}

/** Blocks that exclude each other; null where all have room, or it took too long to tell. */
export function conflictOf(task: Task): Conflict | null {
  const room = new Room(task);
  if (room.for(task.items) !== false) return null;
  let items = task.items;
  let least = true;
  // The smallest first: what is told then is about the largest.
  for (const item of task.items.toReversed()) {
    const others = items.filter((one) => one !== item);
    const fits = room.for(others);
    if (fits === false) items = others;
    else if (fits === null) least = false;
  }
  return { items, least };
}
