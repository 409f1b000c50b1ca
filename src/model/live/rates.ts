/**
 * Readings of a host → samples with rates. What cannot be read is null, never 0; counters that run backwards never make a rate
 * negative. Rates go by the host's monotonic clock: `time` is only a label, and may be set back or forth.
 */

import { isUnavailable } from '../run/run.ts';
import { indexTopology } from '../topology/relation.ts';
import { withBusy } from './thread-rates.ts';
import type { HugePages, Topology } from '../topology/topology.ts';
import type { RawReading, Reading } from './reading.ts';
import type { DeviceSample, NodeSample, Sample } from './sample.ts';
import { SAMPLE_SCHEMA } from './sample.ts';
import { globPattern } from './sampled-files.ts';
import type { SampledFiles } from './sampled-files.ts';
import { isTable } from './tables.ts';
import type { NoTable, Table } from './tables.ts';

export type { RawReading } from './reading.ts';

/** Files that only one measure is read from, and what two readings of them say. */
export interface FigureSource {
  /** Read at most once a second by the agent. */
  readonly files: readonly SampledFiles[];
  /** Beginnings of the lines of its files that it needs; without them all are sent. */
  readonly lines?: readonly string[];
  /** Names of readers of the agent (native/src/readers.h), for what is too big for the wire or in no file. */
  readonly readers?: readonly string[];
  /**
   * By id of the CPU or node, of the whole machine by name; what cannot be read is left out, or all of it for one reason. `seconds` lie
   * between the two, however often samples are taken.
   */
  figures(before: RawReading, after: RawReading, seconds: number): Figures | NoTable;
  readonly devices?: (before: RawReading, after: RawReading, seconds: number) => readonly DeviceSample[];
}

type Figures = Readonly<Record<string, number>>;

/** What a source said, and the reading it said it at. */
interface Said {
  readonly at: Reading;
  readonly figures: Figures | NoTable;
  readonly devices: readonly DeviceSample[];
}

/** Two readings of something that is not read at each look. */
interface Pair {
  readonly before: Reading | null;
  readonly after: Reading;
}

const seconds = ({ before, after }: Pair): number => (before ? (after.monotonicMs - before.monotonicMs) / 1000 : 0);

function tableOf(reading: Reading | null, name: string): Table {
  const table = reading?.tables.get(name);
  return isTable(table) ? table : new Map();
}

const COUNTERS = ['numa_hit', 'numa_miss', 'numa_foreign', 'local_node', 'other_node'];
const POOL = /^hugepages-(\d{1,12})kB\/nr_hugepages$/;

function hugePages(table: Table, id: number): HugePages[] {
  return [...table].flatMap(([name, row]) => {
    const [, kB] = POOL.exec(name) ?? [];
    const [total, free] = [row.get(id), table.get(name.replace('nr_', 'free_'))?.get(id)];
    return kB === undefined || total === undefined || free === undefined
      ? []
      : [{ sizeBytes: Number(kB) * 1024, total, free }];
  });
}

/** Shares of the time that CPUs of the node spent on something, by kind; null where no tick was counted. */
function timeShares(pair: Pair | undefined, id: number): Pick<NodeSample, 'user' | 'system' | 'iowait' | 'steal'> {
  const [then, now] = [tableOf(pair?.before ?? null, 'time'), tableOf(pair?.after ?? null, 'time')];
  const spent = (kind: string): number =>
    Math.max(0, (now.get(kind)?.get(id) ?? NaN) - (then.get(kind)?.get(id) ?? NaN));
  const all = ['user', 'system', 'iowait', 'steal', 'idle'].reduce((sum, kind) => sum + spent(kind), 0);
  const share = (kind: string): number | null => (all > 0 ? spent(kind) / all : null);
  return { user: share('user'), system: share('system'), iowait: share('iowait'), steal: share('steal') };
}

function nodeSample(id: number, nodes: Pair, time: Pair | undefined): NodeSample {
  const [then, now] = [tableOf(nodes.before, 'nodes'), tableOf(nodes.after, 'nodes')];
  // `vm.numa_stat=0` stops the counters and clears them: on a machine that runs, all of them at 0 can mean nothing else.
  const counted = COUNTERS.some((name) => [...(now.get(name)?.values() ?? [])].some((value) => value > 0));
  const rate = (name: string): number | null => {
    const [a, b] = [then.get(name)?.get(id), now.get(name)?.get(id)];
    return !counted || a === undefined || b === undefined || seconds(nodes) <= 0
      ? null
      : Math.max(0, b - a) / seconds(nodes);
  };
  const bytes = (name: string): number | null => {
    const kB = now.get(name)?.get(id);
    return kB === undefined || !Number.isSafeInteger(kB * 1024) || kB < 0 ? null : kB * 1024;
  };
  const [total, free] = [bytes('MemTotal'), bytes('MemFree')];
  return {
    id,
    freeBytes: free,
    usedBytes: total === null || free === null ? null : Math.max(0, total - free),
    fileBytes: bytes('FilePages'),
    anonBytes: bytes('AnonPages'),
    slabBytes: bytes('Slab'),
    hitPerSecond: rate('numa_hit'),
    missPerSecond: rate('numa_miss'),
    foreignPerSecond: rate('numa_foreign'),
    localPerSecond: rate('local_node'),
    otherPerSecond: rate('other_node'),
    ...timeShares(time, id),
    hugepages: hugePages(now, id),
  };
}

