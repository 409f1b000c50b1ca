/**
 * Two raw readings of a host → a sample with rates. Raw are the kernel's counters as text, from the agent or the shell
 * sampler alike. What cannot be read is null, never 0; counters that run backwards (idle may) never make a rate negative.
 */

import type { GroupSample } from './group.ts';
import type { CpuSample, NodeSample, ProcessSample, Sample } from './sample.ts';
import { SAMPLE_SCHEMA } from './sample.ts';
import type { SampledFiles } from './sampled-files.ts';
import type { NoTable, Table } from './tables.ts';
import { indexTopology } from '../topology/relation.ts';
import type { HugePages, Topology } from '../topology/topology.ts';

export interface RawReading {
  readonly monotonicMs: number;
  /** Contents by path without the leading slash: proc/stat, sys/devices/system/node/node0/numastat … */
  readonly files: ReadonlyMap<string, string>;
  /** What readers of the agent summed up, by the reader's name, or why they have nothing; the shell sampler has none of them. */
  readonly tables?: ReadonlyMap<string, Table | NoTable>;
  readonly processes: readonly ProcessSample[];
  readonly groups?: readonly GroupSample[];
}

/** Files that only one measure is read from, and what two readings of them say. */
export interface FigureSource {
  readonly files: readonly SampledFiles[];
  /** Names of readers of the agent (native/src/readers.h), for what is too big for the wire or in no file. */
  readonly readers?: readonly string[];
  /** By id of the CPU or node; what cannot be read is left out. */
  figures(before: RawReading, after: RawReading, seconds: number): Readonly<Record<string, number>>;
}

/** Fields 4 and 5 of a cpu line (proc(5)): idle and iowait; guest time is already inside user time. */
const IDLE = 3;
const IOWAIT = 4;
const COUNTED_FIELDS = 8;

function cpuTicks(stat: string | undefined): Map<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  for (const line of (stat ?? '').split('\n')) {
    const match = /^cpu(\d{1,5}) ([\d ]{1,400})$/.exec(line.trimEnd());
    if (!match) continue;
    const fields = (match[2] ?? '').split(' ').slice(0, COUNTED_FIELDS).map(Number);
    if (fields.every(Number.isSafeInteger)) found.set(Number(match[1]), fields);
  }
  return found;
}

function cpuSamples(before: RawReading, after: RawReading): CpuSample[] {
  const earlier = cpuTicks(before.files.get('proc/stat'));
  const samples: CpuSample[] = [];
  for (const [id, now] of cpuTicks(after.files.get('proc/stat'))) {
    const then = earlier.get(id);
    // A CPU that has just come online has no interval yet.
    if (!then) continue;
    // Field by field: iowait may run backwards (proc(5)) while others go on.
    const spent = now.map((ticks, field) => Math.max(0, ticks - (then[field] ?? ticks)));
    const total = spent.reduce((sum, ticks) => sum + ticks, 0);
    // No tick in the interval: nothing is known of it.
    if (total === 0) continue;
    const idle = (spent[IDLE] ?? 0) + (spent[IOWAIT] ?? 0);
    samples.push({ id, busy: Math.min(1, Math.max(0, 1 - idle / total)) });
  }
  return samples.sort((a, b) => a.id - b.id);
}

/** "Node 0 MemFree: 123 kB" and "MemFree: 123 kB" alike, in bytes. */
function memoryFields(meminfo: string | undefined): Map<string, number> {
  const fields = new Map<string, number>();
  for (const line of (meminfo ?? '').split('\n')) {
    const match = /^(?:Node \d+ )?([\w()]+):\s+(\d{1,12}) kB$/.exec(line.trim());
    if (match?.[1] !== undefined) fields.set(match[1], Number(match[2]) * 1024);
  }
  return fields;
}

function numastat(text: string | undefined): Map<string, number> {
  const counters = new Map<string, number>();
  for (const line of (text ?? '').split('\n')) {
    const match = /^(\w{1,40}) (\d{1,20})$/.exec(line.trim());
    if (match?.[1] !== undefined) counters.set(match[1], Number(match[2]));
  }
  return counters;
}

const PAGE_COUNT = /^\d{1,12}\s*$/;

