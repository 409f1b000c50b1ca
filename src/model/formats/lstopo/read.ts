/** lstopo XML (hwloc 1, 2 and 3) to a topology. */

import { formatCpuList } from '../../text/cpulist.ts';
import { PinboardError } from '../../problem.ts';
import { hypervisorIn } from '../sysfs/hypervisor.ts';
import { tidy } from '../../text/clean.ts';
import { TOPOLOGY_SCHEMA } from '../../topology/topology.ts';
import type { Cache, CacheType, Core, Cpu, Group, Machine, Package, Topology } from '../../topology/topology.ts';
import { parseXml } from '../xml.ts';
import type { XmlElement } from '../xml.ts';
import { devicesOf } from './devices.ts';
import { inWordsOfHwloc2 } from './hwloc1.ts';
import { kindsOf } from './kinds.ts';
import { memoryOf } from './memory.ts';
import { infosOf, machineOf, objectsByType, whole } from './objects.ts';
import type { HwlocObject } from './objects.ts';
import { parseHwlocSet } from './set.ts';

const CACHE_TYPES: readonly CacheType[] = ['unified', 'data', 'instruction'];

/** More would say the same of other CPUs. */
const MAX_WARNINGS = 100;

type Warn = (words: string) => void;

const lowest = ({ cpus }: { readonly cpus: readonly number[] }): number => cpus[0] ?? -1;

/** Objects that hold CPUs which are there, each with those CPUs alone, in the order of their lowest CPU. */
const within = (objects: readonly HwlocObject[], online: ReadonlySet<number>): HwlocObject[] =>
  objects
    .map((object) => ({ ...object, cpus: object.cpus.filter((cpu) => online.has(cpu)) }))
    .filter(({ cpus }) => cpus.length > 0)
    .sort((a, b) => lowest(a) - lowest(b));

/** Disjoint sets: what an object claims that one before it has is left to that one. */
function disjoint(objects: readonly HwlocObject[], what: string, warn: Warn): Map<number, HwlocObject> {
  const homes = new Map<number, HwlocObject>();
  for (const object of objects) {
    for (const cpu of object.cpus) {
      if (homes.has(cpu)) warn(`CPU ${cpu} lies in two ${what}; the first was taken.`);
      else homes.set(cpu, object);
    }
  }
  return homes;
}

function packagesOf(
  objects: readonly HwlocObject[],
  online: ReadonlySet<number>,
  warn: Warn,
): [Package[], Map<number, number>] {
  const homes = disjoint(objects, 'sockets', warn);
  const taken = new Set(objects.map(({ osIndex }) => osIndex));
  const used = new Set<number>();
  const packageOf = new Map<number, number>();
  const add = (cpus: readonly number[], wanted: number | null, inferred = false): Package => {
    let id = wanted ?? 0;
    if (wanted === null || used.has(id)) {
      for (id = 0; taken.has(id);) id++;
      if (wanted !== null)
        warn(
          `CPUs ${formatCpuList(cpus)} give their socket the number ${wanted}, which others use; it is numbered ${id} here.`,
        );
      taken.add(id);
    }
    used.add(id);
    for (const cpu of cpus) packageOf.set(cpu, id);
    return { id, cpus: formatCpuList(cpus), inferred };
  };
  const packages = objects.flatMap((object) => {
    const cpus = object.cpus.filter((cpu) => homes.get(cpu) === object);
    return cpus.length === 0 ? [] : [add(cpus, object.osIndex)];
  });
  const rest = [...online].filter((cpu) => !homes.has(cpu));
  // Where the file holds no packages at all, none is made up.
  if (rest.length > 0 && packages.length > 0) {
    warn(`CPUs ${formatCpuList(rest)} lie in no socket; they were put into one.`);
    packages.push(add(rest, null, true));
  }
  return [packages, packageOf];
}

function coresOf(
  objects: readonly HwlocObject[],
  online: ReadonlySet<number>,
  packageOf: Map<number, number>,
  warn: Warn,
): Core[] {
  const homes = disjoint(objects, 'cores', warn);
  const rest = [...online].filter((cpu) => !homes.has(cpu));
  if (rest.length > 0) warn(`CPUs ${formatCpuList(rest)} lie in no core; which of them share one is unknown.`);
  const sets = objects
    .map((object) => ({ id: object.osIndex, cpus: object.cpus.filter((cpu) => homes.get(cpu) === object) }))
    .filter(({ cpus }) => cpus.length > 0);
  return sets
    .sort((a, b) => lowest(a) - lowest(b))
    .map(({ id, cpus }) => ({
      id,
      package: packageOf.get(cpus[0] ?? -1) ?? 0,
      cpus: formatCpuList(cpus),
      inferred: false,
    }));
}

/** Dies and clusters of several CPUs inside one package, which are not another word for one of `known`. */
function groupsOf(
  objects: readonly HwlocObject[],
  packageOf: Map<number, number>,
  known: readonly { readonly cpus: string }[],
): Group[] {
  const same = new Set(known.map(({ cpus }) => cpus));
  return objects.flatMap((object, i) => {
    const cpus = formatCpuList(object.cpus);
    const home = packageOf.get(lowest(object)) ?? 0;
    const fits = object.cpus.length > 1 && object.cpus.every((cpu) => packageOf.get(cpu) === home);
    return fits && !same.has(cpus) ? [{ id: object.osIndex ?? i, package: home, cpus }] : [];
  });
}

