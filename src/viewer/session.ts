/** A board that only shows: the machine out of a file, with the runs or the recording that came with it. */

import { onPaper } from '../model/board/on-paper.ts';
import { boardPatch } from '../model/board/patch.ts';
import { RunList } from '../model/board/run-list.ts';
import { BoardState } from '../model/board/state.ts';
import { Tokens } from '../model/board/tokens.ts';
import { offerKindOf } from '../model/bench/index.ts';
import { Past } from '../model/live/past/past.ts';
import { marksOf, pastOf } from '../model/live/past/recorded.ts';
import { toProblem } from '../model/problem.ts';
import type { Run } from '../model/run/run.ts';
import { Pages } from '../protocol/pages.ts';
import type { ShownFile } from './shown-file.ts';

/** Nothing is sampled here; a board says how often all the same. */
const SAMPLING_MS = 1000;
/** Where more can be done than here. */
export const ELSEWHERE = 'To measure or export, use VS Code on a desktop or in a remote window.';

export class ViewSession {
  readonly #state: BoardState;
  readonly pages = new Pages();
  readonly tokens: Tokens;
  readonly runs: RunList;
  readonly past: Past;

  constructor(file: ShownFile) {
    const now = new Date().toISOString();
    this.#state = new BoardState(SAMPLING_MS, now);
    this.#state.onPatch((change, before) => this.pages.changed(boardPatch(before, change)));
    this.tokens = new Tokens(this.#state);
    this.runs = new RunList(this.#state);
    const recording = file.kind === 'recording' ? file.recording : null;
    const { name, topology } = machineOf(file);
    this.past = recording ? pastOf(recording) : new Past(0);
    this.#state.patch({
      host: { name, transport: 'recorded' },
      connection: { state: 'connected', step: null, problem: null, next: null, since: now },
      topology,
      measuring: toProblem(onPaper(ELSEWHERE)),
      marks: recording ? marksOf(recording) : [],
    });
    this.runs.openPaper(file.kind === 'run' ? [file.run] : []);
    if (file.kind === 'run') this.#choose(file.run);
  }

  get board(): BoardState['board'] {
    return this.#state.board;
  }

  /** @throws PinboardError `not-found`. Null: the board chooses. */
  setBaseline(run: string | null): void {
    if (run !== null) this.runs.find(run);
    this.#state.patch({ baseline: run });
  }

  /** Of one machine. */
  compare(first: Run, second: Run): void {
    for (const run of [first, second]) this.runs.add(run);
    this.#choose(first);
    this.pages.show(first.id, second.id);
  }

  /** Its tokens stand on the board. */
  #choose(run: Run): void {
    const kind = offerKindOf(run.topology, run);
    if (kind) this.tokens.choose(kind);
  }
}

function machineOf(file: ShownFile): Pick<Run, 'topology'> & { readonly name: string } {
  if (file.kind === 'run') return { name: file.run.host.name, topology: file.run.topology };
  if (file.kind === 'recording') return { name: file.recording.host, topology: file.recording.topology };
  return { name: file.topology.machine.name, topology: file.topology };
}
