/**
 * The machine as nested parts, the way it is drawn: bodies with gaps between them, and inside a body packages, the
 * shares of NUMA nodes, shared caches, cores and threads. Every CPU of the topology is in exactly one place.
 */

import type { NumaNode, Topology } from '../topology.ts';
import { groupBy, owners, packageTree } from './nest.ts';
import type { Owned } from './nest.ts';
import type { BodyTree, MachineTree } from './tree-types.ts';

/** Packages that one node spans belong to one body: there is no distance between them to draw. */
function joined(packages: readonly (readonly number[])[], owned: Owned): number[][] {
  const body = packages.map((_, i) => i);
  const seen = new Map<NumaNode, number>();
  packages.forEach((cpus, i) => {
    for (const cpu of cpus) {
      const node = owned.nodes.get(cpu);
      if (!node) continue;
      const first = seen.get(node) ?? i;
      seen.set(node, first);
      const [from, to] = [body[i], body[first]];
      if (from !== to && to !== undefined) body.forEach((at, j) => at === from && (body[j] = to));
    }
  });
  return [
    ...groupBy(
      body.map((at, i) => [at, i] as const),
      ([at]) => at,
    ).values(),
  ].map((list) => list.map(([, i]) => i));
}

/** Every node's distance to another, whichever of the two says it. */
export function nodeDistance(a: NumaNode, b: NumaNode): number | null {
  return a.distances[String(b.id)] ?? b.distances[String(a.id)] ?? null;
}

/** All nodes with CPUs that a body draws. */
export function nodesOf(body: BodyTree): NumaNode[] {
  return [...body.nodes, ...body.packages.flatMap((item) => item.sections.flatMap(({ node }) => (node ? [node] : [])))];
}

function nearestBody(bodies: readonly BodyTree[], node: NumaNode): number {
  let best = 0;
  let least = Infinity;
  bodies.forEach((body, i) => {
    for (const other of nodesOf(body)) {
      const distance = nodeDistance(node, other) ?? Infinity;
      if (distance < least) [best, least] = [i, distance];
    }
  });
  return best;
}

export function machineTree(topology: Topology): MachineTree {
  const ids = topology.cpus.map((cpu) => cpu.id);
  const known = new Set(ids);
  const levels = groupBy(
    topology.caches.filter((cache) => cache.type !== 'instruction'),
    (cache) => cache.level,
  );
  const owned: Owned = {
    // A negative id is the kernel's "unknown", not a package.
    packages: owners(
      topology.packages.filter((item) => item.id >= 0),
      known,
    ),
    nodes: owners(topology.nodes, known),
    cores: owners(topology.cores, known),
    caches: new Map([...levels].map(([level, caches]) => [level, owners(caches, known)])),
  };
  const online = new Set(topology.cpus.filter((cpu) => cpu.online).map((cpu) => cpu.id));
  const loose = ids.filter((id) => !online.has(id) && !owned.packages.has(id));
  const placed = ids.filter((id) => online.has(id) || owned.packages.has(id));
  const byPackage = [...groupBy(placed, (id) => owned.packages.get(id) ?? owned.nodes.get(id) ?? null)];
  const packages = byPackage.map(([item, cpus]) => ({
    id: item && 'memoryBytes' in item ? null : (item?.id ?? null),
    cpus,
  }));
  const bodies = joined(
    packages.map((item) => item.cpus),
    owned,
  ).map((members): BodyTree => {
    const own = members.flatMap((i) => packages[i] ?? []);
    const spans = (node: NumaNode): boolean =>
      own.filter((item) => item.cpus.some((cpu) => owned.nodes.get(cpu) === node)).length > 1;
    const nodes = topology.nodes.filter((node) => own.length > 1 && spans(node));
    return { nodes, packages: own.map(({ id, cpus }) => packageTree(owned, id, cpus, new Set(nodes))), bare: [] };
  });
  const drawn = new Set(bodies.flatMap(nodesOf));
  const bare = topology.nodes.filter((node) => !drawn.has(node));
  if (bodies.length === 0) bodies.push({ nodes: [], packages: [], bare: [] });
  const home = groupBy(bare, (node) => nearestBody(bodies, node));
  return { bodies: bodies.map((body, i) => ({ ...body, bare: home.get(i) ?? [] })), loose };
}
