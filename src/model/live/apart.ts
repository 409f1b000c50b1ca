/**
 * Threads held against pages: on which nodes processes run, on which their memory is, and what would bring both together. Said only as
 * far as it was seen, and called far only where the margin of the sample leaves no doubt.
 */

import type { LiveThread } from '../bench/program/threads.ts';
import { memoryNodes } from '../placement/usable.ts';
import { isUnavailable } from '../run/run.ts';
import { formatCpuList } from '../text/cpulist.ts';
import { capital, formatCount, formatPercent, nodeWords } from '../text/format.ts';
import { indexTopology, nodeOf } from '../topology/relation.ts';
import type { Topology } from '../topology/topology.ts';
import type { FollowedGroup } from './live-group.ts';

export interface NodePart {
  readonly node: number;
  /** Threads seen there, and the CPUs' worth of work they did. */
  readonly threads: number;
  readonly busy: number;
  /** Share of the resident pages, and how far off that may be; null: pages are unavailable. */
  readonly share: number | null;
  readonly margin: number;
  readonly bytes: number;
}

export interface Fix {
  readonly kind: 'pages' | 'threads';
  /** The node that pages go to, or whose CPUs threads go to. */
  readonly node: number;
  /** CPUs that threads go to. */
  readonly cpus: string;
  /** "Move the pages to node 0". */
  readonly words: string;
  /** The same by hand, a line each. */
  readonly commands: readonly string[];
}

export interface Apart {
  readonly parts: readonly NodePart[];
  readonly sentence: string;
  /** Nothing to do: near, or it cannot be told. */
  readonly fixes: readonly Fix[];
}

/** Threads are "on" nodes where so much of their work was seen; the rest is passing through. */
const AT_HOME = 0.9;
/** Remote pages below this share are what libraries and the kernel's own placing bring along. */
const FAR = 0.1;
/** Idle below this many CPUs' worth: then where they ran last counts. */
const IDLE = 0.02;
/** Threads are only sent to where most of the pages are. */
const MOST = 0.5;

function partsOf(topology: Topology, { threads, pages }: FollowedGroup): NodePart[] {
  const known = isUnavailable(pages) ? null : pages;
  const all = known ? Object.values(known.nodes).reduce((sum, bytes) => sum + bytes, 0) : 0;
  return topology.nodes.map(({ id }): NodePart => {
    const own = threads.filter(({ cpu }) => nodeOf(topology, cpu)?.id === id);
    const bytes = known?.nodes[id] ?? 0;
    return {
      ...{ node: id, threads: own.length, busy: own.reduce((sum, { busy }) => sum + busy, 0), bytes },
      share: known && all > 0 ? bytes / all : null,
      margin: known && all > 0 ? (known.margins[id] ?? 0) / all : 0,
    };
  });
}

/** The fewest nodes, the busiest first, on which nearly all of the work is done. */
function homes(parts: readonly NodePart[]): number[] {
  const work = parts.reduce((sum, { busy }) => sum + busy, 0);
  const weight = ({ busy, threads }: NodePart): number => (work >= IDLE ? busy : threads);
  const sorted = parts.filter((part) => weight(part) > 0).sort((a, b) => weight(b) - weight(a));
  const all = sorted.reduce((sum, part) => sum + weight(part), 0);
  const found: number[] = [];
  let sum = 0;
  for (const part of sorted) {
    if (sum >= AT_HOME * all) break;
    sum += weight(part);
    found.push(part.node);
  }
  return found.sort((a, b) => a - b);
}

/** "63 % (± 1 %)"; of pages that were all asked without a margin. */
export const shareWords = (share: number, margin: number): string =>
  margin < 0.0005 ? formatPercent(share) : `${formatPercent(share)} (\u00b1 ${marginWords(margin)})`;

const marginWords = (margin: number): string => {
  const percent = margin * 100;
  return `${percent < 0.95 ? percent.toFixed(1) : Math.round(percent)} %`;
};

const cpusOf = (topology: Topology, node: number): string =>
  formatCpuList(
    (indexTopology(topology).cpusOfNode.get(node) ?? []).filter((id) => {
      const cpu = indexTopology(topology).places.get(id)?.cpu;
      return cpu?.online === true && cpu.allowed;
    }),
  );

const MAX_COMMANDS = 8;

function moveCommands(pids: readonly number[], from: readonly number[], to: number): string[] {
  return pids.slice(0, MAX_COMMANDS).map((pid) => `migratepages ${pid} ${formatCpuList(from)} ${to}`);
}

