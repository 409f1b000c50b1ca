/**
 * The machine as nested parts, the way it is drawn: bodies with gaps between them, and inside a body packages, the
 * shares of NUMA nodes, shared caches, cores and threads. Every CPU of the topology is in exactly one place.
 */

import type { NumaNode, Topology } from '../topology/topology.ts';
import { emptyNodes, homeOf, nearestNode, sharingOf } from './homes.ts';
import { groupBy, owners, packageTree } from './nest.ts';
import type { Owned } from './nest.ts';
import type { BodyTree, MachineTree, SectionTree } from './tree-types.ts';

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

export const coresInSection = ({ parts }: SectionTree): number =>
  parts.reduce((all, { groups }) => all + groups.flatMap(({ units }) => units.flatMap(({ cores }) => cores)).length, 0);

export const coresInBody = ({ packages }: BodyTree): number =>
  packages
    .flatMap(({ dies }) => dies.flatMap(({ sections }) => sections))
    .reduce((all, own) => all + coresInSection(own), 0);

/** All nodes with CPUs, own or shared, that a body draws. */
export function nodesOf(body: BodyTree): NumaNode[] {
  const sections = body.packages.flatMap((item) => item.dies.flatMap((die) => die.sections));
  return [...body.nodes, ...sections.flatMap(({ nodes }) => nodes)];
}

export function machineTree(topology: Topology): MachineTree {
  const ids = topology.cpus.map((cpu) => cpu.id);
  const known = new Set(ids);
  const levels = groupBy(
    topology.caches.filter((cache) => cache.type !== 'instruction'),
    (cache) => cache.level,
  );
  const nodesOfCpus = owners(topology.nodes, known);
  const owned: Owned = {
    // A negative id is the kernel's "unknown", not a package.
    packages: owners(
      topology.packages.filter((item) => item.id >= 0),
      known,
    ),
    nodes: nodesOfCpus,
    sharing: sharingOf(topology.nodes, nodesOfCpus),
    dies: owners(topology.dies, known),
    cores: owners(topology.cores, known),
    caches: new Map([...levels].map(([level, caches]) => [level, owners(caches, known)])),
  };
  const online = new Set(topology.cpus.filter((cpu) => cpu.online).map((cpu) => cpu.id));
  const loose = ids.filter((id) => !online.has(id) && !owned.packages.has(id));
  const placed = ids.filter((id) => online.has(id) || owned.packages.has(id));
  const byPackage = [...groupBy(placed, (id) => owned.packages.get(id) ?? owned.nodes.get(id) ?? null)];
  const packages = byPackage.map(([item, cpus]) => ({
    id: item && 'memoryBytes' in item ? null : (item?.id ?? null),
    inferred: item === null || item.inferred,
    cpus,
  }));
  const bodies = joined(
    packages.map((item) => item.cpus),
    owned,
  ).map((members): BodyTree => {
    const own = members.flatMap((i) => packages[i] ?? []);
    const spans = (node: NumaNode): boolean =>
      own.filter((item) => item.cpus.some((cpu) => owned.nodes.get(cpu) === node)).length > 1;
    const spanning = topology.nodes.filter((node) => own.length > 1 && spans(node));
    const nodes = spanning.flatMap((node) => [node, ...(owned.sharing.get(node) ?? [])]);
    return { nodes, packages: own.map((item) => packageTree(owned, item, item.cpus, new Set(nodes))), bare: [] };
  });
  const drawn = new Set(bodies.flatMap(nodesOf));
  const others = topology.nodes.filter((node) => !drawn.has(node));
  const empty = emptyNodes(topology, others);
  const bare = others.filter((node) => !empty.includes(node));
  const homes = new Map(bare.map((node) => [node, homeOf(node, owned.nodes)]));
  if (bodies.length === 0) bodies.push({ nodes: [], packages: [], bare: [] });
  const withCpus = bodies.flatMap(nodesOf);
  const order = new Map(withCpus.map((node, i) => [node.id, i]));
  const home = new Map(bodies.flatMap((body, i) => nodesOf(body).map((node) => [node.id, i] as const)));
  const near = bare.map((node) => ({
    node,
    id: nearestNode(withCpus, node, homes.get(node))?.id ?? withCpus[0]?.id ?? -1,
  }));
  // In the order of what they are nearest to, so that each stands over its own where it can.
  near.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  const bareOf = (i: number): NumaNode[] => near.filter(({ id }) => (home.get(id) ?? 0) === i).map(({ node }) => node);
  return { bodies: bodies.map((body, i) => ({ ...body, bare: bareOf(i) })), homes, empty, loose };
}
