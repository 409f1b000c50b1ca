/** A machine of which a tool printed a line a CPU: what it shares with others is told by equal numbers. */

import { formatCpuList } from '../../text/cpulist.ts';
import { PinboardError } from '../../problem.ts';
import { TOPOLOGY_SCHEMA } from '../../topology/topology.ts';
import type { CacheType, NumaNode, Topology } from '../../topology/topology.ts';

export interface CpuRow {
  readonly id: number;
  readonly online: boolean;
  /** Null where the tool was not asked, or does not know. */
  readonly core: number | null;
  readonly socket: number | null;
  readonly node: number | null;
  /** Number of the cache by name ("L1d", "L2"). */
  readonly caches: ReadonlyMap<string, number>;
}

export const MAX_ROWS = 16_384;

const TYPES: Readonly<Record<string, CacheType>> = { d: 'data', i: 'instruction' };

export const emptyNode = (id: number, cpus: string, inferred = false): NumaNode => ({
  id,
  cpus,
  allowed: true,
  inferred,
  memoryBytes: null,
  freeBytes: null,
  distances: {},
  hugepages: [],
  rated: null,
  memorySideCaches: [],
});

function together(rows: readonly CpuRow[], keyOf: (row: CpuRow) => string | null): [CpuRow, string][] {
  const sets = new Map<string, CpuRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const set = sets.get(key);
    if (set) set.push(row);
    else sets.set(key, [row]);
  }
  return [...sets.values()].flatMap((set): [CpuRow, string][] => {
    const [first] = set;
    return first ? [[first, formatCpuList(set.map(({ id }) => id))]] : [];
  });
}

/** @throws PinboardError `bad-file` where there is no online CPU, too many, or one twice. */
export function topologyOfRows(given: readonly CpuRow[], name: string, tool: string): Topology {
  const rows = [...given].sort((a, b) => a.id - b.id);
  const online = rows.filter((row) => row.online);
  if (online.length === 0 || rows.length > MAX_ROWS || new Set(rows.map(({ id }) => id)).size < rows.length) {
    throw new PinboardError(
      'bad-file',
      online.length === 0
        ? `This output of ${tool} lists no online CPU.`
        : rows.length > MAX_ROWS
          ? `This output of ${tool} lists more than ${MAX_ROWS} CPUs, the most that is read.`
          : `This output of ${tool} lists a CPU twice.`,
    );
  }
  const missing = (['core', 'socket', 'node'] as const).filter((what) => online.some((row) => row[what] === null));
  const known = (what: (typeof missing)[number]): boolean => !missing.includes(what);
  const all = formatCpuList(online.map(({ id }) => id));
  const nodes = known('node')
    ? together(online, ({ node }) => String(node)).map(([{ node }, cpus]) => emptyNode(node ?? 0, cpus))
    : [emptyNode(0, all, true)];
  const caches = [...new Set(online.flatMap((row) => [...row.caches.keys()]))].sort();
  return {
    schema: TOPOLOGY_SCHEMA,
    machine: {
      ...{ name, architecture: 'unknown', kernel: 'unknown', cpuModel: null },
      ...{ hypervisor: null, emulated: false },
    },
    packages: known('socket')
      ? together(online, ({ socket }) => String(socket)).map(([{ socket }, cpus]) => ({
          ...{ id: socket ?? 0, cpus, inferred: false },
        }))
      : [],
    dies: [],
    clusters: [],
    nodes: nodes.sort((a, b) => a.id - b.id),
    caches: caches.flatMap((cache) =>
      together(online, (row) => row.caches.get(cache)?.toString() ?? null).map(([, cpus]) => ({
        level: Number(cache[1]),
        type: TYPES[cache[2] ?? ''] ?? ('unified' as const),
        sizeBytes: null,
        lineBytes: null,
        cpus,
      })),
    ),
    cores: known('core')
      ? together(online, ({ socket, core }) => `${socket} ${core}`).map(([{ core, socket }, cpus]) => ({
          ...{ id: core, package: socket ?? 0, cpus, inferred: false },
        }))
      : [],
    cpus: rows.map(({ id, online: up }) => ({ id, online: up, allowed: true, isolated: false, kind: null })),
    devices: [],
    warnings: [
      `Read from the output of ${tool}, which tells neither ${[...missing.map((what) => `each CPU's ${what}`), 'cache sizes'].join(' nor ')} nor whether this login may use every CPU.`,
    ],
  };
}
