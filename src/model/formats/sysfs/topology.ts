/** From a probe's files to a topology: the order in which the readers beside this file run. */

import { oddities } from '../../topology/oddities.ts';
import { TOPOLOGY_SCHEMA } from '../../topology/topology.ts';
import type { Topology } from '../../topology/topology.ts';
import { readAllowed } from './allowed.ts';
import { cacheKinds, readCaches } from './caches.ts';
import { readCores } from './cores.ts';
import { withPlacesOfCpuinfo } from './cpuinfo-places.ts';
import { CPU, readCpus } from './cpus.ts';
import { readDevices } from './devices.ts';
import { withHomesOfGpus } from './gpu-homes.ts';
import { readKinds } from './kinds.ts';
import { readMachine } from './machine.ts';
import type { Identity } from './machine.ts';
import { readNodes } from './nodes.ts';
import { cpuClaims, readClusters, readDies, readPackages } from './packages.ts';
import type { ProbeFiles } from './probe.ts';
import { Source } from './source.ts';
import { readStructure } from './structure.ts';

export interface ReadOptions {
  /** Name to show where the files hold none. */
  readonly name?: string;
  /** As `uname -m`, where the caller knows it. */
  readonly architecture?: string;
  readonly identify?: Identity | null;
}

/**
 * The machine that `files` describe. Never throws: what is missing is null or empty, and what cannot be right becomes a
 * warning that says what was done about it. Every online CPU lies in at most one core, one package and one node. CPU sets
 * hold online CPUs only.
 */
export function readTopology(files: ProbeFiles, options: ReadOptions = {}): Topology {
  const source = new Source(withPlacesOfCpuinfo(files));
  const allowed = readAllowed(files, source);
  const { all, online } = readCpus(source, allowed.cpus);
  const kindsOfCache = cacheKinds(source, online);
  const { core, cluster, die, pkg, caches } = readStructure(source, online, cpuClaims(source, online), kindsOfCache);
  const packages = readPackages(source, pkg);
  const cores = readCores(source, core, packages);
  const dies = readDies(source, die, packages);
  const kinds = readKinds(source, online);
  const isolated = source.ids({ list: `${CPU}/isolated` });
  const nodes = withHomesOfGpus(source, readNodes(source, online, allowed.nodes), online);
  const topology = {
    schema: TOPOLOGY_SCHEMA,
    machine: readMachine(source, options),
    packages: packages.packages,
    dies,
    clusters: readClusters(source, cluster, packages, [...cores, ...dies]),
    nodes,
    caches: readCaches(source, kindsOfCache, caches),
    cores,
    cpus: all.map((id) => ({
      id,
      online: online.has(id),
      allowed: allowed.cpus?.has(id) ?? true,
      isolated: isolated?.has(id) ?? false,
      kind: kinds.get(id) ?? null,
    })),
    devices: readDevices(source, online, nodes),
    warnings: [],
  } satisfies Topology;
  for (const words of oddities(topology)) source.warn(words);
  return { ...topology, warnings: source.warnings };
}
