/** Owns where threads went from CPU to CPU over the last samples: what the board draws as fading lines. */

import type { LiveThread } from '../bench/program/threads.ts';

/** Samples that a trail is seen for. */
export const TRAIL_AGES = 4;
/** More would be a ball of wool; the newest and thickest are kept. */
const MAX_TRAILS = 48;

export interface Trail {
  readonly from: number;
  readonly to: number;
  /** Threads that went this way. */
  readonly count: number;
  /** 0: in the newest sample. */
  readonly age: number;
}

export interface Trails {
  readonly trails: readonly Trail[];
  /** CPU by thread, as last seen. */
  readonly at: ReadonlyMap<string, number>;
}

export const NO_TRAILS: Trails = { trails: [], at: new Map() };

const keyOf = ({ tid, start }: LiveThread): string => `${tid}@${start ?? ''}`;

/** After one more sample. Who is new came from nowhere. */
export function trailsAfter({ trails, at }: Trails, threads: readonly LiveThread[]): Trails {
  const now = new Map(threads.map((thread) => [keyOf(thread), thread.cpu]));
  const moves = new Map<string, Trail>();
  for (const [key, to] of now) {
    const from = at.get(key);
    if (from === undefined || from === to) continue;
    const way = `${from}>${to}`;
    moves.set(way, { from, to, count: (moves.get(way)?.count ?? 0) + 1, age: 0 });
  }
  const older = trails.map((trail) => ({ ...trail, age: trail.age + 1 })).filter(({ age }) => age < TRAIL_AGES);
  const newest = [...moves.values()].sort((a, b) => b.count - a.count);
  return { trails: [...newest, ...older].slice(0, MAX_TRAILS), at: now };
}