function hugePages(files: ReadonlyMap<string, string>, folder: string): HugePages[] {
  const pages: HugePages[] = [];
  for (const [path, total] of files) {
    if (!path.startsWith(folder)) continue;
    const match = /hugepages-(\d{1,12})kB\/nr_hugepages$/.exec(path);
    const free = files.get(path.replace('nr_hugepages', 'free_hugepages'));
    if (!match || free === undefined || !PAGE_COUNT.test(total) || !PAGE_COUNT.test(free)) continue;
    pages.push({ sizeBytes: Number(match[1]) * 1024, total: Number(total), free: Number(free) });
  }
  return pages;
}

const NODE_FOLDER = /^sys\/devices\/system\/node\/node(\d{1,5})\//;

function nodeIds(files: ReadonlyMap<string, string>): number[] {
  const ids = new Set<number>();
  for (const path of files.keys()) {
    const match = NODE_FOLDER.exec(path);
    if (match) ids.add(Number(match[1]));
  }
  return [...ids].sort((a, b) => a - b);
}

/** `vm.numa_stat=0` stops the counters and clears them: on a machine that runs, all of them at 0 can mean nothing else. */
function countsAllocations({ files }: RawReading): boolean {
  return [...files].some(
    ([path, text]) => path.endsWith('/numastat') && [...numastat(text).values()].some((n) => n > 0),
  );
}

function nodeSample(id: number, before: RawReading, after: RawReading, seconds: number, counted: boolean): NodeSample {
  const folder = `sys/devices/system/node/node${id}/`;
  // A kernel without NUMA has no node folders: its one node is the whole machine's memory.
  const alone = nodeIds(after.files).length === 0;
  const memory = memoryFields(after.files.get(alone ? 'proc/meminfo' : `${folder}meminfo`));
  const [then, now] = [before, after].map((reading) => numastat(reading.files.get(`${folder}numastat`)));
  const rate = (name: string): number | null => {
    const [a, b] = [then?.get(name), now?.get(name)];
    return !counted || a === undefined || b === undefined || seconds <= 0 ? null : Math.max(0, b - a) / seconds;
  };
  const [total, free] = [memory.get('MemTotal'), memory.get('MemFree')];
  const [cached, buffers] = [memory.get('FilePages') ?? memory.get('Cached'), memory.get('Buffers')];
  return {
    id,
    freeBytes: free ?? null,
    usedBytes: total === undefined || free === undefined ? null : Math.max(0, total - free),
    fileBytes: cached === undefined ? null : cached + (alone ? (buffers ?? 0) : 0),
    hitPerSecond: rate('numa_hit'),
    missPerSecond: rate('numa_miss'),
    foreignPerSecond: rate('numa_foreign'),
    localPerSecond: rate('local_node'),
    otherPerSecond: rate('other_node'),
    hugepages: hugePages(after.files, alone ? 'sys/kernel/mm/hugepages/' : folder),
  };
}

/**
 * @param time ISO time of `after`, by the clock of the machine Pinboard runs on.
 * @param sources of measures that have files of their own, by the measure's key.
 */
export function rates(
  before: RawReading,
  after: RawReading,
  time: string,
  sources: ReadonlyMap<string, FigureSource> = new Map(),
): Sample {
  const intervalMs = Math.max(0, after.monotonicMs - before.monotonicMs);
  const ids = nodeIds(after.files);
  const counted = countsAllocations(after);
  const figures = [...sources].map(([key, source]) => [key, source.figures(before, after, intervalMs / 1000)] as const);
  return {
    schema: SAMPLE_SCHEMA,
    time,
    intervalMs,
    cpus: cpuSamples(before, after),
    nodes: (ids.length === 0 ? [0] : ids).map((id) => nodeSample(id, before, after, intervalMs / 1000, counted)),
    processes: after.processes,
    ...(after.groups ? { groups: after.groups } : {}),
    ...(figures.length === 0 ? {} : { figures: Object.fromEntries(figures) }),
  };
}

/** Mean busy share of each node's CPUs; nodes without a sampled CPU are left out. */
export function nodeBusy(topology: Topology, sample: Sample): Map<number, number> {
  const busy = new Map(sample.cpus.map((cpu) => [cpu.id, cpu.busy]));
  const means = new Map<number, number>();
  for (const [node, cpus] of indexTopology(topology).cpusOfNode) {
    const known = cpus.map((cpu) => busy.get(cpu)).filter((value) => value !== undefined);
    if (known.length > 0) means.set(node, known.reduce((sum, value) => sum + value, 0) / known.length);
  }
  return means;
}
