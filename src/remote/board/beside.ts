/**
 * The plan of a board beside what runs on its host: look after look once a person asks for it, as long as somebody watches, until it is
 * turned off or the host is gone.
 */

import type { BoardState } from '../../model/board/state.ts';
import type { Beside } from '../../model/plan/drift/beside.ts';
import { PinboardError, problemWords, toProblem } from '../../model/problem.ts';
import type { ProblemCode } from '../../model/problem.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { isAborted } from '../deadline.ts';
import type { Host } from '../host.ts';
import type { LiveHost } from '../plan/beside.ts';

/** Between the end of a look, which takes two seconds and walks page tables, and the next one. */
const REST_MS = 5000;
/** A host that fails so many looks in a row is left alone. */
const MOST_FAILURES = 3;
/** After these there is nothing to look at. */
const FINAL: readonly ProblemCode[] = ['not-connected', 'connection-lost', 'unsupported'];

export interface BesideOf {
  /** Asked before each look. @throws PinboardError where none runs, or another one than the board shows; `busy` where a look would be measured. */
  readonly host: () => LiveHost | Promise<LiveHost>;
  readonly watched: () => boolean;
  /** Told where it ended by itself. */
  readonly ended: (words: string) => void;
}

/** @throws PinboardError for a machine on paper. */
export function running(host: Host, topology: Topology | null): LiveHost {
  if (topology && host.transport.kind !== 'recorded') return { host, topology };
  throw new PinboardError(
    'unsupported',
    'This plan is shown on a machine on paper, where nothing runs.',
    'Show it on its host: numa-pinboard serve --plan FILE --host HOST',
  );
}

export class BesideHost {
  readonly #state: BoardState;
  readonly #of: BesideOf;
  #going: AbortController | null = null;
  #wake = (): void => undefined;

  constructor(state: BoardState, of: BesideOf) {
    [this.#state, this.#of] = [state, of];
    state.onPatch(({ plan }, before) => {
      const seen = this.#now?.seen;
      if (plan && plan.text !== before.plan?.text && seen?.outdated === false)
        this.#tell({ seen: { ...seen, outdated: true } });
    });
  }

  /** Settles once it looks. @throws PinboardError where there is no host to look at. */
  async start(): Promise<void> {
    if (this.#going) return;
    const going = new AbortController();
    this.#going = going;
    try {
      await this.#of.host();
    } catch (error) {
      if (this.#going === going) this.#going = null;
      throw error;
    }
    if (this.#going !== going) return;
    this.#state.patch({ beside: { waits: null, problem: null, seen: null } });
    void this.#loop(going);
  }

  stop(): void {
    this.#going?.abort();
    this.#going = null;
    this.#state.patch({ beside: null });
  }

  /** The host is not shown any more. */
  leave(): void {
    if (!this.#going) return;
    this.stop();
    this.#of.ended('The plan is no longer compared: its host is not connected any more.');
  }

  /** Somebody watches again: the next look is due. */
  wake(): void {
    this.#wake();
  }

  get #now(): Beside | null {
    return this.#state.board.beside;
  }

  #tell(change: Partial<Beside>): void {
    const now = this.#now;
    if (now) this.#state.patch({ beside: { ...now, ...change } });
  }

  async #loop(going: AbortController): Promise<void> {
    const { signal } = going;
    let failures = 0;
    while (!isAborted(signal)) {
      if (this.#of.watched()) {
        try {
          await this.#look(signal);
          failures = 0;
        } catch (error) {
          if (isAborted(signal)) return;
          const problem = toProblem(error);
          if (problem.code === 'busy') this.#tell({ waits: problem.message });
          else if (FINAL.includes(problem.code) || ++failures === MOST_FAILURES) {
            this.stop();
            this.#of.ended(`The plan is no longer compared with its host. ${problemWords(problem)}`);
            return;
          } else this.#tell({ waits: null, problem });
        }
      }
      await this.#rest(this.#of.watched() ? REST_MS : null, signal);
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { plan, topology } = this.#state.board;
    if (!plan || !topology) throw new PinboardError('not-connected', 'No plan is shown on its machine any more.');
    const { lookBeside } = await import('../plan/beside.ts');
    const text = plan.good ?? plan.text;
    const seen = await lookBeside(await this.#of.host(), { file: plan.file, text, topology }, signal);
    const now = this.#state.board.plan;
    const outdated = text !== (now?.good ?? now?.text);
    if (!isAborted(signal)) this.#tell({ waits: null, problem: null, seen: { ...seen, outdated } });
  }

  /** @param ms null: until it is woken. */
  #rest(ms: number | null, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = ms === null ? undefined : setTimeout(end, ms);
      signal.addEventListener('abort', end, { once: true });
      this.#wake = end;
      if (isAborted(signal)) end();
    });
  }
}
