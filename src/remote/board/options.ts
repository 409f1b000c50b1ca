/** What a board's session is given by the face that it runs in. */

import type { Limits } from '../../model/doctor/base/thresholds.ts';
import type { Problem } from '../../model/problem.ts';
import type { Run } from '../../model/run/run.ts';
import type { PoolJournal } from '../hugepages/journal.ts';
import type { LiveHost } from '../plan/beside.ts';
import type { RunStore } from '../store/run-store.ts';
import type { Prompter } from '../transport.ts';
import type { Connector } from './connection.ts';
import type { Exporter, Openers } from './exports.ts';
import type { RecordTo } from './recorder.ts';

export interface BoardSessionOptions extends Openers {
  readonly connector: Connector;
  /** Hosts to offer; asked whenever a page opens. */
  readonly listHosts: () => Promise<readonly string[]> | readonly string[];
  /** Which file those stand in, for people; absent: the user's own. */
  readonly hostsFrom?: () => string;
  readonly exporter: Exporter;
  /** Asks in the editor's own way, and withdraws its questions when the signal aborts; without it they stand on the board. */
  readonly prompterFor?: (signal: AbortSignal) => Prompter;
  /** Where runs outlive the session; without it they end with it. */
  readonly store?: RunStore;
  /** Told of what could not be stored or read; without it the pages are. */
  readonly onStoreProblem?: (error: unknown) => void;
  /** Asks a person for files of runs, as name and text; without it the page does. */
  readonly pickFiles?: () => Promise<readonly { readonly name: string; readonly text: string }[]>;
  /** Shows a run on a picture of its own, beside the board; without it the page goes there itself. */
  readonly showApart?: (run: Run) => Promise<void>;
  /** Where a recording is to be written; without it nothing can be recorded. */
  readonly recordTo?: RecordTo;
  /** The host that a plan is held against, asked before each look, where it is not the board's own. @throws PinboardError where there is none. */
  readonly planHost?: () => Promise<LiveHost>;
  readonly samplingMs?: number;
  /** Limits that the doctor's checks go by, asked before each look; without it, the usual ones. */
  readonly doctorLimits?: () => Limits;
  /** Thresholds that a person set for two pools, by name, asked before each run of them; without it, none. */
  readonly separationThresholds?: () => Readonly<Record<string, number>>;
  /** Where changes of huge pages are written down; without it in the user's state folder, as from the command line. */
  readonly poolJournal?: PoolJournal;
  /** Why no program of the user's may be started now, or null; without it: they may. */
  readonly mayStart?: () => Problem | null;
}
