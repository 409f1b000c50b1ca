/** Nodes and CPUs at two looks: how much is free, what was allocated where, who is busy. What cannot be read is null, never 0. */

import { counters } from './lines.ts';
import type { Section } from './lines.ts';

export interface LiveNode {
  readonly id: number;
  readonly freeBytes: number | null;
  /** Page cache, tmpfs and shared memory included. */
  readonly fileBytes: number | null;
  /** tmpfs and shared memory. */
  readonly sharedBytes: number | null;
  /** Pages a second, as numastat counts them. */
  readonly missPerSecond: number | null;
  readonly foreignPerSecond: number | null;
  readonly localPerSecond: number | null;
  readonly otherPerSecond: number | null;
}

export interface LiveCpu {
  readonly id: number;
  readonly busy: number;
}

const NODE = /^sys\/devices\/system\/node\/node(\d{1,5})\/meminfo$/;
const MAX_NODES = 1024;

export function liveNodes(before: Section, after: Section, seconds: number): LiveNode[] {
  const found: LiveNode[] = [];
  for (const [path, text] of after) {
    const id = NODE.exec(path)?.[1];
    if (id === undefined || found.length >= MAX_NODES) continue;
    const file = path.replace('meminfo', 'numastat');
    const [then, now] = [counters(before.get(file)), counters(after.get(file))];
    // `vm.numa_stat=0` stops the counters and clears them.
    const counted = [...now.values()].some((value) => value > 0);
    const rate = (name: string): number | null => {
      const [a, b] = [then.get(name), now.get(name)];
      return !counted || a === undefined || b === undefined ? null : Math.max(0, b - a) / seconds;
    };
    const bytes = (name: string): number | null => {
      const kib = new RegExp(`^(?:Node \\d{1,5} )?${name}:\\s+(\\d{1,12}) kB$`, 'm').exec(text)?.[1];
      return kib === undefined ? null : Number(kib) * 1024;
    };
    found.push({
      id: Number(id),
      freeBytes: bytes('MemFree'),
      fileBytes: bytes('FilePages'),
      sharedBytes: bytes('Shmem'),
      missPerSecond: rate('numa_miss'),
      foreignPerSecond: rate('numa_foreign'),
      localPerSecond: rate('local_node'),
      otherPerSecond: rate('other_node'),
    });
  }
  return found;
}

/** proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal. Guest time is inside user time. */
const FIELDS = 8;
const IDLE = [3, 4];

function ticksOf(stat: string | undefined): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  for (const line of (stat ?? '').split('\n')) {
    const [, id, rest = ''] = /^cpu(\d{1,5}) ([\d ]{1,400})$/.exec(line) ?? [];
    const fields = rest.trim().split(' ', FIELDS).map(Number);
    if (id !== undefined && fields.every(Number.isSafeInteger)) found.set(Number(id), fields);
  }
  return found;
}

/** CPUs that no tick was counted of are left out. */
export function liveCpus(before: Section, after: Section): LiveCpu[] {
  const earlier = ticksOf(before.get('proc/stat'));
  return [...ticksOf(after.get('proc/stat'))].flatMap(([id, now]) => {
    const then = earlier.get(id);
    const spent = now.map((ticks, field) => Math.max(0, ticks - (then?.[field] ?? ticks)));
    const all = spent.reduce((sum, ticks) => sum + ticks, 0);
    const idle = IDLE.reduce((sum, field) => sum + (spent[field] ?? 0), 0);
    return all === 0 ? [] : [{ id, busy: 1 - idle / all }];
  });
}
