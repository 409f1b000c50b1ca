/**
 * Texts of /proc and /sys, all of them at each look, as the shell sampler sends them → readings. The agent does the same on the host
 * (native/src/sample_cpus.c, reader_nodes.c, reader_time.c), and both come to the same figures.
 */

import { parseCpuList } from '../text/cpulist.ts';
import type { RawReading, Reading } from './reading.ts';
import type { CpuSample, ProcessSample } from './sample.ts';
import type { Table } from './tables.ts';

/** Which kind of time each field of a cpu line is (proc(5)); guest time is already inside user time. */
const KINDS = ['user', 'user', 'system', 'idle', 'iowait', 'system', 'system', 'steal'] as const;
type Ticks = Readonly<Record<(typeof KINDS)[number], number>>;
const NONE: Ticks = { user: 0, system: 0, idle: 0, iowait: 0, steal: 0 };

function cpuTicks(stat: string | undefined): Map<number, Ticks> {
  const found = new Map<number, Ticks>();
  for (const line of (stat ?? '').split('\n')) {
    const match = /^cpu(\d{1,5}) ([\d ]{1,400})$/.exec(line.trimEnd());
    if (!match) continue;
    const fields = (match[2] ?? '').split(' ').slice(0, KINDS.length).map(Number);
    if (!fields.every(Number.isSafeInteger)) continue;
    const ticks: Record<keyof Ticks, number> = { ...NONE };
    for (const [i, kind] of KINDS.entries()) ticks[kind] += fields[i] ?? 0;
    found.set(Number(match[1]), ticks);
  }
  return found;
}

/** Kind by kind: iowait may run backwards while others go on. */
function between(before: Ticks, after: Ticks): Ticks {
  const spent: Record<keyof Ticks, number> = { ...NONE };
  for (const kind of new Set(KINDS)) spent[kind] = Math.max(0, after[kind] - before[kind]);
  return spent;
}

const sum = (ticks: Ticks): number => Object.values(ticks).reduce((all: number, one: number) => all + one, 0);

const NODE = /^sys\/devices\/system\/node\/node(\d{1,5})\/(.+)$/;
const POOL = /^(?:sys\/kernel\/mm\/)?hugepages\/(hugepages-\d{1,12}kB\/(?:nr|free)_hugepages)$/;
const MEMORY = ['MemTotal', 'MemFree', 'FilePages', 'AnonPages', 'Slab'];

class Rows {
  readonly rows = new Map<string, Map<number, number>>();

  set(name: string, id: number, value: number): void {
    if (!Number.isSafeInteger(value)) return;
    const row = this.rows.get(name) ?? new Map<number, number>();
    this.rows.set(name, row.set(id, value));
  }
}

/** Lines such as "Node 0 MemFree: 123 kB", "MemFree: 123 kB" and "numa_hit 123". */
function facts(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^(?:Node \d+ )?([\w()]{1,40})(?::\s+| )(\d{1,20})(?: kB)?$/.exec(line.trim());
    if (match?.[1] !== undefined) found.set(match[1], Number(match[2]));
  }
  return found;
}

/** The rows of the agent's reader `nodes`. */
function nodesTable(files: ReadonlyMap<string, string>): Table {
  const rows = new Rows();
  for (const [path, text] of files) {
    const [, node = '0', file = path] = NODE.exec(path) ?? [];
    const id = Number(node);
    const pool = POOL.exec(file)?.[1];
    if (pool !== undefined) {
      if (/^\d{1,12}\s*$/.test(text)) rows.set(pool, id, Number(text));
    } else if (file === 'numastat') {
      for (const [name, value] of facts(text)) rows.set(name, id, value);
    } else if (file === 'meminfo' || file === 'proc/meminfo') {
      const memory = facts(text);
      const cached = memory.get('Cached');
      // A kernel without NUMA says of the whole machine what another says of each node.
      if (file !== 'meminfo' && cached !== undefined) memory.set('FilePages', cached + (memory.get('Buffers') ?? 0));
      for (const name of MEMORY) rows.set(name, id, memory.get(name) ?? NaN);
    }
  }
  return rows.rows;
}

function nodeOfCpus(files: ReadonlyMap<string, string>): (cpu: number) => readonly number[] {
  const nodes = new Map<number, number[]>();
  let any = false;
  for (const [path, text] of files) {
    const [, node, file] = NODE.exec(path) ?? [];
    if (file !== 'cpulist') continue;
    any = true;
    try {
      for (const cpu of parseCpuList(text)) nodes.set(cpu, [...(nodes.get(cpu) ?? []), Number(node)]);
    } catch {
      // What is no list names no CPU.
    }
  }
  return (cpu) => nodes.get(cpu) ?? (any ? [] : [0]);
}

const LACKS = 'Only the agent reads it, and there is none for this host.';

export class HostTexts {
  #ticks: ReadonlyMap<number, Ticks> = new Map();
  #time: Table = new Map();
  readonly #starts = new Map<number, number | undefined>();

  take(raw: RawReading): Reading {
    const now = cpuTicks(raw.files.get('proc/stat'));
    const cpus: CpuSample[] = [];
    const nodes = nodeOfCpus(raw.files);
    const time = new Map([...this.#time].map(([name, row]) => [name, new Map(row)]));
    for (const [id, ticks] of now) {
      const before = this.#ticks.get(id);
      const spent = before ? between(before, ticks) : NONE;
      const all = sum(spent);
      // A CPU that has just come online has no interval yet; without a tick in it, nothing is known.
      if (all > 0) cpus.push({ id, busy: (all - spent.idle - spent.iowait) / all });
      for (const [kind, value] of Object.entries(spent))
        for (const node of nodes(id)) {
          const row = time.get(kind) ?? new Map<number, number>();
          time.set(kind, row.set(node, (row.get(node) ?? 0) + value));
        }
    }
    this.#ticks = now;
    this.#time = time;
    return {
      ...raw,
      cpus: cpus.sort((a, b) => a.id - b.id),
      tables: new Map([
        ['nodes', nodesTable(raw.files)],
        ['time', time],
      ]),
      fresh: { files: true, tables: new Set(['nodes', 'time']) },
      processes: raw.processes.filter((one) => this.#isSame(one)),
      lacks: { migrations: LACKS, readers: LACKS },
    };
  }

  /** A process is known by its id and by when it began: what takes the id of one that ended is another one. */
  #isSame({ pid, start }: ProcessSample): boolean {
    if (!this.#starts.has(pid)) this.#starts.set(pid, start);
    return this.#starts.get(pid) === start;
  }
}
