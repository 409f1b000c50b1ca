/** Owns what the page knows: the host's board as last told, the last sample, and view state. Draws once a frame. */

import type { Board } from '../../model/board/board.ts';
import { QUICK } from '../../model/live/measures/quick.ts';
import { NUMBER_KINDS } from '../../model/topology/numbering.ts';
import type { NumberKind } from '../../model/topology/numbering.ts';
import { Past } from '../../model/live/past/past.ts';
import type { Frame } from '../../model/live/past/frame.ts';
import { LANE_KINDS } from '../../model/live/past/lanes.ts';
import type { LaneKind } from '../../model/live/past/lanes.ts';
import type { Problem } from '../../model/problem.ts';
import type { ProcessList } from '../../model/live/processes.ts';
import type { Sample } from '../../model/live/sample.ts';
import type { Part } from '../../model/placement/placement.ts';
import type { PoolQuestion } from './pool-question.ts';
import type { Returned } from '../../protocol/messages.ts';
import type { Slot } from '../../model/placement/slots.ts';

/** Kept over a reload of the page. */
export interface View {
  /** Key of the measure that colours the board. */
  readonly measure: string;
  /** Id of the run that is shown; null: what is placed is shown. */
  readonly shown: string | null;
  readonly table: boolean;
  /** The matrix of pairs stands beside the machine, where a run has one. */
  readonly matrix: boolean;
  readonly numbers: NumberKind;
  /** I/O devices are drawn at their nodes. */
  readonly devices: boolean;
  /** Minutes of the timeline that are in sight; 0: all there are. */
  readonly span: number;
  readonly lanes: LaneKind;
  /** Ids of runs that are compared, the first the one that others are held against; showing another run ends it. */
  readonly picked: readonly string[];
}

/** Lit where it is not pointed at: the two ends of a cell on the machine, the row and column of a part in the matrix. */
export type Pointed =
  | { readonly by: 'matrix'; readonly from: Part | null; readonly to: Part | null }
  | { readonly by: 'machine'; readonly part: Part };

export interface NoticeAction {
  readonly label: string;
  readonly act: () => void;
}

export type ShelfList = Returned<'shelf'>;

export interface Notice {
  readonly id: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  /** What can be done about it; it stays until a person has done it or closed it. */
  readonly action?: NoticeAction;
}

export interface Picking {
  readonly words: string;
  readonly found: ProcessList | null;
  readonly problem: Problem | null;
}

export interface Moment {
  readonly frame: Frame;
  /** Right end of the stretch of time that is in sight, on the axis (ms). */
  readonly end: number;
  /** How many times faster than it was it goes on; 0: it stands still. */
  readonly speed: number;
}

export interface State {
  /** Null until the host answered for the first time. */
  readonly board: Board | null;
  readonly sample: Sample | null;
  /** What was sampled, as far back as it is held. */
  readonly past: Past;
  /** Its frames as of the last one that came. */
  readonly frames: readonly Frame[];
  /** The moment that the whole board shows; null: now. */
  readonly moment: Moment | null;
  /** Two moments that are held against each other. */
  readonly ends: Readonly<Record<'a' | 'b', Frame | null>>;
  readonly line: 'opening' | 'open' | 'lost';
  /** When anything was last heard, by this page's clock (ms). */
  readonly heard: number;
  readonly view: View;
  readonly carried: { readonly slot: Slot; readonly over: Part | null } | null;
  readonly pointed: Pointed | null;
  /** The CPU whose victims are numbered on the machine; null: of none. */
  readonly thief: number | null;
  readonly help: boolean;
  /** The list of all measures is open. */
  readonly listing: boolean;
  /** Another host is being chosen; the one that is shown stays connected meanwhile. */
  readonly choosing: boolean;
  /** The list of warnings about the machine is open. */
  readonly warnings: boolean;
  /** What is to be done to processes that run, while a person is asked; null: nobody is. */
  readonly acting: Acting | null;
  /** The process to watch is being chosen: the words it begins with, and what there is once that is known; null: it is not. */
  readonly picking: Picking | null;
  /** When the doctor's look that a person put away began; null: what there is, is shown. */
  readonly hiddenCheckup: string | null;
  /** One of its findings that is to be brought into view; null: none is. */
  readonly revealed: number | null;
  /** Huge pages that a person is asked about; null: nobody is. */
  readonly pool: PoolQuestion | null;
  /** What the last thing asked for failed with, shown where the verdict stands. */
  readonly failure: { readonly title: string; readonly problem: Problem } | null;
  /** The page that was written last, and whether it can be opened from here. */
  readonly exported: (Pick<Returned<'export'>, 'folder' | 'opens' | 'reveals'> & { readonly run: string }) | null;
  readonly notices: readonly Notice[];
  /** All kept runs, while they are listed; null: they are not. */
  readonly shelf: ShelfList | 'reading' | null;
  /** The run that a person is naming. */
  readonly naming: string | null;
  /** The page shows one run on its own picture, apart from the board. */
  readonly apart: boolean;
  /** A run was asked for and the board does not say yet that it goes on. */
  readonly starting: boolean;
}

