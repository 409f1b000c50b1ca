/** Processes while they run, a program of the user's or others that are followed: their threads as tokens, and where their pages lie. */

import type { Course } from '../../cases/course.ts';
import { capital, formatPercent, formatRange, plural } from '../../text/format.ts';
import type { Reading } from '../../run/run.ts';
import { leavesOutNone } from '../../placement/usable.ts';
import { slotNamed } from '../../placement/slots.ts';
import type { Slot } from '../../placement/slots.ts';
import type { Topology } from '../../topology/topology.ts';

/** Threads of a program that runs: these, `thread:#TID,TID`, or all of a name, `thread:NAME`. */
export type ThreadToken = `thread:${string}`;

export interface LiveThread {
  readonly tid: number;
  /** In clock ticks since the host's boot, where that is known. */
  readonly start?: number | undefined;
  readonly name: string;
  /** It ran on last. */
  readonly cpu: number;
  /** CPUs it may run on, in the kernel's list format. */
  readonly allowed: string;
  /** Those are not all that this session may use. */
  readonly pinned: boolean;
  /** It was moved from here, and the last move can be taken back. */
  readonly moved: boolean;
  /** Share of the time since the look before in which it ran, 0 … 1. */
  readonly busy: number;
  /** For as long as it lives. */
  readonly cpuSeconds: number;
}

/** What the board shows of processes, whoever started them. */
export interface LiveGroup {
  readonly name: string;
  /** The busiest first; of thousands not all. */
  readonly threads: readonly LiveThread[];
  /** How many there are. */
  readonly count: number;
  readonly residentBytes: Reading<Readonly<Record<string, number>>>;
  /** The last move of its pages, which can be taken back; null: there is none. */
  readonly moved: PagesMoved | null;
}

/** A program that was started from the board. */
export interface LiveProgram extends LiveGroup {
  readonly command: readonly string[];
  readonly pid: number;
  /** What was seen of it so far. */
  readonly course: Course;
}

export interface PagesMoved {
  readonly to: number;
  readonly movedBytes: number;
  /** What stayed: shared with another process, locked, or without room on the node. */
  readonly leftBytes: number;
}

/** Threads of one name: one token, for hundreds of workers would be no tray. */
export interface ThreadGroup {
  readonly token: ThreadToken;
  readonly name: string;
  readonly threads: readonly LiveThread[];
  /** Sum of their shares: 2 is two CPUs' worth. */
  readonly busy: number;
}

type SeenThread = Omit<LiveThread, 'pinned' | 'moved'>;

/** Threads as they were seen, the busiest first, with what follows of their CPUs. @param isHeld whether a move of it can be taken back. */
export function liveThreads(
  seen: readonly SeenThread[],
  topology: Topology | null,
  isHeld: (thread: SeenThread) => boolean,
): LiveThread[] {
  // Thousands of threads have a handful of lists.
  const free = new Map<string, boolean>();
  const isFree = (list: string): boolean => {
    const known = free.get(list) ?? (topology !== null && leavesOutNone(topology, list));
    free.set(list, known);
    return known;
  };
  return seen
    .map((thread) => ({
      ...thread,
      busy: Math.round(thread.busy * 100) / 100,
      pinned: !isFree(thread.allowed),
      moved: isHeld(thread),
    }))
    .sort((a, b) => b.busy - a.busy || a.tid - b.tid);
}

/** These very threads, whatever their names. */
export const tokenOfThreads = (threads: readonly LiveThread[]): ThreadToken =>
  `thread:#${threads.map(({ tid }) => tid).join()}`;

/** The busiest first. */
export function groupThreads(threads: readonly LiveThread[]): ThreadGroup[] {
  const byName = new Map<string, LiveThread[]>();
  for (const thread of threads) byName.set(thread.name, [...(byName.get(thread.name) ?? []), thread]);
  return [...byName]
    .map(([name, own]): ThreadGroup => {
      const [only] = own;
      const busy = own.reduce((sum, thread) => sum + thread.busy, 0);
      return { token: own.length === 1 && only ? tokenOfThreads([only]) : `thread:${name}`, name, threads: own, busy };
    })
    .sort((a, b) => b.busy - a.busy || b.threads.length - a.threads.length || (a.name < b.name ? -1 : 1));
}

