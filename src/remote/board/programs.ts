/** The user's own program on a board: started by a person's word, its threads and pages moved while it runs. */

import { formatCpuList, parseCpuList } from '../../model/text/cpulist.ts';
import { cpuRefusal, nodeRefusal } from '../../model/placement/usable.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import { baseName, parsePin } from '../../model/bench/program/command.ts';
import { clean } from '../../model/text/clean.ts';
import { formatBytes } from '../../model/text/format.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { CourseMark } from '../../model/cases/course.ts';
import type { ProgramPin } from '../../model/cases/program.ts';
import { whoWords } from '../../model/bench/program/threads.ts';
import type { LiveProgram, LiveThread, PagesMoved } from '../../model/bench/program/threads.ts';
import type { AgentLine, AgentLineOf } from '../../protocol/agent.ts';
import type { ProgramRun } from '../bench/program.ts';
import { CourseRecord } from '../bench/program-course.ts';
import type { BoardState } from './state.ts';

/** Threads told to pages; the busiest of more. */
const MAX_THREADS = 1000;
/** A request that the agent does not answer has lost its program. */
const ANSWER_MS = 120_000;
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
  #requests = 0;
  /** Of the one that runs, or ran last. */
  #course = new CourseRecord();
  /** CPUs that threads were allowed before they were moved from here, the last move last. */
  readonly #before = new Map<number, string[]>();
  #gone: Promise<void> = Promise.resolve();
  #onEnd: () => void = () => undefined;
  #lastMove: number | null = null;
  /** A person asked for its end. */
  #ending = false;
  readonly #waiting = new Map<number, (answer: AgentLineOf<'answer'> | null) => void>();
  /** CPU seconds by thread at the last look, and when that was (s). */
  #used = new Map<number, number>();
  #lookedAt = 0;

  constructor(state: BoardState, hooks: ProgramHooks) {
    this.#state = state;
    this.#hooks = hooks;
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
    this.#lastMove = null;
    this.#used.clear();
    this.#before.clear();
    for (const answer of [...this.#waiting.values()]) answer(null);
    const { program, process } = this.#state.board;
    this.#state.patch({ program: null });
    if (program?.pid === process) this.#hooks.follow(null);
  }

  /** @throws PinboardError where the CPUs are none of this host's, or the threads have ended. */
  async pin(threads: readonly number[], cpus: string): Promise<void> {
    const { topology } = this.#state.board;
    const ids = parseCpuList(cpus);
    for (const id of ids) {
      const refused = topology && cpuRefusal(topology, id);
      if (refused) throw new PinboardError(refused.code, refused.message, refused.hint);
    }
    if (threads.length === 0 || ids.length === 0) throw new PinboardError('usage', 'Specify threads and CPUs.');
    const moved = this.#threads(threads);
    const list = formatCpuList(ids);
    const answer = await this.#request('pin', [list, ...threads]);
    for (const { tid, allowed } of moved) this.#before.set(tid, [...(this.#before.get(tid) ?? []), allowed]);
    const who = whoWords(moved);
    if (this.#isAll(list)) this.#mark('release', who, answer);
    else this.#mark('pin', `${who} to cpu ${list}`, answer);
  }

  /** Lets threads run where they might before they were last moved from here. @throws PinboardError where none was, or they have ended. */
  async undoMove(threads: readonly number[]): Promise<void> {
    const moved = this.#threads(threads).filter(({ tid }) => this.#before.has(tid));
    const lists = new Map<string, LiveThread[]>();
    for (const thread of moved) {
      const list = this.#before.get(thread.tid)?.at(-1) ?? '';
      lists.set(list, [...(lists.get(list) ?? []), thread]);
    }
    if (moved.length === 0) throw new PinboardError('usage', 'None of these threads was moved from here.');
    const answers: AgentLineOf<'answer'>[] = [];
    for (const [list, own] of lists) {
      answers.push(await this.#request('pin', [list, ...own.map(({ tid }) => tid)]));
      for (const { tid } of own) this.#forgetMove(tid);
    }
    const [first, last] = [answers[0], answers.at(-1)];
    const [list = ''] = lists.keys();
    const where = lists.size > 1 ? '' : this.#isAll(list) ? ': free again' : `: back to cpu ${list}`;
    if (first && last) this.#mark('undo', `${whoWords(moved)}${where}`, { ...last, begunMs: first.begunMs });
  }

  #threads(tids: readonly number[]): readonly LiveThread[] {
    const wanted = new Set(tids);
    return (this.#state.board.program?.threads ?? []).filter(({ tid }) => wanted.has(tid));
  }

  #forgetMove(tid: number): void {
    const left = this.#before.get(tid)?.slice(0, -1) ?? [];
    if (left.length > 0) this.#before.set(tid, left);
    else this.#before.delete(tid);
  }

  /** Whether a list of CPUs leaves out none that this session may use. */
  #isAll(list: string): boolean {
    const ids = new Set(parseCpuList(list));
    const { topology } = this.#state.board;
    return topology?.cpus.every(({ id, online, allowed }) => !online || !allowed || ids.has(id)) ?? false;
  }

  /** What was done shows at once, not with the next look. */
  #mark(act: CourseMark['act'], what: string, answer: AgentLineOf<'answer'>): void {
    this.#course.mark(act, what, answer);
    const { program } = this.#state.board;
    if (program) this.#show({ ...program, course: this.#course.course });
  }

  /** From all other nodes that hold any. @throws PinboardError where they cannot be moved. */
  async movePages(to: number): Promise<PagesMoved> {
    const { topology, program } = this.#state.board;
    const refused = topology && nodeRefusal(topology, to);
    if (refused) throw new PinboardError(refused.code, refused.message, refused.hint);
    const held = program && !isUnavailable(program.residentBytes) ? Object.keys(program.residentBytes).map(Number) : [];
    const from = held.filter((node) => node !== to);
    if (from.length === 0) throw new PinboardError('usage', `Its pages are already on node ${to}.`);
    const answer = await this.#request('move', [0, formatCpuList(from), to]);
    const { movedBytes, leftBytes } = answer;
    this.#mark('pages', `${formatBytes(movedBytes)} of pages to node ${to}`, answer);
    return this.#moved(answer.request, { to, movedBytes, leftBytes });
  }

  async movePagesBack(): Promise<PagesMoved> {
    const { program } = this.#state.board;
    if (this.#lastMove === null || !program?.moved) throw new PinboardError('usage', 'No pages were moved.');
    const answer = await this.#request('back', [this.#lastMove]);
    const { movedBytes, leftBytes } = answer;
    const { to } = program.moved;
    this.#mark('pages-back', `${formatBytes(movedBytes)} of pages`, answer);
    this.#moved(null, null);
    return { to, movedBytes, leftBytes };
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
      this.#request('end', []).then(
        () => gone,
        () => undefined,
      ),
    ]);
    clearTimeout(timer);
  }

  #moved<T extends PagesMoved | null>(request: number | null, moved: T): T {
    const { program } = this.#state.board;
    this.#lastMove = request;
    if (program) this.#state.patch({ program: { ...program, moved } });
    return moved;
  }

  async #request(
    verb: 'pin' | 'move' | 'back' | 'end',
    words: readonly (string | number)[],
  ): Promise<AgentLineOf<'answer'>> {
    const ask = this.#ask;
    if (!ask || !this.#state.board.program) throw new PinboardError('not-found', 'No program of yours is running.');
    const request = ++this.#requests;
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<AgentLineOf<'answer'> | null>((resolve) => {
      this.#waiting.set(request, resolve);
      timer = setTimeout(() => resolve(null), ANSWER_MS);
      ask([verb, request, ...words].join(' '));
    });
    clearTimeout(timer);
    this.#waiting.delete(request);
    if (!answer) throw new PinboardError('not-found', 'The program has ended.');
    const { error } = answer;
    if (error) throw new PinboardError(error.code, clean(error.message, 300), error.hint && clean(error.hint, 300));
    return answer;
  }

  #take(line: AgentLine, named: Pick<LiveProgram, 'name' | 'command'>): void {
    if (line.type === 'answer') this.#waiting.get(line.request)?.(line);
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
    const all = memoized((list: string) => this.#isAll(list));
    const threads = line.threads.map(({ tid, name, cpu, allowed, cpuSeconds }): LiveThread => {
      const before = this.#used.get(tid);
      const busy = before === undefined ? 0 : Math.max(0, (cpuSeconds - before) / seconds);
      const share = Math.min(1, Math.round(busy * 100) / 100);
      const [pinned, moved] = [!all(allowed), this.#before.has(tid)];
      return { tid, name: clean(name, 64), cpu, allowed, pinned, moved, busy: share, cpuSeconds };
    });
    // The number of a thread that has ended may be another's by and by.
    for (const tid of this.#before.keys()) if (!this.#used.has(tid)) this.#before.delete(tid);
    this.#used = new Map(line.threads.map(({ tid, cpuSeconds }) => [tid, cpuSeconds]));
    this.#lookedAt = at;
    threads.sort((a, b) => b.busy - a.busy || a.tid - b.tid);
    const known = !isUnavailable(line.residentBytes) && Object.keys(line.residentBytes).length > 0;
    const residentBytes = known ? line.residentBytes : program.residentBytes;
    const { course } = this.#course;
    this.#show({ ...program, threads: threads.slice(0, MAX_THREADS), count: threads.length, course, residentBytes });
  }

  #show(program: LiveProgram): void {
    this.#state.patch({ program });
  }
}

/** Thousands of threads have a handful of lists. */
function memoized<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

function pinOf(where: string): ProgramPin {
  const pin = parsePin(`program=${where.trim()}`);
  if (pin) return pin;
  throw new PinboardError('usage', `"${clean(where, 60)}" is not a valid placement.`, 'Use 0-3, 0-3@1 or @interleave.');
}
