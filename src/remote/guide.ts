/**
 * A guided run: the cases of its plan in turn, round by round, until the rounds are done or the time is used. Throughput and round
 * trips are two commands of the agent, so a round is two starts of it.
 */

import type { Running } from '../model/board.ts';
import { formatDuration } from '../model/format.ts';
import type { Busy } from '../model/guide/crossings.ts';
import { GUIDE_QUESTION, planGuide } from '../model/guide/plan.ts';
import type { GuidePlan } from '../model/guide/plan.ts';
import { PinboardError } from '../model/problem.ts';
import { buildResults } from '../model/results.ts';
import type { Result, Snapshot } from '../model/run.ts';
import type { Repetition } from '../protocol/agent.ts';
import { cleaned, spscCaseWords } from './benchmark.ts';
import { follow } from './follow.ts';
import type { Host } from './host.ts';
import { startRun } from './run-parts.ts';
import { watchHost } from './sampler.ts';

export interface GuideMeasurement {
  readonly budgetMs: number;
  /** How busy each CPU is, where that is known; else it is looked at before. */
  readonly busy?: Busy;
  /** Told before the first repetition. */
  readonly onPlan?: (plan: GuidePlan) => void;
  readonly onProgress?: (running: Running) => void;
  readonly signal?: AbortSignal;
}

/** Long enough to tell a busy CPU from a quiet one. */
const LOOK_MS = 300;

async function lookBusy(host: Host, signal: AbortSignal | undefined): Promise<Busy> {
  const busy = new Map<number, number>();
  for await (const { cpus } of watchHost(host, { intervalMs: LOOK_MS, count: 1, ...(signal ? { signal } : {}) })) {
    for (const cpu of cpus) busy.set(cpu.id, cpu.busy);
  }
  return busy;
}

/** @throws PinboardError `unsupported` where there is nothing to plan. */
function planned(topology: Snapshot['topology'], budgetMs: number, busy: Busy): GuidePlan {
  const plan = planGuide(topology, budgetMs, busy);
  if ('why' in plan) throw new PinboardError('unsupported', plan.why, 'Give it longer with --budget, or more CPUs.');
  return plan;
}

/** Which memory a cpuset forbids, the agent alone can tell: then the ring stays at home. */
function withoutAway(plan: GuidePlan, why: PinboardError): GuidePlan {
  const away = plan.cases.filter((one) => one.away).map((one) => `${one.label} (${why.message.replace(/\.$/, '')})`);
  return { ...plan, cases: plan.cases.filter((one) => !one.away), leftOut: [...plan.leftOut, ...away] };
}

/**
 * Cut short (cancelled, agent dead, connection lost) it returns what was measured until then, and `partial` says why. A budget
 * that ends before the rounds do is no cut: what was measured in fewer rounds says so itself.
 * @throws PinboardError when nothing was measured at all.
 */
export async function measureGuide(host: Host, asked: GuideMeasurement): Promise<Snapshot> {
  const { budgetMs, onPlan, onProgress, signal } = asked;
  const run = await startRun(host, signal);
  const busy = asked.busy ?? (await lookBusy(host, signal));
  let plan = planned(run.topology, budgetMs, busy);
  onPlan?.(plan);
  let guide = new Rounds(host, plan, budgetMs, onProgress);
  let problem = await guide.measure(signal);
  if (problem?.code === 'node-forbidden' && !guide.begun && plan.cases.some((one) => one.away)) {
    plan = withoutAway(plan, problem);
    guide = new Rounds(host, plan, budgetMs, onProgress);
    problem = await guide.measure(signal);
  }
  if (!guide.begun) throw problem ?? new PinboardError('agent-died', 'Nothing was measured within the budget.');
  const short = guide.rounds < plan.rounds ? [`${plan.rounds - guide.rounds} of ${plan.rounds} rounds`] : [];
  return run.finish({
    results: guide.results(run.emulated),
    question: GUIDE_QUESTION,
    repeat: ['bench', 'spsc', '--guide', '--budget', `${budgetMs}ms`],
    problem,
    guide: { budgetMs, leftOut: [...plan.leftOut, ...(problem ? [] : short)] },
  });
}

class Rounds {
  readonly #host: Host;
  readonly #plan: GuidePlan;
  readonly #budgetMs: number;
  readonly #tell: (running: Running) => void;
  readonly #taken: Repetition[] = [];
  #running: Running;
  /** When the agent was first there. */
  #start: number | null = null;
  /** Complete rounds. */
  rounds = 0;

