/** Owns what the page does with kept runs: opening files, the list of all, naming, deleting with a way back, choosing several to compare. */

import type { RunSummary } from '../../model/run/run.ts';
import { PinboardError } from '../../model/problem.ts';
import { plural } from '../../model/text/format.ts';
import { MAX_FILE, MAX_PIECE } from '../../protocol/messages.ts';
import type { Returned } from '../../protocol/messages.ts';
import type { Client } from '../../protocol/client.ts';
import { comparisonOf } from './comparison.ts';
import { runLabel } from './labels.ts';
import { chooseFiles } from '../ui/files.ts';
import type { Seam } from './seam.ts';
import { comparedRuns } from './select.ts';
import { MOST_PICKED } from './store.ts';
import type { NoticeAction, Store } from './store.ts';

/** Files of one drop: more are a mistake. */
const MAX_FILES = 20;

type Opened = NonNullable<Returned<'file'>['opened']>;

export interface KeptActions {
  /** Opens files that were dropped. */
  open(files: readonly File[]): void;
  /** Asks for files to open: in the editor it does, in its own way. */
  choose(): void;
  /** Shows the list of all runs. */
  shelf(): void;
  closeShelf(): void;
  /** Shows a run: here where it is listed, else on a picture of its own. */
  visit(run: string): void;
  /** Asks for a name; null: not any more. */
  name(run: string | null): void;
  rename(run: string, name: string): void;
  /** Can be undone. */
  remove(run: string): void;
  /** Takes a run into the comparison or out of it; it begins with the run that is shown. */
  pick(run: string): void;
  /** Compares these and no others, the first the one that others are held against. */
  compare(runs: readonly string[]): void;
  /** The second takes the place of the first. */
  swap(): void;
  /** Compares nothing any more. */
  unpick(): void;
}

interface Needs {
  readonly client: Client;
  readonly store: Store;
  readonly seam: Pick<Seam, 'kind' | 'toRun'>;
  readonly ask: (title: string, request: () => Promise<unknown>) => Promise<void>;
  readonly notice: (level: 'info' | 'warning', message: string, action?: NoticeAction) => void;
  readonly announce: (words: string) => void;
  /** Shows a run that is listed. */
  readonly show: (run: string) => void;
}

export function createKeptActions({ client, store, seam, ask, notice, announce, show }: Needs): KeptActions {
  const find = (id: string): RunSummary | undefined => store.get().board?.runs.find((run) => run.id === id);
  const labelOf = (id: string): string => {
    const run = find(id);
    return run ? `\u201c${runLabel(store.get().board?.topology ?? null, run)}\u201d` : 'The run';
  };

  const apart = (run: string): Promise<unknown> => {
    if (seam.kind === 'editor') return client.request('apart', { run });
    seam.toRun(run);
    return Promise.resolve();
  };

  const send = async (file: File): Promise<Opened | null> => {
    if (file.size > MAX_FILE)
      throw new PinboardError('bad-file', `${file.name} is larger than a run can be (${MAX_FILE >> 20} MB).`);
    const text = await file.text();
    for (let at = 0; ; at += MAX_PIECE) {
      const last = at + MAX_PIECE >= text.length;
      const piece = text.slice(at, at + MAX_PIECE);
      const { opened } = await client.request('file', { name: file.name, text: piece, last });
      if (last) return opened;
    }
  };

  /** The last one is shown; where it is not of this machine it leads elsewhere. */
  const opened = async (all: readonly Opened[]): Promise<void> => {
    const last = all.at(-1);
    if (!last) return;
    const here = all.filter((one) => one.here).length;
    const words =
      all.length === 1
        ? last.known
          ? 'It was kept already'
          : store.get().board?.kept
            ? 'Opened and kept'
            : 'Opened'
        : `${plural(all.length, 'run')} opened`;
    if (last.here) {
      show(last.run);
      notice('info', `${words}: ${labelOf(last.run)}.`);
    } else {
      const there = here < all.length && all.length > 1 ? ' All runs lists them.' : '';
      notice(
        'info',
        `${words}. ${last.host} is drawn otherwise than this machine: the run is shown on its own picture.${there}`,
      );
      await apart(last.run);
    }
  };

  const unpick = (): void => {
    if (store.get().view.picked.length > 0) store.view({ picked: [] });
  };

  const pick = (picked: readonly string[]): void => {
    const [first] = picked;
    if (first !== undefined && first !== store.get().view.shown) show(first);
    store.view({ picked });
    const runs = comparedRuns(store.get());
    announce(
      runs.length < 2
        ? picked.length === 1
          ? `${labelOf(first ?? '')} is chosen. Choose another one to compare it with.`
          : 'Nothing is compared.'
        : [`Comparing ${plural(runs.length, 'run')}.`, comparisonOf(store.get())?.run?.verdict?.sentence ?? '']
            .join(' ')
            .trim(),
    );
  };

  const open = (files: readonly File[]): void =>
    void ask('The file was not opened', async () => {
      const done: Opened[] = [];
      for (const file of files.slice(0, MAX_FILES)) {
        const one = await send(file);
        if (one) done.push(one);
      }
      if (files.length > MAX_FILES) notice('warning', `Only the first ${MAX_FILES} files were opened.`);
      await opened(done);
    });

  return {
    open,
    choose() {
      if (seam.kind === 'browser') chooseFiles(open);
      else void ask('The file was not opened', async () => opened((await client.request('pick', {})).opened));
    },
    shelf() {
      store.set({ shelf: 'reading' });
      void ask('The runs cannot be listed', async () => {
        try {
          const shelf = await client.request('shelf', {});
          // Closed meanwhile.
          if (store.get().shelf !== null) store.set({ shelf });
        } catch (error) {
          store.set({ shelf: null });
          throw error;
        }
      });
    },
    closeShelf: () => store.set({ shelf: null }),
    visit(run) {
      store.set({ shelf: null });
      if (find(run)) show(run);
      else void ask('The run was not opened', () => apart(run));
    },
    name: (run) => store.set({ naming: run }),
    rename(run, name) {
      store.set({ naming: null });
      void ask('The run was not renamed', async () => {
        await client.request('rename', { run, name });
        announce(name.trim() === '' ? 'The run has no name any more.' : `Renamed to ${name}.`);
      });
    },
    remove(run) {
      const words = labelOf(run);
      void ask('The run was not deleted', async () => {
        await client.request('remove', { run });
        const { shown, picked } = store.get().view;
        store.view({ shown: shown === run ? null : shown, picked: picked.filter((one) => one !== run) });
        const back = (): void =>
          void ask('The run was not put back', async () => {
            await client.request('restore', { run });
            notice('info', `${words} is back.`);
          });
        notice('info', `${words} was deleted.`, { label: 'Undo', act: back });
      });
    },
    pick(run) {
      const { picked, shown } = store.get().view;
      if (picked.includes(run)) pick(picked.filter((one) => one !== run));
      else pick([...(picked.length === 0 && shown !== null && shown !== run && find(shown) ? [shown] : picked), run]);
    },
    compare: (runs) => pick(runs.slice(0, MOST_PICKED)),
    swap() {
      const [first, second, ...others] = comparedRuns(store.get()).map(({ id }) => id);
      if (first !== undefined && second !== undefined) pick([second, first, ...others]);
    },
    unpick,
  };
}
