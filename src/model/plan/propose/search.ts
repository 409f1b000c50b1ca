/**
 * The best placement: first fit and the cheapest next place, improved by moves and swaps, then branch and bound, which proves it or says
 * how far it could be from the best.
 */

import type { Slices } from '../slices.ts';
import { leastCut } from './cut.ts';
import { compareCosts, State } from './state.ts';
import type { Cost, Place } from './state.ts';
import type { Item, Task } from './task.ts';

export type Places = ReadonlyMap<number, Place>;

export interface Searched {
  /** Null: no placement has room for all. */
  readonly best: { readonly places: Places; readonly cost: Cost } | null;
  /** What first fit costs; null where it finds no room for all. */
  readonly firstFit: Cost | null;
  /** No placement can cost less. */
  readonly bound: Cost;
  /** Whether nothing was left out: the best is proven, or that there is none. */
  readonly complete: boolean;
  readonly steps: number;
}

type GoOn = () => Slices<boolean>;

/** Between two questions whether to go on. */
const STEPS_BETWEEN = 64;

/** In the order of the file, each where it fits first. */
export function firstFit(task: Task): State | null {
  const state = new State(task);
  for (const item of task.items.toSorted((a, b) => a.index - b.index)) {
    const [place] = state.placesFor(item);
    if (!place) return null;
    state.put(item, place);
  }
  return state;
}

/** The place that costs least beside what is there. */
function cheapest(state: State, item: Item): Place | null {
  let best: { place: Place; cost: Cost } | null = null;
  for (const place of state.placesFor(item)) {
    // What crosses between the others is the same wherever this one is.
    const crossing = state.crossingAt(item, place.node);
    state.put(item, place);
    const cost = { ...state.troubles(), crossing };
    state.remove(item);
    if (!best || compareCosts(cost, best.cost) < 0) best = { place, cost };
  }
  return best?.place ?? null;
}

function* greedy(task: Task, goOn: GoOn): Slices<State | null> {
  const state = new State(task);
  for (const item of task.items) {
    const place = (yield* goOn()) ? cheapest(state, item) : null;
    if (!place) return null;
    state.put(item, place);
  }
  return state;
}

/** Moves one block, or swaps two, as long as that makes it better. */
function* improve(state: State, goOn: GoOn): Slices<void> {
  const { items } = state.task;
  const tryIt = (moving: readonly Item[]): boolean => {
    const before = moving.map((item) => ({ item, place: state.places.get(item.index) }));
    const cost = state.cost();
    for (const item of moving) state.remove(item);
    let there = true;
    for (const item of moving.toReversed()) {
      const place: Place | null = there ? cheapest(state, item) : null;
      if (place) state.put(item, place);
      else there = false;
    }
    if (there && compareCosts(state.cost(), cost) < 0) return true;
    for (const item of moving) state.remove(item);
    for (const { item, place } of before) if (place) state.put(item, place);
    return false;
  };
  for (let better = true; better;) {
    better = false;
    for (const [at, item] of items.entries()) {
      if (!(yield* goOn())) return;
      better = tryIt([item]) || better;
      for (const other of items.slice(at + 1)) {
        if (!(yield* goOn())) return;
        better = tryIt([item, other]) || better;
      }
    }
  }
}

const lower = (a: Cost | null, b: Cost): Cost => (a && compareCosts(a, b) <= 0 ? a : b);

/** Above that one look at a bound takes longer than a person should wait for an answer to `stop`. */
const MOST_WORK = 500_000;

/** Told to stop, it ends with what there is. */
export function* search(task: Task): Slices<Searched> {
  let steps = 0;
  let stopped = false;
  function* goOn(): Slices<boolean> {
    steps++;
    if (!stopped && steps % STEPS_BETWEEN === 0) stopped = yield;
    return !stopped;
  }
  let best: { places: Places; cost: Cost } | null = null;
  const keep = (state: State | null): void => {
    if (!state) return;
    const cost = state.cost();
    if (!best || compareCosts(cost, best.cost) < 0) best = { places: new Map(state.places), cost };
  };
  const root = new State(task).bound();
  const plain = firstFit(task);
  const plainCost = plain?.cost() ?? null;
  keep(plain);
  for (const state of [plain, yield* greedy(task, goOn)]) {
    if (state) yield* improve(state, goOn);
    keep(state);
  }

  /** The least that what was left out could cost. */
  let open: Cost | null = null;
  const state = new State(task);
  function* visit(depth: number): Slices<void> {
    const item = task.items[depth];
    if (!item) {
      keep(state);
      return;
    }
    const options = state.placesFor(item).flatMap((place) => {
      state.put(item, place);
      const bound = state.bound();
      state.remove(item);
      return bound ? [{ place, bound }] : [];
    });
    for (const { place, bound } of options.toSorted((a, b) => compareCosts(a.bound, b.bound))) {
      if (best && compareCosts(bound, best.cost) >= 0) continue;
      if (!(yield* goOn())) {
        open = lower(open, bound);
        continue;
      }
      state.put(item, place);
      yield* visit(depth + 1);
      state.remove(item);
    }
  }
  if (task.items.length * task.nodes.size * (task.flows.length + 1) <= MOST_WORK) yield* visit(0);
  else open = root;
  if (open) open = { ...open, crossing: Math.max(open.crossing, leastCut(task)) };
  const found = best as { places: Places; cost: Cost } | null;
  const none = { errors: 0, unease: 0, crossing: 0 };
  return {
    best: found,
    firstFit: plainCost,
    bound: open ? (found ? lower(found.cost, open) : open) : (found?.cost ?? root ?? none),
    complete: open === null,
    steps,
  };
}
