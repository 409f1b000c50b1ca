/** A benchmark that a board offers: how what is placed and chosen there becomes the cases of a run. */

import type { Benchmark, Case } from '../cases/case.ts';
import type { PageKind } from '../cases/pages.ts';
import type { Placement } from '../placement/slots.ts';
import type { Result, RunSummary } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';
import type { Bench, Timing } from './bench.ts';

/** Huge pages that a buffer needs on a node and that are not free there. */
export interface PagesMissing {
  readonly node: number;
  readonly pages: PageKind;
  readonly needed: number;
  readonly free: number;
}

export interface Plan<C extends Case = Case> {
  /** First what is placed, then what it is held against. */
  readonly cases: readonly C[];
  /** One for each case, never two alike. */
  readonly labels: readonly string[];
  readonly question: string;
  /** What would be compared as well if enough pages were free; a size that was asked for by name is measured, or fails, all the same. */
  readonly missing?: readonly PagesMissing[];
  /** What is left out, or is otherwise than its name says, and why: a sentence each. */
  readonly notes?: readonly string[];
  /** As many as fit a limit of time; absent: as the fields say. */
  readonly rounds?: number;
  /** What all rounds take, roughly; absent: what each repetition takes. */
  readonly ms?: number;
  /** Why what it is held against was chosen, where that is not plain, as a sentence. */
  readonly chosen?: string;
}

/** A setting that belongs to what a token places: its token carries it as a chip, and it is changed there. */
export interface TokenSetting<C extends Case, W> {
  /** Whose token. */
  readonly slot: string;
  /** What can be chosen on this machine, in the order in which it is stepped through. */
  choices(topology: Topology): readonly string[];
  of(workload: W): string;
  /** What it was in a run. */
  ofCases(cases: readonly C[]): string;
  change(choice: string): Partial<W>;
  /** At most four letters, on the chip. */
  short(choice: string): string;
  /** In a sentence: "2 MB pages". */
  words(choice: string): string;
}

export interface Planner<C extends Case, W extends Timing> {
  /**
   * From what is placed and chosen to what is measured, or why that cannot be.
   * @param baseline the run chosen as baseline, or null: the benchmark chooses.
   * @param busy CPUs that have other work to do.
   */
  plan(
    topology: Topology,
    placement: Placement,
    workload: W,
    baseline: RunSummary | null,
    busy?: readonly number[],
  ): Plan<C> | { readonly why: string };
}

/**
 * One without a plan has too much in it for what a page loads first: it is in `plans/`.
 * @typeParam W the fields of the board's "Measure" section.
 */
export interface Offer<C extends Case, W extends Timing> extends Partial<Planner<C, W>> {
  readonly bench: Bench<C>;
  /** In the list that a benchmark is chosen from. */
  readonly title: string;
  /** What the fields hold at first. */
  readonly workload: W;
  /** Whether another run, or a near neighbour, is what it is held against; else its own cases are held against each other. */
  readonly baseline: boolean;
  /** Of several figures of one case, which; null: the case says. */
  figure(workload: W): Benchmark | null;
  /** What a repetition of a case takes beside what it measures, roughly: starting threads, filling memory. Absent: the plan says how long all takes. */
  setUpMs?(one: C): number;
  /** Whether results are what it measures: shown, they choose it, and Run measures them again. */
  measured(topology: Topology, results: readonly Pick<Result, 'placement'>[]): boolean;
  readonly setting?: TokenSetting<C, W>;
}
