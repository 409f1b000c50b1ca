/** What a benchmark says of itself; all of it pure. Lists, verdicts, gates, pictures and runners know no benchmark but by this. */

import type { Benchmark, Case } from '../cases/case.ts';
import type { PageKind } from '../cases/pages.ts';
import type { ToPaste } from '../placement/to-paste.ts';
import type { Placement, Slot } from '../placement/slots.ts';
import type { FigureKind, RawRepetition } from '../run/results.ts';
import type { Comparison, Result, Run, Verdict } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';

/** One of the figures that a benchmark takes. */
export interface Figure extends FigureKind {
  /** Of its chart; null: the unit says it all. */
  readonly title: string | null;
  /** What tells it from the benchmark's usual figure, behind a comma: "round trip". */
  readonly aside: string | null;
}

/** What was asked for and may not have held. */
export interface Asked {
  readonly pinned: boolean;
  /** What lies in memory: "Ring". */
  readonly memory: string;
  /** What `Seen.nodes` counts. */
  readonly counted: 'page' | 'pair';
  /** The one node that it was to lie on, or null. */
  readonly node: number | null;
  readonly pages: PageKind | null;
  /** CPUs on whose own node memory lies unless it is bound. */
  readonly touching: readonly number[];
}

export type Answer = Omit<Verdict, 'question'>;

export interface Together {
  /** The answer. */
  readonly sentence: string;
  /** For the terminal, in place of a line a result; null: a line each says it best. */
  readonly lines: readonly string[] | null;
}

export interface Bench<C extends Case = Case> {
  readonly kind: C['kind'];
  readonly figures: readonly Figure[];
  /** Of several figures of each repetition the one that stands for the case in pictures and lists; absent: each figure has cases of its own. */
  readonly main?: Benchmark;
  /** What it lets be placed. */
  readonly slots: readonly Slot[];
  /** A sentence that explains its units below a table; null: they explain themselves. */
  readonly unitNote: string | null;
  /** Where its tokens lay; empty where it places none. */
  placement(one: C): Placement;
  asked(one: C): Asked;
  /** How it was measured, where that bears on its figures; null: nothing to say. */
  how?(one: C): string | null;
  /** For a column of the terminal. */
  label(one: C, benchmark: Benchmark): string;
  /** For a list of the board, which is narrow. */
  shortLabel(one: C): string;
  /** What was measured other than usual, each behind a comma; with a topology what is usual there is not said. */
  unusual(one: C, topology: Topology | null): string[];
  /** Several of one run, told apart by what they differ in. */
  labels?(cases: readonly C[]): string[];
  /** What tells two of the same label apart. */
  settings(one: C): Readonly<Record<string, string | number>>;
  /** Whether its two ends lie on two nodes or in two packages; null where it has no two ends. */
  crosses(topology: Topology, one: C): boolean | null;
  /** How fair `near` is as what `far` is held against, the lowest the fairest; −1: not at all. */
  fairness(topology: Topology, far: C, near: C): number;
  /** What it placed, for other tools to place it for good; null: nothing. */
  placed(topology: Topology, one: C): ToPaste | null;
}

/** What a benchmark makes of what was measured. Apart from the rest, as who places and draws needs none of it (`answers/`). */
export interface Answers<C extends Case = Case> {
  /** A difference that was shown, in the words of the question that the two ask; without it plain words. */
  answer?(topology: Topology, one: C, two: C, comparison: Comparison, result: Result): Answer;
  /** The answer of one result whose figures lie in classes. */
  sentence?(result: Result): string | null;
  /** Of what its histogram holds the times, behind "times of"; absent: of round trips. */
  times?(one: C): string;
  /** Lines for the terminal in place of the one with median and interval, or null; indented by two. */
  figureLines?(result: Result): string[] | null;
  /** What all results of a run say together, where they make one picture; null where each stands for itself. */
  together?(topology: Topology, results: readonly Result[], thresholds?: Run['thresholds']): Together | null;
  /** What was seen of it beside CPUs and pages, for a list. */
  observed?(result: Result): string[];
  /** Further lines for the terminal, behind all figures. */
  moreLines?(result: Result): string[];
}

/** How often and how long a case is measured. */
export interface Timing {
  readonly rounds: number;
  /** Of a repetition. */
  readonly durationMs: number;
}

/** A benchmark that the agent measures case by case, round by round. */
export interface MeasuredBench<C extends Case = Case> extends Bench<C> {
  /** Several figures of each repetition, each of which becomes a result of its own; absent: its value alone. */
  readonly measures?: readonly (FigureKind & {
    value(repetition: RawRepetition, one: C): number | null;
  })[];
  /** That a person set for what judges its results, by name. */
  readonly thresholds?: Readonly<Record<string, number>>;
  /** @param asked of several figures of one case, which. */
  figure(one: C, asked: Benchmark | null): Figure;
  /** CPUs and nodes that it names: refused where the host has none such. */
  places(one: C): { readonly cpus: readonly number[]; readonly nodes: readonly number[] };
  /** The agent's command and what holds for all cases. @throws PinboardError `usage` for cases that are no one run. */
  agentWords(cases: readonly C[], asked: Benchmark | null): string[];
  /** A case as the agent takes it: `key=value,…`. */
  agentCase(one: C): Readonly<Record<string, string | number>>;
  /** Words of the command line that measure the cases again. */
  repeatWords(cases: readonly C[], asked: Benchmark | null, timing: Timing): (string | number)[];
  /** What the cases answer together. */
  question(topology: Topology, cases: readonly C[], asked: Benchmark | null): string;
}
