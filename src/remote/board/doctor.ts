/** The doctor on a board: one look at a time, which every page sees, and marks on the time axis where something was found. */

import type { Limits } from '../../model/doctor/base/thresholds.ts';
import type { DoctorFinding } from '../../model/doctor/base/finding.ts';
import { withGains } from '../../model/doctor/gain.ts';
import { parseSelection, SELECTION_FORMS, selectionWords } from '../../model/live/selection.ts';
import type { Mark } from '../../model/live/recording.ts';
import { PinboardError } from '../../model/problem.ts';
import type { DoctorPart } from '../../model/report/doctor.ts';
import type { Run } from '../../model/run/run.ts';
import type { Host } from '../host.ts';
import type { BoardState } from '../../model/board/state.ts';

export interface DoctorOf {
  /** @throws PinboardError where no host is connected, or another one must not be disturbed. */
  readonly host: () => Host;
  readonly mark: (mark: Mark) => void;
  /** Asked before each look. @throws PinboardError for a threshold that is none. */
  readonly limits?: (() => Limits) | undefined;
}

/** The same fault of the same nodes and processes, whatever its figures are by now. */
const keyOf = ({ id, where: { nodes, pids } }: DoctorFinding): string => [id, ...nodes, '/', ...pids].join(' ');

export class DoctorOfBoard {
  readonly #state: BoardState;
  readonly #of: DoctorOf;
  #going: AbortController | null = null;

  constructor(state: BoardState, of: DoctorOf) {
    this.#state = state;
    this.#of = of;
  }

  /** @param asked whose work, as in "pid:4711"; null: of the busiest. @throws PinboardError also `cancelled`; what was found before stays. */
  async check(asked: string | null, signal?: AbortSignal): Promise<void> {
    const selection = asked === null ? null : parseSelection(asked);
    if (asked !== null && selection === null)
      throw new PinboardError('usage', `"${asked}" selects nobody.`, `Write ${SELECTION_FORMS}.`);
    if (this.#going) throw new PinboardError('busy', 'The host is being checked already.');
    const host = this.#of.host();
    const limits = this.#of.limits?.();
    const before = this.#state.board.checkup;
    const control = new AbortController();
    const until = signal ? AbortSignal.any([control.signal, signal]) : control.signal;
    const startedAt = new Date().toISOString();
    const of = selection && selectionWords(selection);
    const onStep = (step: string): void => {
      if (!until.aborted) this.#state.patch({ checkup: { startedAt, of, step, diagnosis: null } });
    };
    this.#going = control;
    onStep('beginning');
    try {
      const { diagnose } = await import('../doctor/doctor.ts');
      const found = await diagnose(host, { selection, onStep, signal: until, ...(limits ? { limits } : {}) });
      if (until.aborted) throw new PinboardError('cancelled', 'It was cancelled.');
      const { topology, runs } = this.#state.board;
      const diagnosis = topology ? withGains(found, topology, runs) : found;
      this.#state.patch({ checkup: { startedAt, of, step: null, diagnosis } });
      const time = new Date().toISOString();
      // A mark is where a finding began: what the look before has told as well has its own.
      const known = new Set(before?.diagnosis?.findings.map(keyOf));
      for (const finding of diagnosis.findings)
        if (!known.has(keyOf(finding))) this.#of.mark({ time, until: null, kind: 'finding', words: finding.sentence });
    } catch (error) {
      // Of a host that is not shown any more, nothing stays.
      if (this.#going === control) this.#state.patch({ checkup: before });
      throw error;
    } finally {
      if (this.#going === control) this.#going = null;
    }
  }

  /** What was found last, for a page of a run of that host; null: nothing was looked for, or elsewhere. */
  partOf({ host }: Pick<Run, 'host'>): DoctorPart | null {
    const { checkup } = this.#state.board;
    if (checkup?.diagnosis?.host !== host.name) return null;
    return { time: checkup.startedAt, diagnosis: checkup.diagnosis };
  }

  /** Ends the look that goes on, whoever asked for it. */
  stop(): void {
    this.#going?.abort();
  }

  /** Another host is shown. */
  forget(): void {
    this.#going?.abort();
    this.#going = null;
    this.#state.patch({ checkup: null });
  }
}
