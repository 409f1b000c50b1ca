/** Owns how the page comes to know what was sampled before it looked: it asks, piece by piece, the newest first. */

import { framesOf } from '../../model/live/past/chunk.ts';
import type { Board } from '../../model/board/board.ts';
import type { Returned } from '../../protocol/messages.ts';
import type { Client } from '../../protocol/client.ts';
import { isRecorded } from './select.ts';
import type { Store } from './store.ts';

export interface Pull {
  /** The past is of this host: that of another one is forgotten, and what is known of this one is asked for. */
  host(host: NonNullable<Board['host']>): void;
  /** A sample came that follows one at this place (null: it is the first): what is missing up to there is asked for. */
  missed(after: number | null): void;
}

export function createPull(client: Client, store: Store): Pull {
  let of: string | null = null;
  /** Of the last asking: a new one, or another host, ends it. */
  let turn = 0;

  const pull = async (): Promise<void> => {
    const mine = ++turn;
    const { past } = store.get();
    const known = past.frames.at(-1)?.at ?? -Infinity;
    for (let before: number | null = null; ;) {
      const piece: Returned<'past'> = await client.request('past', { before });
      if (mine !== turn) return;
      past.add(framesOf(piece, past));
      const newest = past.frames.at(-1);
      store.set({ frames: past.frames });
      // A recording has no now to show.
      if (newest && !store.get().moment && isRecorded(store.get()))
        store.set({ moment: { frame: newest, end: newest.at, speed: 0 } });
      const [oldest] = piece.frames;
      if (!piece.more || !oldest || oldest.at <= known) return;
      before = oldest.at;
    }
  };
  // Lost meanwhile: once the line is there again, the next sample shows what is missing.
  const ask = (): void => void pull().catch(() => undefined);

  return {
    host({ name, transport }) {
      const host = `${transport} ${name}`;
      if (host !== of) {
        store.get().past.clear();
        store.set({ frames: [], moment: null, ends: { a: null, b: null } });
      }
      of = host;
      ask();
    },
    missed(after) {
      if (after !== (store.get().past.frames.at(-1)?.at ?? null)) ask();
    },
  };
}
