/** What the page gives the machine to draw, and what comes back from it: plain data one way, wishes the other. */

import type { Running } from '../../model/board/board.ts';
import type { RunSummary } from '../../model/run/run.ts';
import type { CostTable } from '../../model/bench/matrix/costs.ts';
import type { NodeCost } from '../../model/bench/nodes/costs.ts';
import type { NumberKind } from '../../model/topology/numbering.ts';
import type { Sample } from '../../model/live/sample.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { LiveGroup } from '../../model/bench/program/threads.ts';
import type { Move, Part } from '../../model/placement/placement.ts';
import type { Placement, Slot } from '../../model/placement/slots.ts';
import type * as Later from './later.ts';
import type { SettingFace } from '../../model/svg/bar-token.ts';
import type { Victims } from '../../model/steal/victim-class.ts';
import type { Ends } from '../../model/svg/ends.ts';
import type { LineEnds } from '../../model/svg/run-face.ts';

export interface MachineView {
  readonly topology: Topology;
  /** Out of a file: nothing is measured on it. */
  readonly recorded: boolean;
  /** What can be placed. */
  readonly slots: readonly Slot[];
  readonly placement: Placement;
  /** What a token carries of the settings; null: nothing. */
  readonly setting: (SettingFace & { readonly slot: string }) | null;
  readonly sample: Sample | null;
  /** Key of a measure. */
  readonly measure: string;
  /** What the cells are numbered by. */
  readonly numbers: NumberKind;
  /** Draw I/O devices at their nodes. */
  readonly devices: boolean;
  /** Token carried by keys or pointer, and the part of the machine under it. */
  readonly carried: { readonly slot: Slot; readonly over: Part | null } | null;
  readonly running: Running | null;
  /** The user's own program that runs, or the processes that are followed. */
  readonly group: LiveGroup | null;
  /** Run whose placement and figure are drawn. */
  readonly result: RunSummary | null;
  readonly baseline: LineEnds | null;
  /** What is pointed at elsewhere, or measured now, though no token stands there. */
  readonly ends: Ends | null;
  /** Where the tokens of a run stood that this one is compared with; null: with none, or they stand for nothing. */
  readonly beside: Placement | null;
  /** Draw the line as a plan: dashed. */
  readonly planned: boolean;
  /** What pairs of CPUs cost (ns one way), where it was measured. */
  readonly costs: CostTable | null;
  /** What it costs from the CPUs of one node to the memory of another, or its own, where that was measured. */
  readonly links: readonly NodeCost[];
  /** Of the CPU that is pointed at, numbered on the others; null: nobody asks. */
  readonly victims: Victims | null;
  /** Why the picture may no longer hold ("last seen 12 s ago"): heat is hatched. */
  readonly stale: string | null;
}

export interface MachineActions {
  move(slot: Slot, made: Move): void;
  carry(slot: Slot | null, over: Part | null): void;
  refuse(why: string): void;
  /** The setting that a token carries, to the next choice, or (-1) the one before. */
  stepSetting(by: 1 | -1): void;
  /** Said to assistive technology. */
  announce(words: string): void;
  /** A pointer or the focus is on this part now; null: on none. */
  point(part: Part | null): void;
}

export interface MachinePart {
  /** What comes after the first frame; a frame that follows draws with it. */
  bring(later: typeof Later): void;
  update(view: MachineView): void;
  /** Takes a token by keys: the board gets the focus. */
  pickUp(slot: Slot): void;
  /** Takes a token by mouse, pen or touch, from anywhere on the page. */
  startDrag(slot: Slot, event: PointerEvent): void;
  zoomBy(factor: number): void;
  fit(): void;
  /** The node of what has the focus; there already, the whole machine. */
  zoomToNode(): void;
  /** Asks for a CPU or node by number. */
  find(): void;
  focus(): void;
  /** The CPU that has the board's one tab stop; null: a node has. */
  cpu(): number | null;
  /** The small picture of a large machine, seen while one looks at it from near. */
  readonly map: HTMLElement;
  /** The field that `find` opens. */
  readonly finder: HTMLElement;
  destroy(): void;
}
