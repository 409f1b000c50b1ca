/** Which CPUs a NUMA node has: by its list, by the links between CPUs and nodes, and one home for each CPU. */

import { both, list, without } from './ids.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';

export interface Homes {
  /** Online CPUs at home in each node, disjoint; nodes that were left out are not in it. */
  readonly own: ReadonlyMap<number, Ids>;
  /** Online CPUs at home elsewhere that a node lists as well; only nodes that do. */
  readonly near: ReadonlyMap<number, Ids>;
}

const LINK = /^sys\/devices\/system\/(?:cpu\/cpu(\d{1,5})\/node(\d{1,4})|node\/node(\d{1,4})\/cpu(\d{1,5}))$/;

/** The node of each CPU that a link between the two names; the lowest where there are several. */
function linkedHomes(source: Source, ids: readonly number[]): ReadonlyMap<number, number> {
  const shown = new Set(ids);
  const homes = new Map<number, number>();
  for (const path of source.files.keys()) {
    const match = path.startsWith('sys/devices/system/') ? LINK.exec(path) : null;
    if (!match) continue;
    const [cpu, node] = [Number(match[1] ?? match[4]), Number(match[2] ?? match[3])];
    if (shown.has(node)) homes.set(cpu, Math.min(node, homes.get(cpu) ?? node));
  }
  return homes;
}

function enumerateNodes(ids: readonly number[]): string {
  return ids.length === 1 ? `Node ${ids[0] ?? 0}` : `Nodes ${list(ids)}`;
}

/** Nodes without a word about CPUs get those that links name; the only node of a host has them all. */
function fillSilent(
  source: Source,
  silent: readonly number[],
  homes: ReadonlyMap<number, number>,
  claims: Map<number, Ids>,
  online: Ids,
): void {
  const lost: number[] = [];
  const byLink: number[] = [];
  for (const id of silent) {
    const linked = new Set([...online].filter((cpu) => homes.get(cpu) === id));
    claims.set(id, linked);
    (linked.size > 0 ? byLink : lost).push(id);
  }
  if (byLink.length > 0)
    source.warn(
      `${enumerateNodes(byLink)} ${byLink.length === 1 ? 'has' : 'have'} no list of CPUs; the links between CPUs and nodes were used.`,
    );
  // Where all CPUs have a place, the others have none.
  const placed = [...claims.values()].reduce((sum, set) => sum + set.size, 0);
  if (lost.length === 0 || placed >= online.size) return;
  if (lost.length === 1 && claims.size === 1) {
    claims.set(lost[0] ?? 0, online);
    source.warn(`The only node, ${lost[0] ?? 0}, has no list of CPUs; all CPUs are drawn in it.`);
  } else source.warn(`${enumerateNodes(lost)} ${lost.length === 1 ? 'does' : 'do'} not say which CPUs are there.`);
}

/** Claims that can stand beside each other; the others are left out, as lstopo leaves out every node that claims again. */
function settled(
  source: Source,
  claims: ReadonlyMap<number, Ids>,
  linked: ReadonlyMap<number, number>,
): Map<number, Ids> {
  const kept = new Map<number, Ids>();
  const byCpu = new Map<number, Set<number>>();
  for (const [id, claimed] of claims) {
    const twice = [...claimed].filter((cpu) => byCpu.has(cpu));
    const alike = [...kept].some(
      ([, other]) => other.size === claimed.size && both(other, claimed).size === claimed.size,
    );
    const told = twice.every((cpu) => {
      const home = linked.get(cpu);
      return home !== undefined && (home === id || byCpu.get(cpu)?.has(home));
    });
    if (twice.length > 0 && !alike && !told) {
      source.warnOf(
        'nodes that claim again',
        `Node ${id} claims CPUs ${list(twice)}, which a node before it has`,
        (each, count) => `${each}; ${count === 1 ? `node ${id} was` : 'these nodes were'} left out, as lstopo does.`,
      );
      continue;
    }
    kept.set(id, claimed);
    for (const cpu of claimed) byCpu.set(cpu, (byCpu.get(cpu) ?? new Set<number>()).add(id));
  }
  return kept;
}

/**
 * Several nodes may list the same CPUs (numa=fake). The home of a CPU is then the node that its link names, which is where its
 * memory comes from first, else the lowest; the others keep their memory, and the CPU among those near. Sets that overlap
 * otherwise contradict each other, unless links name the homes.
 */
export function readHomes(source: Source, folder: string, ids: readonly number[], online: Ids): Homes {
  const claims = new Map<number, Ids>();
  const silent: number[] = [];
  for (const id of ids) {
    const claimed = source.ids({ list: `${folder}/node${id}/cpulist`, mask: `${folder}/node${id}/cpumap` });
    if (claimed) claims.set(id, claimed);
    else silent.push(id);
  }
  const listed = [...claims.values()].reduce((sum, set) => sum + set.size, 0);
  const doubtful = silent.length > 0 || listed > new Set([...claims.values()].flatMap((set) => [...set])).size;
  const linked = doubtful ? linkedHomes(source, ids) : new Map<number, number>();
  const kept = settled(source, claims, linked);
  for (const [id, claimed] of kept) kept.set(id, both(claimed, online));
  fillSilent(source, silent, linked, kept, online);
  const own = new Map<number, Set<number>>(ids.flatMap((id) => (kept.has(id) ? [[id, new Set<number>()]] : [])));
  const near = new Map<number, Set<number>>();
  const byCpu = new Map<number, number[]>();
  for (const id of own.keys()) for (const cpu of kept.get(id) ?? []) byCpu.set(cpu, [...(byCpu.get(cpu) ?? []), id]);
  for (const [cpu, nodes] of byCpu) {
    const link = linked.get(cpu);
    const home = link !== undefined && nodes.includes(link) ? link : (nodes[0] ?? 0);
    own.get(home)?.add(cpu);
    for (const id of nodes) if (id !== home) near.set(id, (near.get(id) ?? new Set<number>()).add(cpu));
  }
  warnOfSharing(source, byCpu);
  const homeless = without(online, new Set(byCpu.keys()));
  if (homeless.size > 0) source.warn(`CPUs ${list(homeless)} belong to no node; they are drawn outside of all.`);
  return { own, near };
}

function warnOfSharing(source: Source, byCpu: ReadonlyMap<number, readonly number[]>): void {
  const groups = new Map<string, number[]>();
  for (const [cpu, nodes] of byCpu) {
    const key = list(nodes);
    if (nodes.length > 1) groups.set(key, [...(groups.get(key) ?? []), cpu]);
  }
  for (const [nodes, cpus] of groups)
    source.warnOf(
      'shared CPUs',
      `nodes ${nodes} list CPUs ${list(cpus)}`,
      (things) =>
        `Several nodes list the same CPUs, as with numa=fake (${things}). Each CPU is drawn at its home node, and all nodes with their memory.`,
    );
}