  constructor(host: Host, plan: GuidePlan, budgetMs: number, tell: (running: Running) => void = () => undefined) {
    this.#host = host;
    this.#plan = plan;
    this.#budgetMs = budgetMs;
    this.#tell = tell;
    this.#running = {
      startedAt: new Date().toISOString(),
      question: GUIDE_QUESTION,
      round: 0,
      rounds: plan.rounds,
      share: 0,
      // Figures in two metrics of a dozen cases are no picture before they are put together.
      labels: [],
      points: [],
      metric: 'items/s',
      step: 'Starting the agent',
    };
  }

  get begun(): boolean {
    return this.#taken.length > 0;
  }

  /** @returns what cut it short, or null. */
  async measure(signal: AbortSignal | undefined): Promise<PinboardError | null> {
    this.#tell(this.#running);
    // A host that stalls does not get longer than it was given.
    const over = new AbortController();
    const until = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onStart = (): void => {
      if (this.#start !== null) return;
      this.#start = performance.now();
      timer = setTimeout(() => over.abort(), this.#budgetMs);
    };
    try {
      while (this.rounds < this.#plan.rounds && this.#fits()) {
        for (const latency of [false, true]) {
          const problem = await this.#half(latency, onStart, until);
          if (problem) return over.signal.aborted && signal?.aborted !== true ? null : problem;
        }
        this.rounds++;
      }
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether another round is expected to end within the budget. */
  #fits(): boolean {
    const spent = this.#spent();
    return this.rounds === 0 || spent + spent / this.rounds <= this.#budgetMs;
  }

  #spent(): number {
    return this.#start === null ? 0 : performance.now() - this.#start;
  }

  async #half(latency: boolean, onStart: () => void, signal: AbortSignal): Promise<PinboardError | null> {
    const cases = [...this.#plan.cases.entries()].filter(([, one]) => one.latency === latency);
    if (cases.length === 0) return null;
    const args = ['spsc', '--rounds', '1', '--duration-ms', String(this.#plan.durationMs)];
    if (latency) args.push('--latency');
    for (const [, { spsc }] of cases) args.push('--case', spscCaseWords(spsc));
    return follow(this.#host, args, {
      onStart: () => {
        onStart();
        this.#progress(cases[0]?.[0] ?? 0);
      },
      onLine: (line) => {
        const index = line.type === 'repetition' ? cases[line.case]?.[0] : undefined;
        if (line.type !== 'repetition' || index === undefined) return;
        this.#add({ ...cleaned(line), case: index, round: this.rounds });
      },
      signal,
    });
  }

  #add(repetition: Repetition): void {
    this.#taken.push(repetition);
    this.#progress((repetition.case + 1) % this.#plan.cases.length);
  }

  #progress(next: number): void {
    const { cases, rounds, estimateMs } = this.#plan;
    const all = cases.length * rounds;
    const left = all - this.#taken.length;
    const each = this.#taken.length < cases.length ? estimateMs / all : this.#spent() / this.#taken.length;
    const leftMs = Math.max(0, Math.min(left * each, this.#budgetMs - this.#spent()));
    const round = Math.min(rounds, Math.floor(this.#taken.length / cases.length) + 1);
    const at = `case ${next + 1} of ${cases.length}, ${formatDuration(Math.ceil(leftMs / 1000) * 1000)} left`;
    const step = left === 0 ? 'Putting it together' : `Measuring ${cases[next]?.label ?? ''}: ${at}`;
    this.#running = { ...this.#running, round, share: this.#taken.length / all, step };
    this.#tell(this.#running);
  }

  /** One a case, in the order of the plan. */
  results(emulated: boolean): Result[] {
    return [false, true].flatMap((latency) => {
      const own = [...this.#plan.cases.entries()].filter(([, one]) => one.latency === latency);
      const place = new Map(own.map(([index], at) => [index, at]));
      const taken = this.#taken.flatMap((one) => {
        const at = place.get(one.case);
        return at === undefined ? [] : [{ ...one, case: at }];
      });
      const benchmark = latency ? 'spsc-latency' : 'spsc';
      return buildResults(
        own.map(([, { spsc }]) => spsc),
        taken,
        { benchmark, emulated },
      );
    });
  }
}
