/** The runs of a board that outlive it: stored while they are measured, brought back with their host, opened from files, renamed, deleted. */

import { PinboardError } from '../../model/problem.ts';
import type { Run } from '../../model/run/run.ts';
import { clean } from '../../model/text/clean.ts';
import { listed, plural } from '../../model/text/format.ts';
import type { RunHead } from '../../protocol/run.ts';
import type { Host } from '../host.ts';
import { parseRunOf } from '../../protocol/run-file.ts';
import type { RunStore, Shelf, StoreLimits } from '../store/run-store.ts';
import type { BoardSessionOptions } from './options.ts';
import type { Runs } from './runs.ts';
import type { BoardState } from '../../model/board/state.ts';

/** Files named in one notice; the list of all runs names every one. */
const FEW = 3;

export interface OpenedRun {
  readonly run: string;
  readonly host: string;
  /** Whether it is listed on this board; else it was measured on a machine that is drawn otherwise. */
  readonly here: boolean;
  /** It was kept already: that one is shown. */
  readonly known: boolean;
}

export class KeptRuns {
  readonly #store: RunStore | null;
  readonly #face: Pick<BoardSessionOptions, 'pickFiles' | 'showApart'>;
  readonly #state: BoardState;
  readonly #runs: Runs;
  readonly #tell: (error: unknown) => void;
  /** One write of an ended run after the other. */
  #saving: Promise<void> = Promise.resolve();
  #unsaved: string | null = null;

  /** @param tell of what could not be stored or read; the run itself goes on. */
  constructor(
    state: BoardState,
    runs: Runs,
    {
      store = null,
      ...face
    }: { readonly store?: RunStore | null } & Pick<BoardSessionOptions, 'pickFiles' | 'showApart'>,
    tell: (error: unknown) => void,
  ) {
    this.#state = state;
    this.#runs = runs;
    this.#store = store;
    this.#face = face;
    this.#tell = tell;
    if (store) state.patch({ kept: [] });
  }

  /** A run that goes on, as it would stand if it ended now. @throws PinboardError when it cannot be stored; it is told of once a run. */
  async checkpoint(run: Run): Promise<void> {
    try {
      await this.#store?.write(run);
    } catch (error) {
      if (this.#unsaved !== run.id) this.#tell(error);
      this.#unsaved = run.id;
      throw error;
    }
  }

  /** A run that has ended. */
  save(run: Run): void {
    this.#saving = this.#saving.then(() => this.#save(run)).catch(this.#tell);
  }

  /** Settles when every run that has ended is stored, or cannot be. */
  settled(): Promise<void> {
    return this.#saving;
  }

  /** Lists what was measured on a host before, also on the one that a saved run shows. */
  async addOf({ transport: { kind, name }, runs: [saved] = [] }: Host): Promise<void> {
    const host = kind === 'recorded' ? saved?.host : { name, transport: kind };
    if (!this.#store || !host) return;
    const { runs, unread, more } = await this.#store.of(host);
    for (const run of runs) this.#runs.add(run);
    this.#know(runs.map(({ id }) => id));
    if (unread.length > 0) {
      const files = unread.slice(0, FEW).map(({ file, why }) => `${file} (${why.replace(/\.$/, '')})`);
      const others = unread.length > FEW ? [plural(unread.length - FEW, 'other file')] : [];
      this.#tell(new PinboardError('bad-file', `Kept runs that cannot be read: ${listed([...files, ...others])}.`));
    }
    if (more > 0)
      this.#tell(
        new PinboardError('unsupported', `${plural(more, 'older run')} of ${host.name} are kept, not listed.`),
      );
  }

  /** What is kept, of every host. @throws PinboardError `unsupported` where nothing is. */
  async shelf(): Promise<Shelf<RunHead> & { readonly folder: string }> {
    const store = this.#keeping();
    return { ...(await store.all()), folder: store.folder };
  }

  /** How many they are, and what they take. */
  usage(): Promise<StoreLimits> {
    return this.#keeping().usage();
  }

  /** A file's run is put on the list, and kept. @param name of the file, for words. @throws PinboardError `bad-file`. */
  async open(name: string, text: string): Promise<OpenedRun> {
    const read = parseRunOf(clean(name, 200), text);
    const known = (await this.#store?.has(read.id)) ?? false;
    const run = known && this.#store ? await this.#store.find(read.id) : read;
    if (!known) await this.#save(run).catch(this.#tell);
    this.#runs.add(run);
    if (known) this.#know([run.id]);
    return { run: run.id, host: run.host.name, here: this.#runs.isListed(run.id), known };
  }

  /** Opens files that a person chooses in the editor. @throws PinboardError `unsupported` where the page has to ask. */
  async pick(): Promise<OpenedRun[]> {
    if (!this.#face.pickFiles) throw new PinboardError('unsupported', 'Files are chosen on the page here.');
    const opened: OpenedRun[] = [];
    for (const { name, text } of await this.#face.pickFiles()) opened.push(await this.open(name, text));
    return opened;
  }

  /** On a picture of its own. @throws PinboardError `not-found`, `unsupported` where nothing shows it. */
  async showApart(id: string): Promise<void> {
    const run = await this.find(id);
    if (!this.#face.showApart) throw new PinboardError('unsupported', 'A run is shown by its own address here.');
    await this.#face.showApart(run);
  }

  /** One of this board, else one that is kept. @throws PinboardError `not-found`, `bad-file`. */
  async find(id: string): Promise<Run> {
    return this.#store ? (this.#runs.known(id) ?? this.#store.find(id)) : this.#runs.find(id);
  }

  /** The file that it is kept in. @throws as `find`. */
  async pathOf(id: string): Promise<string> {
    return this.#keeping().pathOf(await this.find(id));
  }

  async rename(id: string, name: string): Promise<void> {
    this.#runs.replace(await this.#keeping().rename(id, name));
  }

  /** All at once, or none. */
  async remove(...ids: readonly string[]): Promise<void> {
    await this.#keeping().remove(...ids);
    for (const id of ids) this.#runs.drop(id);
    this.#state.patch({ kept: this.#state.board.kept?.filter((one) => !ids.includes(one)) ?? null });
  }

  async restore(...ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      this.#runs.add(await this.#keeping().restore(id));
      this.#know([id]);
    }
  }

  async #save(run: Run): Promise<void> {
    if (!this.#store) return;
    await this.#store.write(run);
    this.#know([run.id]);
    const removed = await this.#store.makeRoom(run.id);
    if (removed.length > 0) {
      const words = `There is room for no more runs: the oldest ${removed.length === 1 ? 'was' : `${removed.length} were`} removed (${listed(removed.slice(0, FEW))}).`;
      this.#tell(new PinboardError('unsupported', words));
    }
  }

  #know(ids: readonly string[]): void {
    const { kept } = this.#state.board;
    if (kept) this.#state.patch({ kept: [...new Set([...kept, ...ids])] });
  }

  #keeping(): RunStore {
    if (!this.#store) throw new PinboardError('unsupported', 'No runs are kept here.');
    return this.#store;
  }
}
