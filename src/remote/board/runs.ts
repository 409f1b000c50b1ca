/** Runs of a board: measuring what is placed, one at a time, and the list of what was measured. */

import type { Board, RunRecord, Running } from '../../model/board.ts';
import { plan } from '../../model/plan.ts';
import type { Plan } from '../../model/plan.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import type { Snapshot } from '../../model/run.ts';
import type { Workload } from '../../model/workload.ts';
import { measureSpsc } from '../benchmark.ts';
import type { Host } from '../host.ts';
import type { BoardState } from './state.ts';

/** Runs kept in memory; a run of 2,048 CPUs takes 2 MB. */
const MAX_RUNS = 200;
/** Progress is told at most this often: telling costs time on the machine that may be the one measured. */
const PROGRESS_MS = 100;

export class Runs {
  readonly #state: BoardState;
  readonly #onRun: (snapshot: Snapshot) => void;
  /** Newest first, of every host that was connected. */
  #snapshots: readonly Snapshot[] = [];
  #current: { readonly control: AbortController; readonly settled: Promise<unknown> } | null = null;

  /** @param onRun told of each run that was measured here. */
  constructor(state: BoardState, onRun: (snapshot: Snapshot) => void) {
    this.#state = state;
    this.#onRun = onRun;
  }

  get going(): boolean {
    return this.#current !== null;
  }

  /** @throws PinboardError `not-found`. */
  find(id: string): Snapshot {
    const found = this.#snapshots.find((one) => one.id === id);
    if (!found) throw new PinboardError('not-found', 'There is no such run on this board.');
    return found;
  }

  /** Puts a run into the list by its time; one that is there already stays as it is. */
  add(snapshot: Snapshot): void {
    if (this.#snapshots.some((one) => one.id === snapshot.id)) return;
    const newestFirst = [...this.#snapshots, snapshot].sort((a, b) => Date.parse(b.time) - Date.parse(a.time));
    this.#snapshots = newestFirst.slice(0, MAX_RUNS);
    this.list();
  }

  /** Shows the runs of the board's host: of another one they would be drawn on the wrong machine. */
  list(): void {
    const { host, baseline } = this.#state.board;
    const shown = this.#snapshots.filter(
      (one) => host === null || (one.host.name === host.name && one.host.transport === host.transport),
    );
    const there = shown.some((one) => one.id === baseline);
    this.#state.patch({ runs: shown.map(recordOf), baseline: there ? baseline : null });
  }

  /**
   * Measures what is placed. Cut short, it is kept with what was measured until then.
   * @throws PinboardError (at once, not by the promise) `busy`, `usage` for what cannot be measured, or why nothing was.
   */
  run(host: Host, signal?: AbortSignal): Promise<{ run: string }> {
    if (this.#current) {
      throw new PinboardError('busy', 'A run is going on.', 'Wait for it, or cancel it; what it has measured is kept.');
    }
    const { board } = this.#state;
    if (board.measuring) throw asError(board.measuring);
    const planned = planOf(board);
    const control = new AbortController();
    const work = this.#measure(host, planned, board.workload, control, signal);
    this.#current = { control, settled: work.catch(() => undefined) };
    return work;
  }

  async #measure(
    host: Host,
    planned: Plan,
    workload: Workload,
    control: AbortController,
    signal: AbortSignal | undefined,
  ): Promise<{ run: string }> {
    const cancel = (): void => control.abort();
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel);
    try {
      const onProgress = this.#progress();
      const snapshot = await measureSpsc(host, { ...planned, workload, onProgress, signal: control.signal });
      this.add(snapshot);
      this.#onRun(snapshot);
      return { run: snapshot.id };
    } finally {
      this.#current = null;
      signal?.removeEventListener('abort', cancel);
      this.#state.patch({ running: null });
    }
  }

  /** Ends the run that is going on, if any; it is kept as far as it came. */
  async cancel(): Promise<void> {
    this.#current?.control.abort();
    await this.#current?.settled;
  }

  #progress(): (running: Running) => void {
    let told = 0;
    return (running) => {
      const now = performance.now();
      if (told !== 0 && now - told < PROGRESS_MS) return;
      told = now;
      this.#state.patch({ running });
    };
  }
}

function planOf(board: Board): Plan {
  const { topology, placement, workload, runs, baseline } = board;
  if (!topology)
    throw new PinboardError('not-connected', 'There is no machine on the board.', 'Connect to a host first.');
  const planned = plan(topology, placement, workload, runs.find((one) => one.id === baseline) ?? null);
  if ('why' in planned) throw new PinboardError('usage', planned.why, 'Drag the tokens onto CPUs, or use the fields.');
  return planned;
}

const asError = ({ code, message, hint }: Problem): PinboardError => new PinboardError(code, message, hint);

function recordOf(snapshot: Snapshot): RunRecord {
  return Object.fromEntries(Object.entries(snapshot).filter(([key]) => key !== 'topology')) as unknown as RunRecord;
}