/** The threads that a token stands for, of those there are now. */
export function threadsOfToken(threads: readonly LiveThread[], token: ThreadToken): readonly LiveThread[] {
  const of = token.slice('thread:'.length);
  const tids = /^#([\d,]+)$/.exec(of)?.[1]?.split(',').map(Number);
  return threads.filter(({ name, tid }) => (tids ? tids.includes(tid) : name === of));
}

export function isThread(token: string): token is ThreadToken {
  return token.startsWith('thread:');
}

/** How a token is called in words. */
export const threadWords = (token: ThreadToken): string => {
  const of = token.slice('thread:'.length);
  if (!of.startsWith('#')) return `threads ${of}`;
  const several = of.split(',').length;
  return several > 1 ? `${several} threads` : `thread ${of.slice(1)}`;
};

/** Threads as the board carries them: pinned where they are dropped, and in no placement. */
export function threadSlot(token: ThreadToken): Slot {
  const spoken = threadWords(token);
  return {
    ...{ name: token, letter: 'T', label: capital(spoken), spoken },
    ...{ on: 'cpus', many: false, shape: 'round', lineTo: null, follows: null },
    dropped: 'the thread is pinned there',
  };
}

/** Of a word that an element carries. */
export const tokenNamed = (slots: readonly Slot[], word: string): Slot | null =>
  isThread(word) ? threadSlot(word) : slotNamed(slots, word);

/** What ran on a CPU when it was looked at last. */
export interface ThreadsOnCpu {
  readonly token: ThreadToken;
  /** The busiest first. */
  readonly threads: readonly LiveThread[];
  /** They may run nowhere else. */
  readonly pinned: boolean;
}

export function threadsByCpu(threads: readonly LiveThread[]): Map<number, ThreadsOnCpu> {
  const byCpu = new Map<number, LiveThread[]>();
  for (const thread of threads) {
    const own = byCpu.get(thread.cpu);
    if (own) own.push(thread);
    else byCpu.set(thread.cpu, [thread]);
  }
  return new Map(
    [...byCpu].map(([cpu, own]) => {
      const pinned = own.every(({ allowed }) => allowed === String(cpu));
      return [cpu, { token: tokenOfThreads(own), threads: own, pinned }];
    }),
  );
}

/** Where threads may run: "pinned to 4", "3 of 24 pinned"; null: anywhere. Never of all what holds for some. */
export function pinnedWords(threads: readonly LiveThread[]): string | null {
  const pinned = threads.filter((thread) => thread.pinned);
  if (pinned.length === 0) return null;
  const lists = new Set(pinned.map(({ allowed }) => allowed));
  const [list = ''] = lists;
  const some = pinned.length < threads.length ? `${pinned.length} of ${threads.length} ` : '';
  return lists.size === 1 ? `${some}pinned to ${formatRange(list)}` : `${some}pinned, to several places`;
}

const NAMED = 3;

/** "runs worker 4711 (85 %), pinned to 4, and 2 more threads"; the busiest by name. */
export function threadsWords({ threads }: ThreadsOnCpu): string {
  const named = threads.slice(0, NAMED).map(({ name, tid, busy }) => `${name} ${tid} (${formatPercent(busy)})`);
  const more = threads.length - named.length;
  const rest = more > 0 ? ` and ${plural(more, 'more thread')}` : '';
  return `runs ${named.join(', ')}${rest}, ${pinnedWords(threads) ?? 'free to move'}`;
}

/** Of them, in words: "worker 4711", "worker × 24", "3 threads". */
export function whoWords(threads: readonly LiveThread[]): string {
  const [first] = threads;
  if (!first || threads.some(({ name }) => name !== first.name)) return plural(threads.length, 'thread');
  return threads.length === 1 ? `${first.name} ${first.tid}` : `${first.name} \u00d7 ${threads.length}`;
}

/** What a carried thread is near to or far from: of the others, the one that ran the most; null where there is none. */
export function partnerOf(threads: readonly LiveThread[], token: ThreadToken): LiveThread | null {
  const carried = new Set(threadsOfToken(threads, token));
  const others = threads.filter((thread) => !carried.has(thread));
  return others.sort((a, b) => b.cpuSeconds - a.cpuSeconds || a.tid - b.tid)[0] ?? null;
}
