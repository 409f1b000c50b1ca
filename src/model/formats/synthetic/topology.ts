/** A synthetic machine as a topology: the same objects that lstopo builds from the same notation. */

import { formatCpuList } from '../../text/cpulist.ts';
import { TOPOLOGY_SCHEMA } from '../../topology/topology.ts';
import type { Cache, Core, Group, NumaNode, Package, Topology } from '../../topology/topology.ts';
import { numbersOf } from './indexes.ts';
import { parseNotation, refuse } from './notation.ts';
import type { Level, Memory } from './notation.ts';

const GIB = 2 ** 30;
/** As in /sys: no kernel is built for more. */
const MAX_NODES = 1024;

interface Placed {
  readonly memory: Memory;
  /** PUs it is local to, by place: [from, to). */
  readonly from: number;
  readonly to: number;
}

/** NUMA nodes in the order in which lstopo numbers them: what lies inside before what lies around it. */
function placedMemories(all: readonly Memory[], levels: readonly Level[], total: number): Placed[] {
  const out: Placed[] = [];
  const visit = (depth: number, memories: readonly Memory[], from: number, size: number): void => {
    const level = levels[depth];
    if (level) {
      const inner = size / level.count;
      // Nothing further in has memory: no need to look at every PU.
      if (levels.slice(depth).some((each) => each.memories.length > 0)) {
        for (let i = 0; i < level.count; i++) visit(depth + 1, level.memories, from + i * inner, inner);
      }
    }
    for (const memory of memories) out.push({ memory, from, to: from + size });
    if (out.length > MAX_NODES) refuse(`This machine would have more than ${MAX_NODES} NUMA nodes.`);
  };
  visit(0, all, 0, total);
  return out.length > 0 ? out : [{ memory: { bytes: GIB, indexes: null }, from: 0, to: total }];
}

/** Like Linux, which gives a CPU one node: the innermost, and of several there the first. */
function nodesOf(placed: readonly Placed[], levels: readonly Level[], numbers: readonly number[]): NumaNode[] {
  const kinds = new Set(placed.map(({ memory }) => memory));
  const [only] = [...kinds];
  if (kinds.size > 1 && [...kinds].some(({ indexes }) => indexes !== null)) {
    refuse('indexes= of NUMA nodes needs them to be all of one kind.');
  }
  const depth = levels.findIndex(({ memories }) => memories.length > 0);
  const ids = numbersOf(only?.indexes ?? null, levels.slice(0, depth === -1 ? 0 : depth), placed.length);
  const taken = new Set<number>();
  // As in hwloc's XML: where no node has a size, none is said; beside others that have one it is none.
  const told = placed.some(({ memory }) => memory.bytes > 0);
  return placed
    .map(({ memory, from, to }, i): NumaNode => {
      const cpus = numbers.slice(from, to).filter((cpu) => !taken.has(cpu));
      for (const cpu of cpus) taken.add(cpu);
      return {
        id: ids[i] ?? i,
        cpus: formatCpuList(cpus),
        allowed: true,
        inferred: false,
        memoryBytes: told ? memory.bytes : null,
        freeBytes: null,
        distances: {},
        hugepages: [],
        rated: null,
        memorySideCaches: [],
      };
    })
    .sort((a, b) => a.id - b.id);
}

/** @throws PinboardError `bad-file` with what is wrong in the notation. */
export function synthesize(text: string): Topology {
  const notation = parseNotation(text);
  const { levels } = notation;
  const total = levels.reduce((product, { count }) => product * count, 1);
  const numbers = numbersOf(levels.at(-1)?.indexes ?? null, levels.slice(0, -1), total);
  const packages: Package[] = [];
  const dies: Group[] = [];
  const cores: Core[] = [];
  const caches: Cache[] = [];
  const packageDepth = levels.findIndex(({ type }) => type === 'package');
  const perPackage = total / levels.slice(0, packageDepth + 1).reduce((product, { count }) => product * count, 1);
  let packageIds: readonly number[] = [0];
  let width = 1;
  levels.forEach((level, depth) => {
    width *= level.count;
    const size = total / width;
    if (level.type === 'pu' || level.type === 'numa') return;
    const ids = numbersOf(level.indexes, levels.slice(0, depth), width);
    if (level.type === 'package') packageIds = ids;
    for (let i = 0; i < width; i++) {
      const id = ids[i] ?? i;
      const cpus = formatCpuList(numbers.slice(i * size, (i + 1) * size));
      const inside = packageIds[Math.floor((i * size) / perPackage)] ?? 0;
      if (level.type === 'package') packages.push({ id, cpus, inferred: false });
      else if (level.type === 'die') dies.push({ id, package: inside, cpus });
      else if (level.type === 'core') cores.push({ id, package: inside, cpus, inferred: false });
      else if (level.cache) caches.push({ ...level.cache, lineBytes: 64, cpus });
    }
  });
  return {
    schema: TOPOLOGY_SCHEMA,
    machine: {
      name: 'synthetic',
      architecture: 'unknown',
      kernel: 'unknown',
      cpuModel: null,
      hypervisor: null,
      emulated: false,
    },
    packages,
    dies,
    clusters: [],
    nodes: nodesOf(placedMemories(notation.memories, levels, total), levels, numbers),
    caches: caches.sort((a, b) => a.level - b.level || a.type.localeCompare(b.type)),
    cores,
    cpus: [...numbers]
      .sort((a, b) => a - b)
      .map((id) => ({ id, online: true, allowed: true, isolated: false, kind: null })),
    devices: [],
    warnings: [],
  };
}
