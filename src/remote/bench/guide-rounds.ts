/**
 * The rounds of a guided run: the cases of its plan in turn until the rounds are done or the time is used. Throughput and round
 * trips are two commands of the agent, so a round is two starts of it. Where rounds take longer than planned, the least telling cases
 * are given up, so that the others get the rounds that a sentence needs.
 */

import { caseWords } from '../../model/bench/case-words.ts';
import type { Running } from '../../model/board/board.ts';
import { formatDuration } from '../../model/text/format.ts';
import { enoughRounds, GUIDE_QUESTION, leastTelling } from '../../model/bench/guide/plan.ts';
import type { GuideCase, GuidePlan } from '../../model/bench/guide/plan.ts';
import type { Figure } from '../../model/bench/bench.ts';
import { MEASURED_SPSC } from '../../model/bench/spsc/measured.ts';
import type { PinboardError } from '../../model/problem.ts';
import { buildResults } from '../../model/run/results.ts';
import type { Result } from '../../model/run/run.ts';
import type { Repetition } from '../../protocol/agent.ts';
import { cleaned } from './benchmark.ts';
import { runAgent } from '../agent/run-agent.ts';
import type { Host } from '../host.ts';
import type { Budget } from './budget.ts';

export interface RoundEvents {
  readonly onProgress?: ((running: Running) => void) | undefined;
  /** A repetition was taken. */
  readonly onTaken?: () => void;
}

const figureOf = ({ spsc, latency }: Pick<GuideCase, 'spsc' | 'latency'>): Figure =>
  MEASURED_SPSC.figure(spsc, latency ? 'spsc-latency' : 'spsc');

export class Rounds {
  readonly #host: Host;
  readonly #plan: GuidePlan;
  /** Counts from when the agent is first there. */
  readonly #budget: Budget;
  readonly #events: RoundEvents;
  readonly #taken: Repetition[] = [];
  /** Cases that are still measured, in the order of the plan. */
  #active: readonly GuideCase[];
  /** Of this round. */
  #done = 0;
  #running: Running;
  /** Complete rounds. */
  rounds = 0;
  /** Cases that were measured no further, and after how many rounds. */
  givenUp: readonly { readonly label: string; readonly rounds: number }[] = [];

  constructor(host: Host, plan: GuidePlan, budget: Budget, events: RoundEvents) {
    this.#host = host;
    this.#plan = plan;
    this.#active = plan.cases;
    this.#budget = budget;
    this.#events = events;
    this.#running = {
      startedAt: new Date().toISOString(),
      question: GUIDE_QUESTION,
      round: 0,
      rounds: plan.rounds,
      share: 0,
      labels: plan.cases.map(({ label }) => label),
      points: plan.cases.map(() => []),
      metrics: plan.cases.map((one) => figureOf(one).metric),
      at: null,
      step: 'Starting the agent',
    };
  }

  get begun(): boolean {
    return this.#taken.length > 0;
  }

  /** @returns what cut it short, or null. */
  async measure(): Promise<PinboardError | null> {
    this.#events.onProgress?.(this.#running);
    try {
      while (this.rounds < this.#plan.rounds && this.#fits()) {
        for (const latency of [false, true]) {
          const problem = await this.#half(latency);
          if (problem) return this.#budget.usedUp ? null : problem;
        }
        this.rounds++;
        this.#done = 0;
        this.#giveUp();
      }
      return null;
    } finally {
      this.#budget.end();
    }
  }

  /** What a repetition takes, with all that is around it. */
  #each(): number {
    const { cases, rounds, estimateMs } = this.#plan;
    // The first is dear: pages and clocks are cold.
    return this.rounds === 0 ? estimateMs / (cases.length * rounds) : this.#budget.spentMs / this.#taken.length;
  }

  /** Whether another round is expected to end within the budget. */
  #fits(): boolean {
    return this.rounds === 0 || this.#active.length * this.#each() <= this.#budget.leftMs;
  }

  #giveUp(): void {
    for (;;) {
      const rest = Math.max(0, enoughRounds(this.#active.length) - this.rounds);
      const least = leastTelling(this.#active);
      if (!least || rest * this.#active.length * this.#each() <= this.#budget.leftMs) return;
      this.#active = this.#active.filter((one) => one !== least);
      this.givenUp = [...this.givenUp, { label: least.label, rounds: this.rounds }];
    }
  }

  async #half(latency: boolean): Promise<PinboardError | null> {
    const cases = this.#active.filter((one) => one.latency === latency);
    if (cases.length === 0) return null;
    const args = ['spsc', '--rounds', '1', '--duration-ms', String(this.#plan.durationMs)];
    if (latency) args.push('--latency');
    for (const { spsc } of cases) args.push('--case', caseWords(MEASURED_SPSC.agentCase(spsc)));
    return runAgent(this.#host, args, {
      onStart: () => {
        this.#budget.start();
        this.#progress();
      },
      onLine: (line) => {
        const one = line.type === 'repetition' ? cases[line.case] : undefined;
        if (line.type !== 'repetition' || !one) return;
        const at = this.#plan.cases.indexOf(one);
        this.#taken.push({ ...cleaned(line), case: at, round: this.rounds });
        this.#land(at, line.value);
        this.#done++;
        this.#progress();
        this.#events.onTaken?.();
      },
      signal: this.#budget.signal,
    });
  }

  #land(at: number, value: number | null): void {
    if (value === null) return;
    const points = this.#running.points.map((own, i) => (i === at ? [...own, value] : own));
    this.#running = { ...this.#running, points };
  }

  #progress(): void {
    const { rounds } = this.#plan;
    const { length } = this.#active;
    const left = (rounds - this.rounds) * length - this.#done;
    const leftMs = Math.max(0, Math.min(left * this.#each(), this.#budget.leftMs));
    const over = this.#done === length && this.rounds + 1 === rounds;
    const place = this.#done % length;
    const next = over ? undefined : this.#active[place];
    const at = `case ${place + 1} of ${length}, ${formatDuration(Math.ceil(leftMs / 1000) * 1000)} left`;
    this.#running = {
      ...this.#running,
      round: this.rounds + 1,
      share: this.#taken.length / (this.#taken.length + left),
      // Threads that are not pinned are nowhere for long.
      at: next?.spsc.pin ? [next.spsc.producer, next.spsc.consumer] : null,
      step: next ? `Measuring ${next.label}: ${at}` : 'Preparing the results',
    };
    this.#events.onProgress?.(this.#running);
  }

  /** One a case, in the order of the plan. */
  results(emulated: boolean): Result[] {
    const { cases } = this.#plan;
    return [false, true].flatMap((latency) => {
      const own = cases.filter((one) => one.latency === latency);
      const taken = this.#taken.flatMap((one) => {
        const asked = cases[one.case];
        return asked?.latency === latency ? [{ ...one, case: own.indexOf(asked) }] : [];
      });
      return buildResults(
        own.map(({ spsc }) => spsc),
        taken,
        { kind: (spsc) => figureOf({ spsc, latency }), emulated },
      );
    });
  }
}
