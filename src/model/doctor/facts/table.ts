/** All processes at two looks, and what the kernel counted between them: what there is to choose from. */

import { interruptCounts } from './interrupts.ts';
import { counters, readSections } from './lines.ts';
import type { Section } from './lines.ts';
import { liveCpus, liveNodes } from './nodes.ts';
import type { LiveCpu, LiveNode } from './nodes.ts';
import { parseStat } from './stat.ts';

export interface TableRow {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly busy: number;
  readonly threads: number;
  readonly residentPages: number;
  /** Path of its control group (v2, or that of memory in v1). */
  readonly group: string | null;
}

export interface Table {
  readonly rows: readonly TableRow[];
  readonly nodes: readonly LiveNode[];
  readonly cpus: readonly LiveCpu[];
  readonly vm: Readonly<Record<string, number>>;
  readonly interrupts: ReadonlyMap<number, number>;
  /** Names of the folders of pods' logs, which tell names from UIDs. */
  readonly pods: readonly string[];
  /** A thread of the kernel itself was among them: nothing hides processes of others. */
  readonly everyone: boolean;
  /** The shell that looks; null where it did not say. */
  readonly onlooker: number | null;
}

/** Null where the answer holds no two looks. */
export function parseTable(lines: readonly string[]): Table | null {
  const sections = readSections(lines);
  const [before, after] = [sections.get('before'), sections.get('after')];
  const [from, to] = [uptime(before), uptime(after)];
  if (!before || !after || from === null || to === null || to <= from) return null;
  const seconds = to - from;
  const [then, now] = [counters(before.get('proc/vmstat')), counters(after.get('proc/vmstat'))];
  const [earlier, later] = [interruptCounts(before.get('proc/stat')), interruptCounts(after.get('proc/stat'))];
  const perSecond = (a: number | undefined, b: number): number => Math.max(0, b - (a ?? b)) / seconds;
  return {
    rows: rowsOf(before, after, seconds),
    nodes: liveNodes(before, after, seconds),
    cpus: liveCpus(before, after),
    vm: Object.fromEntries([...now].map(([name, value]) => [name, perSecond(then.get(name), value)])),
    interrupts: new Map([...later].map(([irq, value]) => [irq, perSecond(earlier.get(irq) ?? 0, value)])),
    everyone: [...after].some(([path, text]) => STAT.test(path) && parseStat(text)?.kernel === true),
    onlooker: onlookerIn(sections),
    pods: (after.get('var/log/pods') ?? '').split('\n', 2000).filter(Boolean),
  };
}

function onlookerIn(sections: ReadonlyMap<string, Section>): number | null {
  const text = sections.get('')?.get('proc/onlooker') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

export function uptime(section: Section | undefined): number | null {
  const text = /^(\d{1,12}\.\d{1,3}) /.exec(section?.get('proc/uptime') ?? '')?.[1];
  return text === undefined ? null : Number(text);
}

const STAT = /^proc\/(\d+)\/stat$/;
const MAX_ROWS = 100_000;

function rowsOf(before: Section, after: Section, seconds: number): TableRow[] {
  const rows: TableRow[] = [];
  for (const [path, text] of after) {
    const pid = STAT.exec(path)?.[1];
    const now = pid === undefined ? null : parseStat(text);
    if (!now || now.kernel || rows.length >= MAX_ROWS) continue;
    const then = parseStat(before.get(path) ?? '');
    // Another process by now, or one that began in between: what it used so far, it used since.
    const used = now.seconds - (then?.start === now.start ? then.seconds : 0);
    rows.push({
      pid: Number(pid),
      parent: now.parent,
      name: now.name,
      busy: Math.max(0, used) / seconds,
      threads: now.threads,
      residentPages: now.residentPages,
      group: groupOf(after.get(`proc/${pid}/cgroup`)),
    });
  }
  return rows;
}

/** Where both versions are mounted, memory is counted in v1. */
function groupOf(text: string | undefined): string | null {
  const v1 = /^\d{1,4}:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(\/.*)$/m.exec(text ?? '')?.[1];
  const path = v1 ?? /^0::(\/.*)$/m.exec(text ?? '')?.[1];
  return path === undefined || path.split('/').includes('..') ? null : path;
}
