/** The rounds of a race: who still runs, one after the other, until the final has spoken or the time is used. */

import type { Running } from '../../model/board/board.ts';
import { UNPINNED } from '../../model/bench/race/candidates.ts';
import type { Candidate } from '../../model/bench/race/candidates.ts';
import { afterRound, BASELINE, ranking, startElimination } from '../../model/bench/race/elimination.ts';
import type { Better, Elimination } from '../../model/bench/race/elimination.ts';
import { afterFinalRound, finalists, lastLook, roundsOf, startFinal } from '../../model/bench/race/final.ts';
import type { Final } from '../../model/bench/race/final.ts';
import { PinboardError } from '../../model/problem.ts';
import { buildResults } from '../../model/run/results.ts';
import type { RawRepetition } from '../../model/run/results.ts';
import type { RaceCandidate, RaceFinal, Result } from '../../model/run/run.ts';
import { median } from '../../model/run/statistics.ts';
import { formatDuration, plural } from '../../model/text/format.ts';
import type { Host } from '../host.ts';
import type { Budget } from './budget.ts';
import { caseOf, runOnce } from './race-run.ts';
import type { RaceRun, RanOnce } from './race-run.ts';

export interface RaceField {
  readonly question: string;
  readonly candidates: readonly Candidate[];
  readonly metric: string;
  readonly better: Better;
  /** How long a run took, before the first counts. */
  readonly firstMs: number;
  readonly run: Omit<RaceRun, 'candidate' | 'limitMs' | 'signal'>;
}

/** Of problems that end the race; all others are the candidate's. */
const ENDS_ALL = ['cancelled', 'connection-lost', 'agent-died'] as const;

/** Times what a run takes without a placement. */
const HOPELESS = 5;
const AT_LEAST_MS = 2000;

export class RaceRounds {
  readonly #host: Host;
  readonly #field: RaceField;
  readonly #budget: Budget;
  readonly #onProgress: ((running: Running) => void) | undefined;
  readonly #onTaken: (() => void) | undefined;
  readonly #taken: RawRepetition[] = [];
  readonly #out = new Map<number, string>();
  /** How long each run took, with all around it. */
  readonly #ms: number[];
  /** A run that takes longer is ended: nothing that slow can win. */
  readonly #limitMs: number;
  #elimination: Elimination;
  #final: Final | null = null;
  /** Rounds before the final. */
  #from = 0;
  #round = 0;
  #running: Running;

  constructor(
    host: Host,
    field: RaceField,
    budget: Budget,
    events: { readonly onProgress?: ((running: Running) => void) | undefined; readonly onTaken?: () => void },
  ) {
    const { candidates, better, firstMs, question, metric } = field;
    this.#host = host;
    this.#field = field;
    this.#budget = budget;
    this.#onProgress = events.onProgress;
    this.#onTaken = events.onTaken;
    this.#ms = [firstMs];
    this.#limitMs = Math.max(AT_LEAST_MS, HOPELESS * firstMs);
    this.#elimination = startElimination(candidates.length, better);
    this.#running = {
      ...{ startedAt: new Date().toISOString(), question, round: 0, rounds: 0, share: 0 },
      labels: candidates.map(({ name }) => name),
      points: candidates.map(() => []),
      metrics: candidates.map(() => metric),
      at: null,
      step: 'Starting',
    };
    // One rival needs no elimination.
    if (this.#elimination.left === 0) this.#beginFinal(this.#elimination.active);
  }

  get begun(): boolean {
    return this.#taken.length > 0;
  }

  /** @returns what cut it short, or null. */
  async measure(): Promise<PinboardError | null> {
    try {
      while (this.#final?.over !== true && this.#active.length > 1 && this.#fits()) {
        const problem = await this.#oneRound();
        if (problem && !this.#budget.usedUp) return problem;
        if (problem) break;
      }
      if (this.#final) this.#final = lastLook(this.#final);
      return null;
    } finally {
      this.#budget.end();
    }
  }

  get #active(): readonly number[] {
    return this.#final ? finalists(this.#final) : this.#elimination.active;
  }

  /** Whether another round is expected to end within the budget. */
  #fits(): boolean {
    return this.#active.length * median(this.#ms) <= this.#budget.leftMs;
  }

  async #oneRound(): Promise<PinboardError | null> {
    const figures = new Map<number, number>();
    for (const one of this.#inTurn()) {
      this.#progress(one);
      const start = performance.now();
      const ran = await this.#run(one);
      if (ran.cut && ENDS_ALL.some((code) => code === ran.cut?.code)) return ran.cut;
      this.#ms.push(performance.now() - start);
      const figure = this.#take(one, ran);
      if (figure !== null) figures.set(one, figure);
      else if (one === BASELINE)
        return new PinboardError('check-failed', `The program failed without any placement: ${this.#whyOf(one)}.`);
    }
    this.#round++;
    if (this.#final) this.#finalRound(this.#final, figures);
    else this.#eliminationRound(figures);
    return null;
  }

