/** The state of a board: one host, what is placed on it, what was measured. The host side owns it; the page shows it. */

import type { CostTable } from '../bench/matrix/costs.ts';
import type { Checkup } from '../doctor/checkup.ts';
import type { Mark } from '../live/recording.ts';
import type { Beside } from '../plan/drift/beside.ts';
import type { Problem } from '../problem.ts';
import type { RunSummary } from '../run/run.ts';
import type { LiveProgram } from '../bench/program/threads.ts';
import type { AskedRow } from '../live/asked.ts';
import type { Held } from '../live/live-group.ts';
import type { Selection } from '../live/selection.ts';
import type { Topology } from '../topology/topology.ts';
import type { Placement } from '../placement/slots.ts';
import type { Workload } from '../bench/index.ts';

export interface Connection {
  readonly state: 'none' | 'connecting' | 'connected' | 'lost' | 'failed';
  /** What is being done right now, in words ("Checking the host key"). */
  readonly step: string | null;
  readonly problem: Problem | null;
  /** While connected: the host that is connected to meanwhile, to take this one's place when it stands. */
  readonly next: { readonly name: string; readonly step: string } | null;
  /** ISO time of the last change. */
  readonly since: string;
}

/** A run while it is going on. */
export interface Running {
  readonly startedAt: string;
  /** What the run is to answer. */
  readonly question: string;
  readonly round: number;
  /** 0 where a run goes by a budget of time, not by rounds. */
  readonly rounds: number;
  /** How much is done, 0 … 1. */
  readonly share: number;
  /** What is measured in turn, as the page names it ("P#0 → P#18"). */
  readonly labels: readonly string[];
  /** Raw figures so far, by label. */
  readonly points: readonly (readonly number[])[];
  /** Of each label's figures. */
  readonly metrics: readonly string[];
  /** The two CPUs that are measured now; `placed`: where the tokens stand; null: nothing in particular. */
  readonly at: readonly [from: number, to: number] | 'placed' | null;
  readonly step: string;
}

/** Something only a person can decide; the page or the editor asks it. */
export interface Question {
  readonly id: string;
  readonly kind: 'host-key' | 'secret';
  readonly title: string;
  /** Plain text, may hold several lines (fingerprints). */
  readonly detail: string;
  /** What the button says that agrees. */
  readonly accept: string;
}

/** A plan's file that is open on a board; what is planned, the page reads out of its text. */
export interface PlanFile {
  /** For people. */
  readonly file: string;
  /** What it holds. */
  readonly text: string;
  /** Where that is no plan, the last one that it held; null: it is one, or never was. */
  readonly good: string | null;
  /** What can be taken back, in words: empty where the editor knows; null: nothing. */
  readonly undo: string | null;
  readonly redo: string | null;
}

export interface Board {
  readonly host: { readonly name: string; readonly transport: 'local' | 'ssh' | 'recorded' } | null;
  /** Aliases of the SSH config that can be connected to. */
  readonly hosts: readonly string[];
  /** Which file that is, for people, with the machine it is on where they do not sit at that. */
  readonly hostsFrom: string;
  readonly connection: Connection;
  readonly topology: Topology | null;
  /** Null: benchmarks can run. Else why not, and what to do. */
  readonly measuring: Problem | null;
  /** Of the benchmark that is chosen. */
  readonly placement: Placement;
  /** The benchmark that is chosen, and its settings. */
  readonly workload: Workload;
  /** Id of the run that others are held against; null: the board chooses a near neighbour. */
  readonly baseline: string | null;
  readonly runs: readonly RunSummary[];
  /** Ids of runs that are kept on disk, and can be renamed and deleted; null: no runs are kept here. */
  readonly kept: readonly string[] | null;
  /** What pairs of CPUs cost, from the matrices among the runs, the newest first. */
  readonly costs: readonly CostTable[];
  readonly running: Running | null;
  /** Findings, and what a recording says of itself, on the time axis; runs stand there, too. */
  readonly marks: readonly Mark[];
  /** What is recorded of the host at the moment: the file, and since when (ISO); null: nothing is. */
  readonly recording: { readonly path: string; readonly since: string } | null;
  readonly samplingMs: number;
  /** Processes whose threads and pages are sampled, too; null for none. */
  readonly following: Selection | null;
  /** What was done to them from here and can be taken back. */
  readonly held: Held;
  /** What was asked for them about CPUs and memory, and what holds; null: not looked at, or it could not be. */
  readonly asked: readonly AskedRow[] | null;
  readonly question: Question | null;
  /** CPUs that have other work to do, as of late; while a run goes on, as they were before it. */
  readonly busy: readonly number[];
  /** The last change of huge pages made from this computer that can be put back, in words; null: none can. */
  readonly reserved: string | null;
  /** What the doctor looks at, or found last; null: nothing. */
  readonly checkup: Checkup | null;
  /** The user's own program that runs; null: none. */
  readonly program: LiveProgram | null;
  /** Null: none is open. */
  readonly plan: PlanFile | null;
  /** That plan beside what runs on its host; null: they are not compared. */
  readonly beside: Beside | null;
}
