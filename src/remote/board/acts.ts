/**
 * What a person does from the board to processes that run, be they started here or there before: threads to CPUs, pages to a node, and both
 * back. The agent that does it answers line by line; what can be taken back is known here.
 */

import { PinboardError } from '../../model/problem.ts';
import { cpuRefusal, leavesOutNone, nodeRefusal } from '../../model/placement/usable.ts';
import { whoWords } from '../../model/bench/program/threads.ts';
import type { LiveGroup, LiveThread, PagesMoved } from '../../model/bench/program/threads.ts';
import type { CourseMark } from '../../model/cases/course.ts';
import { isUnavailable } from '../../model/run/run.ts';
import { clean } from '../../model/text/clean.ts';
import { formatCpuList, parseCpuList } from '../../model/text/cpulist.ts';
import { formatBytes } from '../../model/text/format.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { AgentLineOf } from '../../protocol/agent.ts';

/** A request that the agent does not answer has lost its program. */
const ANSWER_MS = 120_000;
/** Threads of one request: the agent takes lines of 64 KiB. */
const MOST_THREADS = 1000;

type Answer = AgentLineOf<'answer'>;
type Verb = 'pin' | 'move' | 'back' | 'end';

export interface ActedOn {
  /** Who sends a line to the agent. @throws PinboardError where there is none. */
  asker(): Promise<(line: string) => void>;
  live(): LiveGroup | null;
  topology(): Topology | null;
  /** Something was done. */
  done(act: CourseMark['act'], what: string, answer: Answer): void;
  /** What can be taken back is another than before. */
  changed(): void;
}

/** One thread, for its number may be another's later. */
const keyOf = ({ tid, start }: Pick<LiveThread, 'tid' | 'start'>): string =>
  start === undefined ? String(tid) : `${tid}@${start}`;

export class Acts {
  readonly #on: ActedOn;
  #requests = 0;
  readonly #waiting = new Map<number, (answer: Answer | null) => void>();
  /** CPUs that threads were allowed before they were moved from here, the last move last. */
  readonly #before = new Map<string, string[]>();
  #lastMove: number | null = null;
  #moved: PagesMoved | null = null;

  constructor(on: ActedOn) {
    this.#on = on;
  }

  /** The last move of pages, which can be taken back. */
  get moved(): PagesMoved | null {
    return this.#moved;
  }

