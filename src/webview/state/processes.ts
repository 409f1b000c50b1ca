/** Owns what the page asks for processes that run: which are followed, where their threads may run, where their pages lie. */

import { threadsOfToken, threadWords } from '../../model/bench/program/threads.ts';
import type { PagesMoved, ThreadToken } from '../../model/bench/program/threads.ts';
import type { Selection } from '../../model/live/selection.ts';
import { toProblem } from '../../model/problem.ts';
import { formatCpuList } from '../../model/text/cpulist.ts';
import { capital, formatBytes } from '../../model/text/format.ts';
import type { Client } from '../../protocol/client.ts';
import { liveGroup } from './followed.ts';
import type { Notice, Picking, Store } from './store.ts';

export interface ProcessActions {
  /** Keeps threads on a CPU; null: wherever this session may run. Of processes that were not started here a person is asked first. */
  pin(token: ThreadToken, target: number | null): void;
  /** Lets its threads run on any CPU again. */
  release(token: ThreadToken): void;
  /** Lets its threads run where they might before they were last moved. */
  undoPin(token: ThreadToken): void;
  /** Moves its pages to a node; whoever calls has asked. */
  pages(to: number): void;
  pagesBack(): void;
  /** Has a person choose the process to follow. @param words what the list is narrowed to at first; absent: it is read again as it is. */
  pickProcess(words?: string): void;
  /** Shows where processes run and have their memory; null: of none. */
  follow(selection: Selection | null): void;
  /** What a person agreed to: threads to CPUs. */
  pinThreads(threads: readonly number[], cpus: string, who: string): void;
  /** As `undoPin`, of these threads. */
  undoMoves(threads: readonly number[], who: string): void;
}

interface Parts {
  readonly client: Client;
  readonly store: Store;
  readonly ask: (title: string, request: () => Promise<unknown>) => Promise<void>;
  readonly notice: (level: Notice['level'], message: string) => void;
  readonly announce: (words: string) => void;
}

export function createProcessActions({ client, store, ask, notice, announce }: Parts): ProcessActions {
  const tidsOf = (token: ThreadToken): number[] =>
    threadsOfToken(liveGroup(store.get())?.threads ?? [], token).map(({ tid }) => tid);
  const pin = (token: ThreadToken, target: number | null): void => {
    const { topology } = store.get().board ?? {};
    const usable = topology?.cpus.filter(({ online, allowed }) => online && allowed).map(({ id }) => id) ?? [];
    const cpus = target === null ? formatCpuList(usable) : String(target);
    // Of a program that was started here everything may be done; others' processes are asked about first.
    if (store.get().board?.program) pinThreads(tidsOf(token), cpus, threadWords(token), target === null);
    else store.set({ acting: { kind: 'pin', threads: tidsOf(token), who: threadWords(token), cpus } });
  };
  const pinThreads = (threads: readonly number[], cpus: string, who: string, free = false): void => {
    void ask(`The ${who} could not be moved`, async () => {
      await client.request('pin', { threads: [...threads], cpus });
      announce(free ? `${capital(who)}: free to run on any CPU` : `${capital(who)}: moved to cpu ${cpus}`);
    });
  };
  const undoMoves = (threads: readonly number[], who: string): void => {
    void ask(`The move of the ${who} was not undone`, async () => {
      await client.request('undoPin', { threads: [...threads] });
      announce(`${capital(who)}: last move undone`);
    });
  };
  const moved = (title: string, request: () => Promise<PagesMoved>, words: string): void => {
    void ask(title, async () => {
      const { movedBytes, leftBytes } = await request();
      const left = leftBytes > 0 ? ` ${formatBytes(leftBytes)} did not move: shared, locked, or no room there.` : '';
      notice('info', `${formatBytes(movedBytes)} ${words}.${left}`);
    });
  };

  return {
    pin,
    pinThreads,
    undoMoves,
    release: (token) => pin(token, null),
    undoPin: (token) => undoMoves(tidsOf(token), threadWords(token)),
    pages(to) {
      moved('The pages were not moved', () => client.request('pages', { to }), `moved to node ${to}`);
    },
    pagesBack() {
      moved('The pages were not moved back', () => client.request('back', {}), 'moved back');
    },
    pickProcess(words) {
      const picking: Picking = { words: words ?? store.get().picking?.words ?? '', found: null, problem: null };
      store.set({ picking });
      // Closed meanwhile, or asked for anew, it has no one to tell.
      const tell = (change: Partial<Picking>): void => {
        if (store.get().picking === picking) store.set({ picking: { ...picking, ...change } });
      };
      client.request('processes', {}).then(
        (found) => tell({ found }),
        (error: unknown) => tell({ problem: toProblem(error) }),
      );
    },
    follow(selection) {
      void ask('The process cannot be followed', () => client.request('follow', { selection }));
    },
  };
}