function cachesOf(types: ReadonlyMap<string, readonly HwlocObject[]>, online: ReadonlySet<number>): Cache[] {
  const objects = [...types].flatMap(([type, found]) => (/^L[1-9]i?Cache$/.test(type) ? within(found, online) : []));
  const positive = (element: XmlElement, name: string): number | null => {
    const value = whole(element, name);
    return value === 0 ? null : value;
  };
  return objects
    .map(({ type, element, cpus }) => ({
      first: cpus[0] ?? -1,
      cache: {
        level: Number(type[1]),
        type: type.endsWith('iCache') ? 'instruction' : (CACHE_TYPES[whole(element, 'cache_type') ?? 0] ?? 'unified'),
        sizeBytes: positive(element, 'cache_size'),
        lineBytes: positive(element, 'cache_linesize'),
        cpus: formatCpuList(cpus),
      },
    }))
    .sort((a, b) => a.cache.level - b.cache.level || a.cache.type.localeCompare(b.cache.type) || a.first - b.first)
    .map(({ cache }) => cache);
}

/** What the file does not show of the machine cannot be told apart: offline CPUs, and those a cgroup forbids. */
function cpusOf(machine: XmlElement, root: XmlElement, online: ReadonlySet<number>, warn: Warn): Cpu[] {
  const set = (name: string): number[] | null => parseHwlocSet(machine.attributes[name]);
  const allowed = set('allowed_cpuset');
  const permitted = allowed === null ? null : new Set(allowed);
  const hidden = (set('complete_cpuset') ?? []).filter((cpu) => !online.has(cpu));
  if (hidden.length > 0) {
    warn(
      `CPUs ${formatCpuList(hidden)} are there, but this file does not show them: they were offline or not allowed, and count as offline here.`,
    );
  }
  const kinds = kindsOf(root);
  return [...online, ...hidden]
    .sort((a, b) => a - b)
    .map((id) => ({
      id,
      online: online.has(id),
      allowed: permitted?.has(id) ?? true,
      isolated: false,
      kind: kinds.get(id) ?? null,
    }));
}

function machineFacts(infos: ReadonlyMap<string, string>, cpuModel: string | null, name: string): Machine {
  const firmware = ['DMISysVendor', 'DMIProductName', 'DMIBoardVendor', 'DMIBIOSVendor'].map((key) => infos.get(key));
  return {
    name: infos.get('HostName') ?? tidy(name),
    architecture: infos.get('Architecture') ?? 'unknown',
    kernel: infos.get('OSRelease') ?? 'unknown',
    cpuModel,
    hypervisor: infos.get('Hypervisor') ?? hypervisorIn([...firmware, cpuModel].join('\n')),
    emulated: infos.get('Emulated') === '1' || /\bTCG\b/.test(cpuModel ?? ''),
  };
}

/**
 * The machine an lstopo XML document describes, ids and sets as the reader of /sys gives them. What contradicts itself
 * becomes a warning. Free memory and free huge pages are not in such a file: null.
 * @param name to show where the file names no host.
 * @throws PinboardError `bad-file` for anything else than well-formed XML of hwloc 1 to 3 with a PU in it.
 */
export function readLstopoXml(text: string, name: string): Topology {
  return topologyOfXml(inWordsOfHwloc2(parseXml(text)), name);
}

/** The same of a document in the words of hwloc 2 or 3. */
export function topologyOfXml(root: XmlElement, name: string): Topology {
  const machine = machineOf(root);
  const types = objectsByType(machine);
  const of = (type: string): readonly HwlocObject[] => types.get(type) ?? [];
  const online = new Set(
    of('PU')
      .flatMap(({ osIndex }) => osIndex ?? [])
      .sort((a, b) => a - b),
  );
  if (online.size === 0)
    throw new PinboardError(
      'bad-file',
      'This lstopo XML shows no PU.',
      'Write it without filters: `lstopo --of xml FILE`.',
    );
  const warnings = new Set<string>();
  const warn: Warn = (words) => {
    if (warnings.size < MAX_WARNINGS) warnings.add(words);
  };
  const [packages, packageOf] = packagesOf(within(of('Package'), online), online, warn);
  const cores = coresOf(within(of('Core'), online), online, packageOf, warn);
  const dies = groupsOf(within(of('Die'), online), packageOf, packages);
  const clusters = within(of('Group'), online).filter(({ subtype }) => subtype === 'Cluster');
  const cpuModel = of('Package')
    .map(({ element }) => infosOf(element).get('CPUModel'))
    .find((model) => model !== undefined);
  const nodes = memoryOf(root, of('NUMANode'), online, parseHwlocSet(machine.attributes['allowed_nodeset']), warn);
  return {
    schema: TOPOLOGY_SCHEMA,
    // hwloc 2 has these facts in the Machine, hwloc 3 beside it.
    machine: machineFacts(infosOf(machine, root), cpuModel ?? infosOf(machine).get('CPUModel') ?? null, name),
    packages,
    dies,
    clusters: groupsOf(clusters, packageOf, [...packages, ...cores, ...dies]),
    nodes,
    caches: cachesOf(types, online),
    cores,
    cpus: cpusOf(machine, root, online, warn),
    devices: devicesOf(root, machine, online, nodes),
    warnings: [...warnings],
  };
}
