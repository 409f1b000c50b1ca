/** NUMA nodes: their CPUs, their memory, and how far firmware says they are from each other. */

import type { NumaNode } from '../../topology/topology.ts';
import { readDistances } from './distances.ts';
import { readHomes } from './homes.ts';
import { meminfo, readHugePages, readMemorySideCaches, readRated } from './memory.ts';
import { list, without } from './ids.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';

const NODE = 'sys/devices/system/node';
/** No kernel is built for more (NODES_SHIFT 10), and a table of distances grows with the square. */
const MAX_NODES = 1024;

/** A kernel without NUMA shows no nodes: one node has it all. */
function onlyNode(source: Source, online: Ids): NumaNode {
  source.warn('The host shows no NUMA nodes; it is drawn as one node 0 with all CPUs and all memory.');
  return {
    id: 0,
    cpus: list(online),
    allowed: true,
    inferred: true,
    memoryBytes: meminfo(source.raw('proc/meminfo'), 'MemTotal'),
    freeBytes: meminfo(source.raw('proc/meminfo'), 'MemFree'),
    distances: {},
    hugepages: readHugePages(source, 'sys/kernel/mm'),
    rated: null,
    memorySideCaches: [],
  };
}

/** Nodes that are the memory of NVIDIA's GPUs, as on POWER9: what lies there is the driver's to say, so lstopo leaves them out. */
function gpuNodes(source: Source): Set<number> {
  const found = new Set<number>();
  for (const [path, text] of source.files) {
    if (!path.startsWith('proc/driver/nvidia/gpus/')) continue;
    const id = /^Node:\s*(\d{1,5})\s*$/m.exec(text)?.[1];
    if (id !== undefined && source.raw(`${NODE}/node${id}/meminfo`) !== null) found.add(Number(id));
  }
  if (found.size > 0) source.warn(`Nodes ${list(found)} are the memory of GPUs; they were left out, as lstopo does.`);
  return found;
}

/** Nodes in ascending order of the kernel's ids, which may leave gaps. `allowed`: those of the cpuset, null for no limit. */
export function readNodes(source: Source, online: Ids, allowed: Ids | null): NumaNode[] {
  const shown = source.numbered(`${NODE}/node`).filter((id) => id < MAX_NODES);
  const listed = source.ids({ list: `${NODE}/online` });
  const columns = listed && listed.size > 0 ? [...listed].sort((a, b) => a - b) : shown;
  const ids = shown.filter((id) => columns.includes(id));
  if (ids.length === 0) return [onlyNode(source, online)];
  const hidden = without(new Set(columns), new Set(ids));
  if (hidden.size > 0)
    source.warn(`Nodes ${list(hidden)} are online but show nothing of themselves; they were left out.`);
  const gpus = gpuNodes(source);
  const candidates = ids.filter((id) => !gpus.has(id));
  const homes = readHomes(source, NODE, candidates, online);
  const kept = [...homes.own.keys()];
  if (kept.length === 0) return [onlyNode(source, online)];
  const table = readDistances(source, NODE, kept, columns);
  return kept.map((id): NumaNode => {
    const folder = `${NODE}/node${id}`;
    const text = source.raw(`${folder}/meminfo`);
    const near = homes.near.get(id);
    return {
      id,
      cpus: list(homes.own.get(id) ?? []),
      ...(near === undefined ? {} : { nearCpus: list(near) }),
      allowed: allowed?.has(id) ?? true,
      inferred: false,
      // MemTotal, huge pages included: what hwloc calls local_memory.
      memoryBytes: meminfo(text, 'MemTotal'),
      freeBytes: meminfo(text, 'MemFree'),
      distances: table.get(id) ?? {},
      hugepages: readHugePages(source, folder),
      rated: readRated(source, folder),
      memorySideCaches: readMemorySideCaches(source, folder),
    };
  });
}