/** Why the first of such files that cannot be read cannot. */
function refusedWords(files: readonly SampledFiles[], refused: ReadonlyMap<string, string>): string | null {
  const globs = files.flatMap((list) => list.map((glob) => globPattern(glob.slice(1))));
  const asked = new RegExp(`^(?:${globs.join('|')})$`);
  const found = [...refused].find(([path]) => asked.test(path));
  return found ? `/${found[0]} cannot be read: ${found[1]}.` : null;
}

/** Makes a sample of each reading but the first, which is what the next one is compared with. */
export class Rates {
  readonly #sources: ReadonlyMap<string, FigureSource>;
  #last: Reading | null = null;
  readonly #tables = new Map<string, Pair>();
  #nodes: readonly NodeSample[] = [];
  /** By the measure's key. */
  readonly #said = new Map<string, Said>();

  /** @param sources of measures that have files or readers of their own, by the measure's key. */
  constructor(sources: ReadonlyMap<string, FigureSource> = new Map()) {
    this.#sources = sources;
  }

  /** @param time ISO time of the reading, by the clock of the machine Pinboard runs on. */
  take(reading: Reading, time: string): Sample | null {
    const before = this.#last;
    this.#last = reading;
    for (const name of ['nodes', 'time'])
      if (reading.fresh.tables.has(name))
        this.#tables.set(name, { before: this.#tables.get(name)?.after ?? null, after: reading });
    if (this.#nodes.length === 0 || reading.fresh.tables.has('nodes') || reading.fresh.tables.has('time'))
      this.#nodes = this.#nodesNow(reading);
    for (const [key, source] of this.#sources) this.#take(key, source, reading);
    if (!before) return null;
    const said = [...this.#said];
    const figures = Object.fromEntries(
      said.flatMap(([key, one]) => (isUnavailable(one.figures) ? [] : [[key, one.figures]])),
    );
    const devices = said.flatMap(([, one]) => one.devices);
    const unavailable = this.#reasons(reading);
    const intervalMs = Math.max(0, reading.monotonicMs - before.monotonicMs);
    return {
      schema: SAMPLE_SCHEMA,
      time,
      intervalMs,
      cpus: reading.cpus,
      nodes: this.#nodes,
      processes: reading.processes.map((one) => withBusy(one, before.processes, intervalMs / 1000)),
      ...(reading.groups ? { groups: reading.groups } : {}),
      ...(Object.keys(figures).length === 0 ? {} : { figures }),
      ...(devices.length === 0 ? {} : { devices }),
      ...(Object.keys(unavailable).length === 0 ? {} : { unavailable }),
    };
  }

  #nodesNow(reading: Reading): NodeSample[] {
    const nodes = this.#tables.get('nodes') ?? { before: null, after: reading };
    const ids = new Set([...tableOf(nodes.after, 'nodes').values()].flatMap((row) => [...row.keys()]));
    return (ids.size === 0 ? [0] : [...ids].sort((a, b) => a - b)).map((id) =>
      nodeSample(id, nodes, this.#tables.get('time')),
    );
  }

  /** A source's figures stand until something of what it reads was read anew. */
  #take(key: string, source: FigureSource, reading: Reading): void {
    const { fresh } = reading;
    const own = (source.files.length > 0 && fresh.files) || (source.readers ?? []).some((one) => fresh.tables.has(one));
    const last = this.#said.get(key);
    if (last && !own) return;
    if (!last) {
      this.#said.set(key, { at: reading, figures: {}, devices: [] });
      return;
    }
    const readings = [last.at, reading, (reading.monotonicMs - last.at.monotonicMs) / 1000] as const;
    this.#said.set(key, {
      at: reading,
      figures: source.figures(...readings),
      devices: source.devices?.(...readings) ?? [],
    });
  }

  /** Why something has no figure, where it is known: by the field of a sample, or by the measure's key. */
  #reasons({ tables, refused, lacks = {} }: Reading): Readonly<Record<string, string>> {
    const { readers, ...reasons } = lacks;
    const all: Record<string, string> = { ...reasons };
    const nodes = tables.get('nodes');
    if (nodes && !isTable(nodes)) all['nodes'] = nodes.unavailable;
    for (const [key, { figures }] of this.#said) {
      if (isUnavailable(figures)) all[key] = figures.unavailable;
      else if (refused && refused.size > 0 && Object.keys(figures).length === 0) {
        const why = refusedWords(this.#sources.get(key)?.files ?? [], refused);
        if (why !== null) all[key] = why;
      }
    }
    for (const [key, source] of this.#sources)
      for (const name of source.readers ?? []) {
        const table = tables.get(name);
        if (table && !isTable(table)) all[key] = table.unavailable;
        else if (!table && readers !== undefined) all[key] = readers;
      }
    return all;
  }
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
