/** `/proc/PID/stat`, for processes and threads alike (proc_pid_stat(5)). */

import { clean } from '../../text/clean.ts';

export interface Stat {
  readonly name: string;
  readonly state: string;
  readonly parent: number;
  /** A thread of the kernel itself. */
  readonly kernel: boolean;
  /** CPU time used, in s. */
  readonly seconds: number;
  readonly threads: number;
  /** When it began: numbers are given anew. */
  readonly start: string;
  readonly residentPages: number;
  readonly cpu: number;
}

/** The name is in parentheses and may hold any; the fields behind it count from 3. */
const STAT = /^\d{1,9} \((.{0,64})\) ([^()]{1,1000})$/s;
const PF_KTHREAD = 0x0020_0000;
/** USER_HZ, the same on every architecture that is left. */
const TICKS = 100;

/** Null for what is no such line. */
export function parseStat(text: string): Stat | null {
  const [, name, rest = ''] = STAT.exec(text) ?? [];
  const field = rest.split(' ');
  const of = (number: number): number => Number(field[number - 3]);
  const numbers = [4, 9, 14, 15, 20, 24, 39].map(of);
  if (name === undefined || !numbers.every(Number.isSafeInteger)) return null;
  const [parent = 0, flags = 0, user = 0, system = 0, threads = 0, residentPages = 0, cpu = 0] = numbers;
  return {
    name: clean(name, 64),
    state: field[0] ?? '',
    parent,
    kernel: (flags & PF_KTHREAD) !== 0,
    seconds: (user + system) / TICKS,
    threads,
    start: field[19] ?? '',
    residentPages,
    cpu,
  };
}
