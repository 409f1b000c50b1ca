/** Owns the life of the line: the first picture, what changes afterwards, samples, and coming back after a loss. */

import { patchedBoard } from '../../model/board/patch.ts';
import type { BoardPatch } from '../../model/board/patch.ts';
import { PinboardError, toProblem } from '../../model/problem.ts';
import type { PageAct } from '../../protocol/acts.ts';
import { MESSAGES_VERSION } from '../../protocol/messages.ts';
import type { HostEvent } from '../../protocol/messages.ts';
import { createClient } from '../../protocol/client.ts';
import type { Client } from '../../protocol/client.ts';
import { createPull } from './pull.ts';
import type { Seam } from './seam.ts';
import type { Notice, Store } from './store.ts';

/** What the host has to say to a person, and what a command of the editor asks for. */
interface Told {
  notice(level: Notice['level'], message: string): void;
  act(asked: PageAct): void;
}

export function connectStore(
  seam: Seam,
  store: Store,
  /** Nobody has chosen what this page shows. */
  fresh: boolean,
  told: Told,
): Client {
  const hear = (event: HostEvent): void => {
    const { board, past } = store.get();
    const heard = Date.now();
    if (event.event === 'board') {
      if (!board) return;
      const patch = event.patch as BoardPatch;
      const next = patchedBoard(board, patch);
      const [newest] = next.runs;
      // Also a run that this page did not ask for (a command of the editor) ends with its answer in view.
      if (board.running && newest && newest.id !== board.runs[0]?.id) store.view({ shown: newest.id });
      // Word that the host is lost is no word from the host.
      const seen = next.connection.state === 'lost' ? store.get().heard : heard;
      store.set({ heard: seen, board: next });
      if (patch.host) pastOf.host(patch.host);
      // Figures of another machine must not be drawn on this one.
      if (patch.topology !== undefined) store.set({ sample: null, carried: null });
    } else if (event.event === 'sample') {
      pastOf.missed(event.after);
      past.take(event.sample, event);
      store.set({ heard, sample: event.sample, frames: past.frames });
    } else if (event.event === 'show') {
      store.view({ shown: event.run, picked: event.beside === undefined ? [] : [event.run, event.beside] });
    } else if (event.event === 'act') {
      told.act(event.asked);
    } else if (event.event === 'reveal') {
      store.set({ hiddenCheckup: null, revealed: event.finding });
    } else told.notice(event.level, event.message);
  };
  const client = createClient((message) => seam.send(message), hear);
  const pastOf = createPull(client, store);

  let unopened = fresh;
  const watch = (): void => {
    client.request('watch', { visible: document.visibilityState === 'visible' }).catch(() => undefined);
  };
  const open = async (): Promise<void> => {
    try {
      const board = await client.request('open', { version: MESSAGES_VERSION });
      store.set({ board, line: 'open', heard: Date.now(), failure: null });
      if (board.host) pastOf.host(board.host);
      // A run that was saved opens on its verdict; later, and on a page loaded anew, what a person chose stays.
      const [run] = unopened && board.host?.transport === 'recorded' ? board.runs : [];
      if (run) store.view({ shown: run.id });
      unopened = false;
      watch();
    } catch (error) {
      if (error instanceof PinboardError && error.code === 'connection-lost') return;
      store.set({ failure: { title: 'This page is out of date', problem: toProblem(error) } });
    }
  };

  seam.onMessage((message) => client.receive(message));
  document.addEventListener('visibilitychange', watch);
  seam.onLine((there) => {
    if (there) void open();
    else {
      client.close();
      store.set({ line: 'lost', starting: false });
    }
  });
  return client;
}
