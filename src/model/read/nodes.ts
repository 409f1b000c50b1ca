/** NUMA nodes: their CPUs, their memory, and how far firmware says they are from each other. */

import { MAX_ID } from '../cpulist.ts';
import type { NumaNode } from '../topology.ts';
import { meminfo, readHugePages, readMemorySideCaches, readRated } from './memory.ts';
import { list, without } from './source.ts';
import type { Ids, Source } from './source.ts';

const NODE = 'sys/devices/system/node';

/** A kernel without NUMA shows no nodes: one node has it all. */
function onlyNode(source: Source, online: Ids): NumaNode {
  source.warn('The host shows no NUMA nodes; it is drawn as one node 0 with all CPUs and all memory.');
  return {
    id: 0,
    cpus: list(online),
    memoryBytes: meminfo(source.raw('proc/meminfo'), 'MemTotal'),
    freeBytes: meminfo(source.raw('proc/meminfo'), 'MemFree'),
    distances: {},
    hugepages: readHugePages(source, 'sys/kernel/mm'),
    rated: null,
    memorySideCaches: [],
  };
}

/** Row of the distance table by node id. The kernel prints one figure for each online node, in ascending order. */
function readDistances(source: Source, id: number, columns: readonly number[]): Record<string, number> | null {
  const text = source.text(`${NODE}/node${id}/distance`, 16_384);
  if (text === null) return null;
  const row = text.split(/\s+/).map((word) => (/^\d{1,9}$/.test(word) ? Number(word) : Number.NaN));
  if (row.length !== columns.length || row.some(Number.isNaN)) {
    source.warn(
      `Node ${id} gives ${row.length} distances, not one for each of ${columns.length} nodes; none of any node was used.`,
    );
    return null;
  }
  return Object.fromEntries(columns.map((column, i) => [String(column), row[i] ?? 0]));
}

/** All rows or none: part of a table could not be told from a machine of another shape. */
function distanceTable(
  source: Source,
  ids: readonly number[],
  columns: readonly number[],
): Map<number, Record<string, number>> {
  const table = new Map<number, Record<string, number>>();
  for (const id of ids) {
    const row = readDistances(source, id, columns);
    if (!row) return new Map();
    table.set(id, row);
    const own = row[String(id)] ?? 0;
    const nearer = Object.entries(row).find(([other, value]) => other !== String(id) && value < own);
    if (nearer)
      source.warn(
        `Node ${id} claims to be nearer to node ${nearer[0]} (${nearer[1]}) than to itself (${own}); drawn as reported.`,
      );
  }
  return table;
}

/** Nodes in ascending order of the kernel's ids, which may leave gaps. */
export function readNodes(source: Source, online: Ids): NumaNode[] {
  const shown = source.numbered(`${NODE}/node`).filter((id) => id <= MAX_ID);
  const listed = source.ids([`${NODE}/online`]);
  const columns = listed && listed.size > 0 ? [...listed].sort((a, b) => a - b) : shown;
  const ids = shown.filter((id) => columns.includes(id));
  if (ids.length === 0) return [onlyNode(source, online)];
  const hidden = without(new Set(columns), new Set(ids));
  if (hidden.size > 0)
    source.warn(`Nodes ${list(hidden)} are online but show nothing of themselves; they were left out.`);
  const table = distanceTable(source, ids, columns);
  const placed = new Set<number>();
  const nodes = ids.map((id): NumaNode => {
    const folder = `${NODE}/node${id}`;
    const claimed = source.ids([`${folder}/cpulist`], [`${folder}/cpumap`]) ?? new Set<number>();
    const cpus = [...claimed].filter((cpu) => online.has(cpu));
    const twice = cpus.filter((cpu) => placed.has(cpu));
    if (twice.length > 0)
      source.warn(`CPUs ${list(twice)} are claimed by node ${id} and by one before it; they were left with the first.`);
    const own = cpus.filter((cpu) => !placed.has(cpu));
    for (const cpu of own) placed.add(cpu);
    const text = source.raw(`${folder}/meminfo`);
    return {
      id,
      cpus: list(own),
      // MemTotal, huge pages included: what hwloc calls local_memory.
      memoryBytes: meminfo(text, 'MemTotal'),
      freeBytes: meminfo(text, 'MemFree'),
      distances: table.get(id) ?? {},
      hugepages: readHugePages(source, folder),
      rated: readRated(source, folder),
      memorySideCaches: readMemorySideCaches(source, folder),
    };
  });
  const homeless = without(online, placed);
  if (homeless.size > 0) source.warn(`CPUs ${list(homeless)} belong to no node; they are drawn outside of all.`);
  return nodes;
}
