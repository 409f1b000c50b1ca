/** A program of the user's while it runs from the board: its threads as tokens, and where its pages lie. */

import type { Reading } from './run.ts';
import type { ThreadToken, Token } from './workload.ts';

export interface LiveThread {
  readonly tid: number;
  readonly name: string;
  /** It ran on last. */
  readonly cpu: number;
  /** CPUs it may run on, in the kernel's list format. */
  readonly allowed: string;
  /** Share of the time since the look before in which it ran, 0 … 1. */
  readonly busy: number;
}

export interface LiveProgram {
  readonly name: string;
  readonly command: readonly string[];
  readonly pid: number;
  /** The busiest first; of thousands not all. */
  readonly threads: readonly LiveThread[];
  /** How many there are. */
  readonly count: number;
  readonly residentBytes: Reading<Readonly<Record<string, number>>>;
  /** The last move of its pages, which can be taken back; null: there is none. */
  readonly moved: PagesMoved | null;
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

export const tokenOfThread = ({ tid }: LiveThread): ThreadToken => `thread:#${tid}`;

/** The busiest first. */
export function groupThreads(threads: readonly LiveThread[]): ThreadGroup[] {
  const byName = new Map<string, LiveThread[]>();
  for (const thread of threads) byName.set(thread.name, [...(byName.get(thread.name) ?? []), thread]);
  return [...byName]
    .map(([name, own]): ThreadGroup => {
      const [only] = own;
      const busy = own.reduce((sum, thread) => sum + thread.busy, 0);
      return { token: own.length === 1 && only ? tokenOfThread(only) : `thread:${name}`, name, threads: own, busy };
    })
    .sort((a, b) => b.busy - a.busy || b.threads.length - a.threads.length || (a.name < b.name ? -1 : 1));
}

/** The threads that a token stands for, of those there are now. */
export function threadsOfToken(threads: readonly LiveThread[], token: ThreadToken): readonly LiveThread[] {
  const of = token.slice('thread:'.length);
  const tid = /^#(\d+)$/.exec(of)?.[1];
  return threads.filter((thread) => (tid === undefined ? thread.name === of : thread.tid === Number(tid)));
}

export function isThread(token: Token): token is ThreadToken {
  return token.startsWith('thread:');
}

/** How a token is called in words. */
export const threadWords = (token: ThreadToken): string => {
  const of = token.slice('thread:'.length);
  return of.startsWith('#') ? `thread ${of.slice(1)}` : `threads ${of}`;
};