/** To the processes that are shown: all their pages to a node, or threads to CPUs. */
export type Acting =
  | { readonly kind: 'pages'; readonly to: number }
  | { readonly kind: 'pin'; readonly threads: readonly number[]; readonly who: string; readonly cpus: string };

export interface Store {
  get(): State;
  set(change: Partial<State>): void;
  view(change: Partial<View>): void;
  /** Called at most once a frame, with the state of that moment. */
  onRender(render: (state: State) => void): void;
}

const FIRST_VIEW: View = {
  measure: QUICK[0].key,
  shown: null,
  table: false,
  matrix: false,
  numbers: 'P',
  devices: false,
  span: 5,
  lanes: 'node',
  picked: [],
};

/** Minutes. */
export const SPANS = [1, 5, 15, 60, 0] as const;

/** Four hours of 256 CPUs, once a second, or an hour of 1,024. */
const PAST_BYTES = 32 << 20;

/** Runs compared at a time. */
export const MOST_PICKED = 12;

/** What was saved by an older or foreign page counts only as far as it can be read. */
export function readView(saved: unknown): View {
  if (typeof saved !== 'object' || saved === null) return FIRST_VIEW;
  const { measure, shown, table, matrix, numbers, devices, span, lanes, picked } = saved as Record<string, unknown>;
  return {
    measure: typeof measure === 'string' ? measure : FIRST_VIEW.measure,
    shown: typeof shown === 'string' ? shown : null,
    table: table === true,
    matrix: matrix === true,
    numbers: NUMBER_KINDS.find((kind) => kind === numbers) ?? FIRST_VIEW.numbers,
    devices: devices === true,
    span: SPANS.find((one) => one === span) ?? FIRST_VIEW.span,
    lanes: LANE_KINDS.find((one) => one === lanes) ?? FIRST_VIEW.lanes,
    picked: Array.isArray(picked) ? picked.filter((one) => typeof one === 'string').slice(0, MOST_PICKED) : [],
  };
}

/** @param apart whether the page shows one run, apart from the board. */
export function createStore(saved: unknown, apart: boolean, save: (view: View) => void): Store {
  let state: State = {
    board: null,
    sample: null,
    past: new Past(PAST_BYTES),
    frames: [],
    moment: null,
    ends: { a: null, b: null },
    line: 'opening',
    heard: Date.now(),
    view: readView(saved),
    carried: null,
    pointed: null,
    thief: null,
    help: false,
    listing: false,
    choosing: false,
    warnings: false,
    acting: null,
    picking: null,
    pool: null,
    hiddenCheckup: null,
    revealed: null,
    failure: null,
    exported: null,
    notices: [],
    shelf: null,
    naming: null,
    apart,
    starting: false,
  };
  const renders: ((state: State) => void)[] = [];
  let due = false;
  const schedule = (): void => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      for (const render of renders) render(state);
    });
  };
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change };
      schedule();
    },
    view(change) {
      const picked = change.picked ?? (change.shown === undefined ? state.view.picked : []);
      state = { ...state, view: { ...state.view, ...change, picked } };
      save(state.view);
      schedule();
    },
    onRender(render) {
      renders.push(render);
      schedule();
    },
  };
}