  /** Threads whose last move can be taken back. */
  get held(): readonly string[] {
    return [...this.#before.keys()];
  }

  isHeld(thread: Pick<LiveThread, 'tid' | 'start'>): boolean {
    return this.#before.has(keyOf(thread));
  }

  take(answer: Answer): void {
    this.#waiting.get(answer.request)?.(answer);
  }

  /** The agent is gone: what it waited for is not answered, and the pages it moved it can no longer bring back. */
  lost(): void {
    for (const answer of [...this.#waiting.values()]) answer(null);
    this.#lastMove = null;
    this.#moved = null;
  }

  /** There is nothing to take back any more. */
  forget(): void {
    this.lost();
    this.#before.clear();
  }

  /** Threads that have ended have no move to take back. */
  keepOnly(living: readonly Pick<LiveThread, 'tid' | 'start'>[]): void {
    const keys = new Set(living.map(keyOf));
    for (const key of this.#before.keys()) if (!keys.has(key)) this.#before.delete(key);
  }

  /** @throws PinboardError where the CPUs are none of this host's, or the threads have ended. */
  async pin(threads: readonly number[], cpus: string): Promise<void> {
    const topology = this.#on.topology();
    const ids = parseCpuList(cpus);
    for (const id of ids) {
      const refused = topology && cpuRefusal(topology, id);
      if (refused) throw new PinboardError(refused.code, refused.message, refused.hint);
    }
    if (threads.length === 0 || ids.length === 0) throw new PinboardError('usage', 'Specify threads and CPUs.');
    const moved = this.#threads(threads);
    const list = formatCpuList(ids);
    const answer = await this.#pin(list, this.#named(threads, moved));
    for (const thread of moved) {
      const key = keyOf(thread);
      this.#before.set(key, [...(this.#before.get(key) ?? []), thread.allowed]);
    }
    const who = whoWords(moved);
    if (this.#isAll(list)) this.#on.done('release', who, answer);
    else this.#on.done('pin', `${who} to cpu ${list}`, answer);
    this.#on.changed();
  }

  /** Lets threads run where they might before they were last moved from here. @throws PinboardError where none was, or they have ended. */
  async undoMove(threads: readonly number[]): Promise<void> {
    const moved = this.#threads(threads).filter((thread) => this.isHeld(thread));
    const lists = new Map<string, LiveThread[]>();
    for (const thread of moved) {
      const list = this.#before.get(keyOf(thread))?.at(-1) ?? '';
      lists.set(list, [...(lists.get(list) ?? []), thread]);
    }
    if (moved.length === 0) throw new PinboardError('usage', 'None of these threads was moved from here.');
    const answers: Answer[] = [];
    for (const [list, own] of lists) {
      answers.push(await this.#pin(list, own.map(keyOf)));
      for (const thread of own) this.#forgetMove(thread);
    }
    const [first, last] = [answers[0], answers.at(-1)];
    const [list = ''] = lists.keys();
    const where = lists.size > 1 ? '' : this.#isAll(list) ? ': free again' : `: back to cpu ${list}`;
    if (first && last) this.#on.done('undo', `${whoWords(moved)}${where}`, { ...last, begunMs: first.begunMs });
    this.#on.changed();
  }

  /** From all other nodes that hold any. @throws PinboardError where they cannot be moved. */
  async movePages(to: number): Promise<PagesMoved> {
    const [topology, live] = [this.#on.topology(), this.#on.live()];
    const refused = topology && nodeRefusal(topology, to);
    if (refused) throw new PinboardError(refused.code, refused.message, refused.hint);
    const held = live && !isUnavailable(live.residentBytes) ? Object.keys(live.residentBytes).map(Number) : [];
    const from = held.filter((node) => node !== to);
    if (from.length === 0) throw new PinboardError('usage', `Its pages are already on node ${to}.`);
    const answer = await this.request('move', [0, formatCpuList(from), to]);
    const { request, movedBytes, leftBytes } = answer;
    this.#on.done('pages', `${formatBytes(movedBytes)} of pages to node ${to}`, answer);
    this.#lastMove = request;
    this.#moved = { to, movedBytes, leftBytes };
    this.#on.changed();
    return this.#moved;
  }

  async movePagesBack(): Promise<PagesMoved> {
    const moved = this.#moved;
    if (this.#lastMove === null || !moved) throw new PinboardError('usage', 'No pages were moved.');
    const answer = await this.request('back', [this.#lastMove]);
    const { movedBytes, leftBytes } = answer;
    this.#on.done('pages-back', `${formatBytes(movedBytes)} of pages`, answer);
    this.#lastMove = null;
    this.#moved = null;
    this.#on.changed();
    return { to: moved.to, movedBytes, leftBytes };
  }

  /** @throws PinboardError what the agent says against it, or `not-found` where it is gone. */
  async request(verb: Verb, words: readonly (string | number)[]): Promise<Answer> {
    const ask = await this.#on.asker();
    const request = ++this.#requests;
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<Answer | null>((resolve) => {
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

  /** In as many requests as their lines allow, told as one. */
  async #pin(list: string, names: readonly (string | number)[]): Promise<Answer> {
    const first = await this.request('pin', [list, ...names.slice(0, MOST_THREADS)]);
    if (names.length <= MOST_THREADS) return first;
    const rest = await this.#pin(list, names.slice(MOST_THREADS));
    return { ...rest, begunMs: first.begunMs, threads: first.threads + rest.threads };
  }

  #threads(tids: readonly number[]): readonly LiveThread[] {
    const wanted = new Set(tids);
    return (this.#on.live()?.threads ?? []).filter(({ tid }) => wanted.has(tid));
  }

  /** Those that are known with when they began; of thousands not all are. */
  #named(tids: readonly number[], known: readonly LiveThread[]): (string | number)[] {
    const keys = new Map(known.map((thread) => [thread.tid, keyOf(thread)]));
    return tids.map((tid) => keys.get(tid) ?? tid);
  }

  #forgetMove(thread: LiveThread): void {
    const key = keyOf(thread);
    const left = this.#before.get(key)?.slice(0, -1) ?? [];
    if (left.length > 0) this.#before.set(key, left);
    else this.#before.delete(key);
  }

  #isAll(list: string): boolean {
    const topology = this.#on.topology();
    return topology !== null && leavesOutNone(topology, list);
  }
}