  /** Each round begins with another, and every other one goes backwards, so that nobody always follows the same. */
  #inTurn(): number[] {
    const active = [...this.#active];
    const start = this.#round % active.length;
    const turned = [...active.slice(start), ...active.slice(0, start)];
    return this.#round % 2 === 0 ? turned : turned.reverse();
  }

  #run(one: number): Promise<RanOnce> {
    const { candidates, run } = this.#field;
    const candidate = candidates[one] ?? UNPINNED;
    // What the others are held against takes what it takes; the budget ends it, too.
    const limitMs = one === BASELINE ? Math.max(this.#limitMs, this.#budget.leftMs) : this.#limitMs;
    return runOnce(this.#host, { ...run, candidate, limitMs, signal: this.#budget.signal });
  }

  /** Null: it failed, and is out. */
  #take(one: number, { results, cut, ended }: RanOnce): number | null {
    const { metric } = this.#field;
    const [time] = results;
    const slow = ended ? `ended after ${formatDuration(this.#limitMs)}, ${HOPELESS} × what it takes unpinned` : null;
    const own = results.find((result) => result.metric === metric);
    const figure = own?.median ?? null;
    const why = cut?.message ?? slow ?? time?.why ?? (figure === null ? `it printed no ${metric}` : null);
    // Counters are added up over the rounds; this is none to add.
    const counted = Object.entries(time?.counters ?? {}).filter(([name]) => name !== 'max-resident-bytes');
    this.#taken.push({
      ...{ benchmark: 'run', metric, case: one, round: this.#round },
      ...{ value: why === null ? figure : null, valid: why === null, why, counters: Object.fromEntries(counted) },
      seen: time?.seen ?? { cpus: {}, nodes: {}, pageBytes: null, migrations: null },
    });
    if (why !== null) this.#out.set(one, why.replace(/\.$/, ''));
    else if (figure !== null) {
      const points = this.#running.points.map((list, at) => (at === one ? [...list, figure] : list));
      this.#running = { ...this.#running, points };
    }
    this.#onTaken?.();
    return why === null ? figure : null;
  }

  #whyOf(one: number): string {
    return this.#out.get(one) ?? 'it gave no figure';
  }

  #eliminationRound(figures: ReadonlyMap<number, number>): void {
    const before = this.#elimination.active;
    this.#elimination = afterRound(this.#elimination, figures);
    const after = this.#elimination.active;
    for (const one of before) {
      if (!after.includes(one) && !this.#out.has(one))
        this.#out.set(one, `behind after ${plural(this.#round, 'round')}`);
    }
    if (this.#elimination.left === 0) this.#beginFinal(ranking(this.#elimination));
  }

  #beginFinal(ranked: readonly number[]): void {
    if (ranked.length < 2) return;
    this.#from = this.#round;
    this.#final = startFinal(ranked, this.#field.better);
  }

  #finalRound(final: Final, figures: ReadonlyMap<number, number>): void {
    const still = finalists(final).filter((one) => figures.has(one));
    if (still.length === finalists(final).length) {
      this.#final = afterFinalRound(final, figures);
      return;
    }
    // One failed: what is left begins anew, for its rounds were no comparison of these.
    this.#elimination = { ...this.#elimination, active: still };
    this.#final = null;
    this.#beginFinal(ranking(this.#elimination));
  }

  #progress(one: number): void {
    const active = this.#active;
    const name = this.#field.candidates[one]?.name ?? '';
    const left = formatDuration(Math.ceil(Math.max(0, this.#budget.leftMs) / 1000) * 1000);
    const stage = this.#final
      ? `final, round ${roundsOf(this.#final) + 1}`
      : `${plural(active.length, 'candidate')}, round ${this.#round + 1}`;
    const share = this.#budget.spentMs / (this.#budget.spentMs + this.#budget.leftMs);
    this.#running = {
      ...this.#running,
      round: this.#round + 1,
      share,
      step: `${stage}: ${name}; at most ${left} left`,
    };
    this.#onProgress?.(this.#running);
  }

  /** One a candidate, in their order. */
  results(): Result[] {
    const { candidates, metric, run } = this.#field;
    const cases = candidates.map((one) => caseOf(one, run.command));
    return buildResults(cases, this.#taken, { kind: () => ({ benchmark: 'run', metric }), emulated: run.emulated });
  }

  get candidates(): RaceCandidate[] {
    return this.#field.candidates.map(({ name, why }, at) => ({ name, why, out: this.#out.get(at) ?? null }));
  }

  get final(): RaceFinal | null {
    const final = this.#final;
    if (!final) return null;
    return { from: this.#from, rounds: roundsOf(final), comparisons: final.comparisons.filter((one) => one !== null) };
  }
}
