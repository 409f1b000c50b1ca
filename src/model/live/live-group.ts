/** Processes that are followed, as the board shows them: out of one sample, so that a moment that has passed is shown alike. */

import { liveThreads } from '../bench/program/threads.ts';
import type { LiveGroup, PagesMoved } from '../bench/program/threads.ts';
import { isUnavailable } from '../run/run.ts';
import type { Reading } from '../run/run.ts';
import { formatCount, plural } from '../text/format.ts';
import type { Topology } from '../topology/topology.ts';
import type { GroupMemory, SampledPages } from './group.ts';
import type { ProcessSample, Sample } from './sample.ts';
import { pidOf, selectionText, selectionWords } from './selection.ts';
import type { Selection } from './selection.ts';

/** What was done from a board to what it follows, and can be taken back. */
export interface Held {
  /** Threads that were moved: `TID@START`. */
  readonly threads: readonly string[];
  /** The last move of pages. */
  readonly moved: PagesMoved | null;
}

export const NOTHING_HELD: Held = { threads: [], moved: null };

export interface FollowedGroup extends LiveGroup {
  readonly selection: Selection;
  /** The largest first; of hundreds not all. */
  readonly pids: readonly number[];
  /** All there are. */
  readonly processes: number;
  /** Pages with their margins; `residentBytes` are the same without. */
  readonly pages: Reading<SampledPages>;
  /** Of its control groups, by the kernel's own count. */
  readonly memory: Reading<GroupMemory>;
  /** Times that threads went from one CPU to another, a second; null: the kernel does not say. */
  readonly migrationsPerSecond: number | null;
}

const NO_AGENT = { unavailable: 'Pages by node are read by the agent, and none is available for this host.' };

/** Null: it is not in the sample (yet), or nothing runs as that any more. */
export function followedGroup(
  sample: Sample,
  selection: Selection,
  topology: Topology | null,
  held: Held,
): FollowedGroup | null {
  const group = sample.groups?.find((one) => one.selection === selectionText(selection));
  // A plain shell tells of the one process alone.
  const pids = group?.pids ?? sample.processes.map(({ pid }) => pid).filter((pid) => pid === pidOf(selection));
  const processes = sample.processes.filter(({ pid }) => pids.includes(pid));
  const [largest] = processes;
  if (!largest) return null;
  const seen = processes.flatMap(({ threads }) =>
    threads.map(({ allowed = '', cpuSeconds = 0, busy = 0, ...thread }) => ({ ...thread, allowed, cpuSeconds, busy })),
  );
  const own = processes.find(({ pid }) => pid === pidOf(selection));
  const pages = group?.pages ?? NO_AGENT;
  const moved = new Set(held.threads);
  return {
    selection,
    pids,
    processes: group?.count ?? processes.length,
    name: own?.name ?? selectionWords(selection),
    threads: liveThreads(seen, topology, ({ tid, start }) =>
      moved.has(start === undefined ? String(tid) : `${tid}@${start}`),
    ),
    count: group?.threads ?? seen.length,
    pages,
    memory: group?.memory ?? NO_AGENT,
    migrationsPerSecond: migrationsOf(processes, sample.intervalMs / 1000),
    residentBytes: isUnavailable(pages) ? pages : pages.nodes,
    moved: held.moved,
  };
}

function migrationsOf(processes: readonly ProcessSample[], seconds: number): number | null {
  const known = processes.flatMap(({ threads }) => threads.flatMap(({ migrated }) => migrated ?? []));
  return known.length === 0 || seconds <= 0 ? null : known.reduce((sum, one) => sum + one, 0) / seconds;
}

/** "12 processes, 40 threads". */
export const countWords = ({ processes, count }: FollowedGroup): string =>
  `${processes === 1 ? '' : `${formatCount(processes)} processes, `}${plural(count, 'thread')}`;

/** "postgres 4711", "unit nginx.service": what it is called in a sentence. */
export const groupWords = ({ name, selection }: FollowedGroup): string =>
  selection.kind === 'pid' ? `${name} ${selection.value}` : name;
