/**
 * What a topology that somebody wrote must hold beyond its schema: everything it names exists, and what cannot be shared is
 * not. A topology out of a reader holds all of it already.
 */

import { parseCpuList } from '../text/cpulist.ts';
import type { Topology } from './topology.ts';

/** "nodes.1.cpus: CPU 9 is not among cpus." */
type Say = (path: string, words: string) => void;

/** Sets over the machine's CPUs that may not share any. */
function checkSets(
  say: Say,
  name: string,
  sets: readonly { cpus: string; at?: string }[],
  all: ReadonlySet<number>,
): void {
  const owner = new Map<number, string>();
  sets.forEach(({ cpus, at }, i) => {
    const path = `${at ?? `${name}.${i}`}.cpus`;
    for (const cpu of parseCpuList(cpus)) {
      const other = owner.get(cpu);
      if (!all.has(cpu)) {
        say(path, `CPU ${cpu} is not among "cpus"`);
        return;
      }
      if (other !== undefined) {
        say(path, `CPU ${cpu} already stands in ${other}`);
        return;
      }
      owner.set(cpu, path);
    }
  });
}

function checkIds(say: Say, name: string, list: readonly { id: number }[]): void {
  const seen = new Set<number>();
  list.forEach(({ id }, i) => {
    if (id < 0) say(`${name}.${i}.id`, `${id} is no id`);
    else if (seen.has(id)) say(`${name}.${i}.id`, `${id} is the id of another as well`);
    seen.add(id);
  });
}

function checkInside(say: Say, topology: Topology, name: 'cores' | 'dies' | 'clusters'): void {
  const packages = new Map(topology.packages.map(({ id, cpus }) => [id, new Set(parseCpuList(cpus))]));
  topology[name].forEach(({ package: id, cpus }, i) => {
    const around = packages.get(id);
    // A machine without packages is one whole.
    if (!around && packages.size > 0) {
      say(`${name}.${i}.package`, `there is no socket ${id}`);
      return;
    }
    const outside = parseCpuList(cpus).find((cpu) => around?.has(cpu) === false);
    if (outside !== undefined) say(`${name}.${i}.cpus`, `CPU ${outside} is not in socket ${id}`);
  });
}

function checkNodes(say: Say, { nodes }: Topology): void {
  const ids = new Set(nodes.map(({ id }) => id));
  const square = nodes.some(({ distances }) => Object.keys(distances).length > 0);
  nodes.forEach(({ distances, rated, hugepages, memoryBytes, freeBytes }, i) => {
    for (const key of Object.keys(distances)) {
      if (!/^\d+$/.test(key) || !ids.has(Number(key))) say(`nodes.${i}.distances.${key}`, 'there is no such node');
    }
    const missing = [...ids].find((id) => distances[String(id)] === undefined);
    if (square && missing !== undefined) {
      say(`nodes.${i}.distances`, `the distance to node ${missing} is missing; give all or none`);
    }
    rated?.initiators.forEach((id, at) => {
      if (!ids.has(id)) say(`nodes.${i}.rated.initiators.${at}`, `there is no node ${id}`);
    });
    hugepages.forEach(({ total, free }, at) => {
      if (free !== null && free > total)
        say(`nodes.${i}.hugepages.${at}.free`, `${free} of ${total} pages cannot be free`);
    });
    if (freeBytes !== null && memoryBytes !== null && freeBytes > memoryBytes) {
      say(`nodes.${i}.freeBytes`, 'is more than memoryBytes');
    }
  });
}

function checkDevices(say: Say, { devices, nodes }: Topology, all: ReadonlySet<number>): void {
  const ids = new Set(nodes.map(({ id }) => id));
  devices.forEach(({ node, cpus }, i) => {
    if (node !== null && !ids.has(node)) say(`devices.${i}.node`, `there is no node ${node}`);
    const unknown = parseCpuList(cpus).find((cpu) => !all.has(cpu));
    if (unknown !== undefined) say(`devices.${i}.cpus`, `CPU ${unknown} is not among "cpus"`);
  });
}

/** What is wrong, each with the path to it in the file; empty when all is well. At most `most`. */
export function checkTopology(topology: Topology, most = 10): string[] {
  const found: string[] = [];
  const say: Say = (path, words) => {
    if (found.length < most) found.push(`${path}: ${words}`);
  };
  const { cpus, packages, nodes, cores, dies, clusters, caches } = topology;
  if (cpus.length === 0) say('cpus', 'a machine has at least one CPU');
  if (nodes.length === 0) say('nodes', 'a machine has at least one node');
  checkIds(say, 'cpus', cpus);
  checkIds(say, 'nodes', nodes);
  checkIds(say, 'packages', packages);
  const all = new Set(cpus.map(({ id }) => id));
  for (const [name, sets] of Object.entries({ packages, nodes, cores, dies, clusters }))
    checkSets(say, name, sets, all);
  for (const kind of new Set(caches.map(({ level, type }) => `${level} ${type}`))) {
    const sets = caches.flatMap((each, i) =>
      `${each.level} ${each.type}` === kind ? [{ cpus: each.cpus, at: `caches.${i}` }] : [],
    );
    checkSets(say, 'caches', sets, all);
  }
  nodes.forEach(({ nearCpus, cpus: own }, i) => {
    const home = new Set(parseCpuList(own));
    const wrong = parseCpuList(nearCpus ?? '').find((cpu) => !all.has(cpu) || home.has(cpu));
    const why = home.has(wrong ?? -1) ? `stands in nodes.${i}.cpus` : 'is not among "cpus"';
    if (wrong !== undefined) say(`nodes.${i}.nearCpus`, `CPU ${wrong} ${why}`);
  });
  for (const name of ['cores', 'dies', 'clusters'] as const) checkInside(say, topology, name);
  checkNodes(say, topology);
  checkDevices(say, topology, all);
  return found;
}
