/** The user's own program on a board: started by a person's word, its threads and pages moved while it runs. */

import { pidOf } from '../../model/live/selection.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import { baseName, parsePin } from '../../model/bench/program/command.ts';
import { clean } from '../../model/text/clean.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { ProgramPin } from '../../model/cases/program.ts';
import { liveThreads } from '../../model/bench/program/threads.ts';
import type { LiveProgram } from '../../model/bench/program/threads.ts';
import type { AgentLine, AgentLineOf } from '../../protocol/agent.ts';
import type { ProgramRun } from '../bench/program.ts';
import { CourseRecord } from '../bench/program-course.ts';
import { Acts } from './acts.ts';
import type { BoardState } from '../../model/board/state.ts';

/** Threads told to pages; the busiest of more. */
const MAX_THREADS = 1000;
/** The agent ends what ignores SIGTERM after 2 s. */
const END_MS = 10_000;

interface ProgramHooks {
  /** Why nothing of the user's may be started now (an untrusted workspace), or null. */
  readonly mayStart: () => Problem | null;
  /** Has the process sampled, so that its pages can be shown as heat; null: no longer. */
  readonly follow: (pid: number | null) => void;
}

export class Programs {
  readonly #state: BoardState;
  readonly #hooks: ProgramHooks;
  #ask: ((line: string) => void) | null = null;
  /** Of the one that runs, or ran last. */
  #course = new CourseRecord();
  readonly acts: Acts;
  #gone: Promise<void> = Promise.resolve();
  #onEnd: () => void = () => undefined;
  /** A person asked for its end. */
  #ending = false;
  /** CPU seconds by thread at the last look, and when that was (s). */
  #used = new Map<number, number>();
  #lookedAt = 0;

  constructor(state: BoardState, hooks: ProgramHooks) {
    this.#state = state;
    this.#hooks = hooks;
    this.acts = new Acts({
      asker: () => {
        if (this.#ask && state.board.program) return Promise.resolve(this.#ask);
        throw new PinboardError('not-found', 'No program of yours is running.');
      },
      live: () => state.board.program,
      topology: () => state.board.topology,
      // What was done shows at once, not with the next look.
      done: (act, what, answer) => {
        this.#course.mark(act, what, answer);
        const { program } = state.board;
        if (program) this.#show({ ...program, course: this.#course.course });
      },
      changed: () => {
        const { program } = state.board;
        if (program) this.#show({ ...program, moved: this.acts.moved });
      },
    });
  }

  /** Its name. @throws PinboardError where nothing may be started, or there is no program. */
  nameOf(command: readonly string[]): string {
    const why = this.#hooks.mayStart();
    if (why) throw new PinboardError(why.code, why.message, why.hint);
    const name = baseName(command[0] ?? '');
    if (name === '') throw new PinboardError('usage', 'Specify the program to run.');
    return name;
  }

  /** What to hand to `runProgram`. @throws PinboardError `usage` for a place that is none, or why it may not start. */
  prepare(command: readonly string[], pin: string | null): Omit<ProgramRun, 'signal'> {
    const name = this.nameOf(command);
    const pins = pin === null ? [] : [pinOf(pin)];
    this.#ending = false;
    this.#course = new CourseRecord();
    this.#gone = new Promise((resolve) => {
      this.#onEnd = resolve;
    });
    return {
      wasEnded: () => this.#ending,
      course: this.#course,
      programs: [{ name, command }],
      pins,
      onStart: (ask) => {
        this.#ask = ask;
      },
      onLine: (line) => this.#take(line, { name: clean(name, 64), command }),
    };
  }

  /** It has ended, in whatever way. */
  ended(): void {
    this.#ask = null;
    this.#onEnd();
    this.#used.clear();
    this.acts.forget();
    const { program, following } = this.#state.board;
    this.#state.patch({ program: null });
    if (program && following && pidOf(following) === program.pid) this.#hooks.follow(null);
  }

  /** Ends it so that what it used and counted is still told; what does not end so is left to whoever cancels the run. */
  async end(): Promise<void> {
    if (!this.#ask || !this.#state.board.program) return;
    this.#ending = true;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, END_MS);
    });
    const gone = this.#gone;
    await Promise.race([
      gone,
      patience,
      this.acts.request('end', []).then(
        () => gone,
        () => undefined,
      ),
    ]);
    clearTimeout(timer);
  }

  #take(line: AgentLine, named: Pick<LiveProgram, 'name' | 'command'>): void {
    if (line.type === 'answer') this.acts.take(line);
    else if (line.type === 'started') {
      const { course } = this.#course;
      this.#show({ ...named, pid: line.pid, threads: [], count: 0, course, residentBytes: {}, moved: null });
      this.#hooks.follow(line.pid);
    } else if (line.type === 'observed') this.#observe(line);
  }

  #observe(line: AgentLineOf<'observed'>): void {
    const { program } = this.#state.board;
    if (!program) return;
    const at = line.monotonicMs / 1000;
    const seconds = Math.max(0.01, at - this.#lookedAt);
    const seen = line.threads.map((thread) => {
      const before = this.#used.get(thread.tid);
      const busy = before === undefined ? 0 : Math.max(0, (thread.cpuSeconds - before) / seconds);
      return { ...thread, name: clean(thread.name, 64), busy: Math.min(1, busy) };
    });
    const threads = liveThreads(seen, this.#state.board.topology, (thread) => this.acts.isHeld(thread));
    // The number of a thread that has ended may be another's by and by.
    this.acts.keepOnly(threads);
    this.#used = new Map(line.threads.map(({ tid, cpuSeconds }) => [tid, cpuSeconds]));
    this.#lookedAt = at;
    const known = !isUnavailable(line.residentBytes) && Object.keys(line.residentBytes).length > 0;
    const residentBytes = known ? line.residentBytes : program.residentBytes;
    const { course } = this.#course;
    this.#show({ ...program, threads: threads.slice(0, MAX_THREADS), count: threads.length, course, residentBytes });
  }

  #show(program: LiveProgram): void {
    this.#state.patch({ program });
  }
}

function pinOf(where: string): ProgramPin {
  const pin = parsePin(`program=${where.trim()}`);
  if (pin) return pin;
  throw new PinboardError('usage', `"${clean(where, 60)}" is not a valid placement.`, 'Use 0-3, 0-3@1 or @interleave.');
}