const pinCommands = (pids: readonly number[], cpus: string): string[] =>
  pids.slice(0, MAX_COMMANDS).map((pid) => `taskset -acp ${cpus} ${pid}`);

function fixesOf(topology: Topology, group: FollowedGroup, parts: readonly NodePart[], home: readonly number[]): Fix[] {
  const [node] = home;
  const far = parts.filter(({ node: id, share }) => !home.includes(id) && (share ?? 0) > 0);
  const remote = far.reduce((sum, { share }) => sum + (share ?? 0), 0);
  const doubt = Math.max(0, ...far.map(({ margin }) => margin));
  if (remote - doubt < FAR) return [];
  const fixes: Fix[] = [];
  if (node !== undefined && home.length === 1 && memoryNodes(topology).some(({ id }) => id === node)) {
    const from = far.map(({ node: id }) => id);
    const words = `Move the pages to node ${node}`;
    fixes.push({ kind: 'pages', node, cpus: '', words, commands: moveCommands(group.pids, from, node) });
  }
  const most = parts.reduce((best, part) => ((part.share ?? 0) > (best.share ?? 0) ? part : best));
  const cpus = cpusOf(topology, most.node);
  if (!(home.length === 1 && home[0] === most.node) && (most.share ?? 0) - most.margin > MOST && cpus !== '') {
    const words = `Keep the threads on node ${most.node}`;
    fixes.push({ kind: 'threads', node: most.node, cpus, words, commands: pinCommands(group.pids, cpus) });
  }
  return fixes;
}

/** "Threads on node 0, 63 % (± 1 %) of pages on node 1." */
export function apart(topology: Topology, group: FollowedGroup): Apart {
  const parts = partsOf(topology, group);
  const home = homes(parts);
  const running = home.length === 0 ? 'No thread was seen' : `Threads on ${nodeWords(home)}`;
  if (isUnavailable(group.pages))
    return { parts, sentence: `${running}; pages unavailable: ${group.pages.unavailable}.`, fixes: [] };
  const held = parts.filter(({ share }) => (share ?? 0) > 0).sort((a, b) => (b.share ?? 0) - (a.share ?? 0));
  const [most] = held;
  if (!most) return { parts, sentence: `${running}; nothing resident.`, fixes: [] };
  const fixes = fixesOf(topology, group, parts, home);
  if (held.length === 1)
    return {
      parts,
      sentence: isNear(home, most.node)
        ? `Threads and all pages on node ${most.node}.`
        : `${running}, all pages on node ${most.node}.`,
      fixes,
    };
  // Where they are apart the remote share is the news; else the most.
  const told = fixes.length > 0 ? (held.find(({ node }) => !home.includes(node)) ?? most) : most;
  return {
    parts,
    sentence: `${running}, ${shareWords(told.share ?? 0, told.margin)} of pages on node ${told.node}.`,
    fixes,
  };
}

const isNear = (home: readonly number[], node: number): boolean => home.length === 1 && home[0] === node;

/** By name: "worker × 24", how busy, on which CPUs. */
export interface NameRow {
  readonly name: string;
  readonly count: number;
  readonly busy: number;
  readonly cpus: string;
}

export function namesOf(threads: readonly LiveThread[]): NameRow[] {
  const byName = new Map<string, LiveThread[]>();
  for (const thread of threads) {
    const own = byName.get(thread.name);
    if (own) own.push(thread);
    else byName.set(thread.name, [thread]);
  }
  return [...byName]
    .map(([name, own]) => ({
      name,
      count: own.length,
      busy: own.reduce((sum, { busy }) => sum + busy, 0),
      cpus: formatCpuList(new Set(own.map(({ cpu }) => cpu))),
    }))
    .sort((a, b) => b.busy - a.busy || b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** How it was found out: "10,214 of 13,809 addresses asked were pages (move_pages); ± at 95 %". */
export function originWords({ pages, processes }: FollowedGroup): string {
  if (isUnavailable(pages)) return `Pages unavailable: ${pages.unavailable}`;
  const of = pages.all
    ? `every page asked (move_pages)`
    : `${formatCount(pages.found)} pages at random (move_pages), ± at 95 %`;
  const unread = pages.unread > 0 ? `; of ${pages.processes} processes ${pages.unread} could not be read` : '';
  const listed = pages.processes < processes ? `; the ${pages.processes} largest of ${processes} processes` : '';
  return capital(`${of}${unread}${listed}`);
}
