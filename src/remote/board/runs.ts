/** Runs of a board: measuring what is placed, one at a time. */

import type { Board, Running } from '../../model/board/board.ts';
import type { Busy } from '../../model/bench/guide/pair-kinds.ts';
import { RunList } from '../../model/board/run-list.ts';
import { plannerOf } from '../../model/bench/plans/index.ts';
import type { Plan } from '../../model/bench/offer.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import type { Run } from '../../model/run/run.ts';
import type { MatrixKind } from '../../model/cases/matrix.ts';
import type { Host } from '../host.ts';
import type { ProgramRun } from '../bench/program.ts';
import { Checkpoints } from './checkpoints.ts';
import type { BoardState } from '../../model/board/state.ts';

/** Progress is told at most this often: telling costs time on the machine that may be the one measured. */
const PROGRESS_MS = 100;

/** What measures, loaded when something is first measured. */
const measuring = () => import('../bench/index.ts');

type Measurement = (watched: {
  readonly onProgress: (running: Running) => void;
  readonly onCheckpoint: (build: () => Run) => void;
  readonly signal: AbortSignal;
}) => Promise<Run>;

export interface RunKeeping {
  /** Told of each run that was measured here. */
  readonly onRun: (run: Run) => void;
  /** That a person set for what judges two pools, by name. @throws PinboardError for one that is none. */
  readonly thresholds?: (() => Readonly<Record<string, number>>) | undefined;
  /** Stores one that goes on; null: nothing does. */
  readonly onCheckpoint: ((run: Run) => Promise<void>) | null;
}

export class Runs extends RunList {
  readonly #state: BoardState;
  readonly #keeping: RunKeeping;
  #current: { readonly control: AbortController; readonly settled: Promise<unknown> } | null = null;

  constructor(state: BoardState, keeping: RunKeeping) {
    super(state);
    this.#state = state;
    this.#keeping = keeping;
  }

  get going(): boolean {
    return this.#current !== null;
  }

  /** The host is another one: with what came with it, where it is on paper. */
  openHost(host: Host | null): void {
    this.openPaper(host?.transport.kind === 'recorded' ? (host.runs ?? []) : null);
  }

  /**
   * Measures what is placed. Cut short, it is kept with what was measured until then.
   * @throws PinboardError (at once, not by the promise) `busy`, `usage` for what cannot be measured, or why nothing was.
   */
  run(host: Host, signal?: AbortSignal): Promise<{ run: string }> {
    return this.#start(signal, (board) => {
      const plan = planOf(board);
      const { workload, placement } = board;
      const thresholds = workload.kind === 'separation' ? this.#keeping.thresholds?.() : undefined;
      return async (watched) =>
        (await measuring()).measurePlanned(host, { workload, placement, plan, thresholds }, watched);
    });
  }

  /** Measures the whole machine; else as `run`. */
  matrix(
    host: Host,
    asked: { readonly what: MatrixKind; readonly budgetMs: number },
    signal?: AbortSignal,
  ): Promise<{ run: string }> {
    return this.#start(
      signal,
      () => async (watched) => (await measuring()).measureMatrix(host, { ...asked, ...watched }),
    );
  }

  /** Asks by itself what crossing sockets costs; else as `run`. */
  guide(
    host: Host,
    asked: { readonly budgetMs: number; readonly busy?: Busy },
    signal?: AbortSignal,
  ): Promise<{ run: string }> {
    return this.#start(
      signal,
      () => async (watched) => (await measuring()).measureGuide(host, { ...asked, ...watched }),
    );
  }

  /** Runs the user's own program, until it ends or is ended; else as `run`. */
  program(
    host: Host,
    asked: Omit<ProgramRun, 'signal' | 'onCheckpoint'>,
    signal?: AbortSignal,
  ): Promise<{ run: string }> {
    return this.#start(
      signal,
      () => async (watched) =>
        (await measuring()).runProgram(host, { ...asked, signal: watched.signal, onCheckpoint: watched.onCheckpoint }),
    );
  }

  /** Looks for the best placement of the user's own program; else as `run`. */
  race(
    host: Host,
    asked: { readonly command: readonly string[]; readonly budgetMs: number },
    signal?: AbortSignal,
  ): Promise<{ run: string }> {
    const usual = { candidates: null, also: [], metric: null, better: null, window: null };
    return this.#start(
      signal,
      () => async (watched) => (await measuring()).measureRace(host, { ...usual, ...asked, ...watched }),
    );
  }

  /** @param prepare throws where there is nothing to measure. */
  #start(signal: AbortSignal | undefined, prepare: (board: Board) => Measurement): Promise<{ run: string }> {
    if (this.#current) {
      throw new PinboardError(
        'busy',
        'A run is in progress.',
        'Wait for it, or cancel it; what it has measured is kept.',
      );
    }
    const { board } = this.#state;
    if (board.measuring) throw asError(board.measuring);
    const measure = prepare(board);
    const control = new AbortController();
    const work = this.#measure(measure, control, signal);
    this.#current = { control, settled: work.catch(() => undefined) };
    return work;
  }

  async #measure(
    measure: Measurement,
    control: AbortController,
    signal: AbortSignal | undefined,
  ): Promise<{ run: string }> {
    const cancel = (): void => control.abort();
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel);
    const checkpoints = new Checkpoints(this.#keeping.onCheckpoint);
    const onCheckpoint = (build: () => Run): void => checkpoints.offer(build);
    try {
      const snapshot = await measure({ onProgress: this.#progress(), onCheckpoint, signal: control.signal });
      // One that is written late would take the place of the whole run.
      await checkpoints.end();
      this.add(snapshot);
      this.#keeping.onRun(snapshot);
      return { run: snapshot.id };
    } catch (error) {
      const kept = await checkpoints.end();
      if (kept) this.add(kept);
      throw error;
    } finally {
      this.#current = null;
      signal?.removeEventListener('abort', cancel);
      this.#state.patch({ running: null });
    }
  }

  /** Ends the run that is going on, if any; it is kept as far as it came. @param why what the run then says of its end. */
  async cancel(why?: PinboardError): Promise<void> {
    await this.canceller()(why);
  }

  /** What ends the run that is going on now, and none that begins later. */
  canceller(): (why?: PinboardError) => Promise<void> {
    const current = this.#current;
    return async (why) => {
      current?.control.abort(why);
      await current?.settled;
    };
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
  const { topology, placement, workload, runs, baseline, busy } = board;
  if (!topology)
    throw new PinboardError('not-connected', 'There is no machine on the board.', 'Connect to a host first.');
  const planned = plannerOf(workload).plan(
    topology,
    placement,
    workload,
    runs.find((one) => one.id === baseline) ?? null,
    busy,
  );
  if ('why' in planned) throw new PinboardError('usage', planned.why, 'Drag the tokens onto CPUs, or use the fields.');
  return planned;
}

const asError = ({ code, message, hint }: Problem): PinboardError => new PinboardError(code, message, hint);
