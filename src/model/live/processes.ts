/** Processes of a host, for a person to choose one from: who is busy, how large, and where its memory is as far as that was read. */

import { formatBytes, formatPercent, plural } from '../text/format.ts';
import { isUnavailable } from '../run/run.ts';
import type { Reading } from '../run/run.ts';

export interface ProcessRow {
  readonly pid: number;
  readonly name: string;
  /** The beginning of its command line; empty where it has none. */
  readonly command: string;
  /** Of the user who is connected. */
  readonly own: boolean;
  /** CPUs' worth, over a moment. */
  readonly busy: number;
  readonly threads: number;
  readonly residentBytes: number;
  /** By node; null: of so many processes it was not read. */
  readonly onNodes: Reading<Readonly<Record<string, number>>> | null;
}

export interface ProcessList {
  /** All there are; the list may be shorter. */
  readonly count: number;
  /** The user's own first, then the busiest, then the largest. */
  readonly processes: readonly ProcessRow[];
}

/** Those with every word somewhere in name, number or command; a number that is typed whole comes first. */
export function matching({ processes }: ProcessList, typed: string): readonly ProcessRow[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = processes.filter(({ pid, name, command }) => {
    const text = `${pid} ${name} ${command}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const exact = found.filter(({ pid }) => String(pid) === typed.trim());
  return [...exact, ...found.filter((row) => !exact.includes(row))];
}

/** "2.1 GB: 80 % on node 0, 20 % on node 1". */
export function memoryWords({ residentBytes, onNodes }: ProcessRow): string {
  const all = formatBytes(residentBytes);
  if (onNodes === null) return `${all}, nodes not read`;
  if (isUnavailable(onNodes)) return `${all}, nodes unavailable`;
  const held = Object.entries(onNodes);
  const sum = held.reduce((bytes, [, own]) => bytes + own, 0);
  if (sum === 0) return all;
  const [only] = held;
  if (only && held.length === 1) return `${all} on node ${only[0]}`;
  return `${all}: ${held.map(([node, own]) => `${formatPercent(own / sum)} on node ${node}`).join(', ')}`;
}

/** "85 % CPU, 26 threads". */
export const busyWords = ({ busy, threads }: ProcessRow): string =>
  `${formatPercent(busy)} CPU, ${plural(threads, 'thread')}`;
