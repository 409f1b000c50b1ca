/** Owns which processes are shown alive: the program that was started from the board, else what is followed, out of the sample that is shown. */

import { followedGroup } from '../../model/live/live-group.ts';
import type { FollowedGroup } from '../../model/live/live-group.ts';
import type { LiveGroup } from '../../model/bench/program/threads.ts';
import type { State } from './store.ts';

let last: { readonly of: readonly unknown[]; readonly group: FollowedGroup | null } | null = null;

/** Null: nothing is followed, or it is not in the sample. */
export function followed({ board, sample }: Pick<State, 'board' | 'sample'>): FollowedGroup | null {
  if (!board?.following || !sample) return null;
  const { following, topology, held } = board;
  const of = [sample, following, topology, held];
  if (!last || of.some((one, i) => one !== last?.of[i]))
    last = { of, group: followedGroup(sample, following, topology, held) };
  return last.group;
}

export const liveGroup = (state: Pick<State, 'board' | 'sample'>): LiveGroup | null =>
  state.board?.program ?? followed(state);
