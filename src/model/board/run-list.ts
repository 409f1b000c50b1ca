/** The list of runs of a board: those of its machine, whatever else was opened. */

import { costTable } from '../bench/matrix/costs.ts';
import { PinboardError } from '../problem.ts';
import type { Run, RunSummary } from '../run/run.ts';
import { isSameMachine } from '../topology/same-machine.ts';
import type { BoardState } from './state.ts';

/** Runs kept in memory; a run of 2,048 CPUs takes 2 MB. */
const MAX_RUNS = 200;
/** Older matrices are in their files, and say nothing of the machine as it is. */
const MAX_TABLES = 8;

/** Of runs from files. */
export const onOneMachine = (a: Run, b: Run): boolean =>
  a.host.name === b.host.name && isSameMachine(a.topology, b.topology);

export class RunList {
  readonly #state: BoardState;
  /** Newest first, of every host that was connected. */
  #snapshots: readonly Run[] = [];
  /** Those of the machine on paper that the board shows; null: it shows a real one. */
  #onPaper: readonly Run[] | null = null;

  constructor(state: BoardState) {
    this.#state = state;
  }

  /** Measured on the machine that the board shows: names repeat, and machines change under them. */
  #isHere({ host: { name, transport }, topology }: Run): boolean {
    const { host, topology: shown } = this.#state.board;
    if (host === null) return true;
    const named = name === host.name && (transport === host.transport || host.transport === 'recorded');
    return named && (shown === null || isSameMachine(topology, shown));
  }

  /** Null: it is none of this board. */
  known(id: string): Run | null {
    return [...(this.#onPaper ?? []), ...this.#snapshots].find((one) => one.id === id) ?? null;
  }

  isListed(id: string): boolean {
    return this.#state.board.runs.some((one) => one.id === id);
  }

  /** @throws PinboardError `not-found`. */
  find(id: string): Run {
    const found = this.known(id);
    if (!found) throw new PinboardError('not-found', 'There is no such run on this board.');
    return found;
  }

  /** Puts a run into the list by its time; one that is there already stays as it is. */
  add(snapshot: Run): void {
    if (this.#snapshots.some((one) => one.id === snapshot.id)) return;
    this.#snapshots = newestFirst([...this.#snapshots, snapshot]).slice(0, MAX_RUNS);
    this.list();
  }

  /** The same run as it now is. */
  replace(run: Run): void {
    const swapped = (all: readonly Run[]): Run[] => all.map((one) => (one.id === run.id ? run : one));
    this.#snapshots = swapped(this.#snapshots);
    this.#onPaper &&= swapped(this.#onPaper);
    this.list();
  }

  drop(id: string): void {
    const without = (all: readonly Run[]): Run[] => all.filter((one) => one.id !== id);
    this.#snapshots = without(this.#snapshots);
    this.#onPaper &&= without(this.#onPaper);
    this.list();
  }

  /** The machine is another one: with what came with it, where it is on paper; null: it is none. */
  openPaper(runs: readonly Run[] | null): void {
    this.#onPaper = runs;
    this.list();
  }

  /** Shows the runs of the board's host: of another one they would be drawn on the wrong machine. */
  list(): void {
    const { baseline } = this.#state.board;
    const shown = this.#shown();
    const there = shown.some((one) => one.id === baseline);
    const costs = shown.flatMap((one) => costsOf(one) ?? []).slice(0, MAX_TABLES);
    this.#state.patch({ runs: shown.map(recordOf), costs, baseline: there ? baseline : null });
  }

  /** A saved run's machine has also what else was measured on it; one that came without runs has none. */
  #shown(): readonly Run[] {
    const paper = this.#onPaper ?? [];
    if (this.#onPaper && paper.length === 0) return paper;
    const others = this.#snapshots.filter((one) => this.#isHere(one) && paper.every(({ id }) => id !== one.id));
    return newestFirst([...paper, ...others]);
  }
}

const newestFirst = (runs: readonly Run[]): Run[] => [...runs].sort((a, b) => Date.parse(b.time) - Date.parse(a.time));

const without = <T extends object, K extends keyof T>(whole: T, gone: K): Omit<T, K> =>
  Object.fromEntries(Object.entries(whole).filter(([key]) => key !== gone)) as Omit<T, K>;

/** Worked out once a run: what is the very same is not told to pages again. */
function once<T>(make: (run: Run) => T): (run: Run) => T {
  const made = new WeakMap<Run, { readonly value: T }>();
  return (run) => {
    const known = made.get(run) ?? { value: make(run) };
    made.set(run, known);
    return known.value;
  };
}

const recordOf = once((run): RunSummary => {
  const results = run.results.map((result) => without(result, 'classes'));
  return { ...without(run, 'topology'), results };
});

const costsOf = once(costTable);
