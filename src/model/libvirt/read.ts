/**
 * What `virsh capabilities` says of a host (https://libvirt.org/formatcaps.html): cells are NUMA nodes, and each CPU names
 * its socket, die, core and thread siblings. libvirt knows caches of the last level only.
 */

import { MAX_ID, parseCpuList } from '../cpulist.ts';
import { PinboardError } from '../problem.ts';
import { tidy } from '../read/clean.ts';
import { list } from '../read/ids.ts';
import type { Ids } from '../read/ids.ts';
import { Source } from '../read/source.ts';
import { readStructure } from '../read/structure.ts';
import { TOPOLOGY_SCHEMA } from '../topology.ts';
import type { Cache, CacheType, Group, NumaNode, Rated, Topology } from '../topology.ts';
import { parseXml } from '../xml/element.ts';
import type { XmlElement } from '../xml/element.ts';

/** As in /sys: no kernel is built for more. */
const MAX_CELLS = 1024;
const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  bytes: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};
const CACHE_TYPES: Partial<Record<string, CacheType>> = { both: 'unified', data: 'data', code: 'instruction' };

const children = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

/** The element that a path of names leads to. */
function at(element: XmlElement, ...names: string[]): XmlElement | undefined {
  return names.reduce<XmlElement | undefined>((inside, name) => children(inside, name)[0], element);
}

function whole(text: string | undefined, most = Number.MAX_SAFE_INTEGER): number | null {
  const number = /^\d{1,16}$/.test(text?.trim() ?? '') ? Number(text) : Number.NaN;
  return number <= most ? number : null;
}

/** An amount with its unit, in bytes. */
function bytes(amount: string | undefined, unit: string | undefined): number | null {
  const size = (whole(amount) ?? Number.NaN) * (UNITS[unit ?? 'KiB'] ?? Number.NaN);
  return Number.isSafeInteger(size) ? size : null;
}

interface Cpu {
  readonly id: number;
  /** An offline CPU has its number alone. */
  readonly online: boolean;
  readonly socket: number;
  readonly die: number;
  readonly cluster: number | null;
  readonly core: number;
  readonly siblings: Ids | null;
}

function cpuOf({ attributes }: XmlElement, source: Source): Cpu | null {
  const id = whole(attributes['id'], MAX_ID);
  if (id === null) return null;
  const siblings = attributes['siblings'];
  return {
    id,
    online: attributes['socket_id'] !== undefined,
    socket: whole(attributes['socket_id'], MAX_ID) ?? 0,
    die: whole(attributes['die_id'], MAX_ID) ?? 0,
    cluster: whole(attributes['cluster_id']),
    core: whole(attributes['core_id'], MAX_ID * 64) ?? -1,
    siblings: siblings === undefined ? null : source.set(siblings, 'list', `siblings of CPU ${id}`),
  };
}

/** Sets of CPUs of which `keyOf` says the same; one object a set, as the structure's reader expects of many CPUs. */
function together(cpus: readonly Cpu[], keyOf: (cpu: Cpu) => string | null): ReadonlyMap<number, Ids> {
  const sets = new Map<string, Set<number>>();
  const of = new Map<number, Ids>();
  for (const cpu of cpus) {
    const key = keyOf(cpu);
    if (key === null) continue;
    const set = sets.get(key) ?? new Set<number>();
    sets.set(key, set.add(cpu.id));
    of.set(cpu.id, set);
  }
  return of;
}

/** Latencies (ns) and bandwidths (KiB/s) that firmware rates, by target cell; several initiators rate alike or not at all. */
function ratings(topology: XmlElement | undefined): ReadonlyMap<number, Rated> {
  const found = new Map<number, Record<string, number | null> & { initiators: Set<number> }>();
  const [links] = children(topology, 'interconnects');
  for (const { name, attributes } of links?.children ?? []) {
    const target = whole(attributes['target'], MAX_ID);
    const initiator = whole(attributes['initiator'], MAX_ID);
    const value = whole(attributes['value']);
    // Figures with a "cache" are of the memory-side cache, not of the memory.
    if (target === null || initiator === null || value === null || value === 0 || attributes['cache'] !== undefined)
      continue;
    if (name !== 'latency' && name !== 'bandwidth') continue;
    const amount =
      name === 'latency' ? value : Math.round((value * (UNITS[attributes['unit'] ?? 'KiB'] ?? 1024)) / 2 ** 20);
    const entry =
      found.get(target) ??
      ({ initiators: new Set<number>() } as Record<string, number | null> & { initiators: Set<number> });
    const type = attributes['type'] ?? 'access';
    for (const way of type === 'access' ? ['read', 'write'] : [type]) entry[`${way} ${name}`] ??= amount;
    entry.initiators.add(initiator);
    found.set(target, entry);
  }
  return new Map(
    [...found].map(([target, entry]): [number, Rated] => [
      target,
      {
        readLatencyNs: entry['read latency'] ?? null,
        writeLatencyNs: entry['write latency'] ?? null,
        readBandwidthMBs: entry['read bandwidth'] ?? null,
        writeBandwidthMBs: entry['write bandwidth'] ?? null,
        initiators: [...entry.initiators].sort((a, b) => a - b),
      },
    ]),
  );
}

function nodeOf(cell: XmlElement, id: number, cpus: readonly number[], rated: Rated | null): NumaNode {
  const [memory] = children(cell, 'memory');
  const distances = children(at(cell, 'distances'), 'sibling').flatMap(({ attributes }): [string, number][] => {
    const to = whole(attributes['id'], MAX_ID);
    const value = whole(attributes['value'], 255);
    return to === null || value === null ? [] : [[String(to), value]];
  });
  return {
    id,
    cpus: list(cpus),
    memoryBytes: bytes(memory?.text, memory?.attributes['unit']),
    freeBytes: null,
    distances: Object.fromEntries(distances),
    // The smallest pages are what memory is made of; libvirt does not say how many of the others are free.
    hugepages: children(cell, 'pages').flatMap(({ attributes, text }) => {
      const sizeBytes = bytes(attributes['size'], attributes['unit']);
      const total = whole(text);
      return sizeBytes === null || total === null || sizeBytes <= 65_536 ? [] : [{ sizeBytes, total, free: null }];
    }),
    rated,
    memorySideCaches: children(cell, 'cache').flatMap((cache) => {
      const level = whole(cache.attributes['level'], 9);
      const size = at(cache, 'size')?.attributes;
      const sizeBytes = bytes(size?.['value'], size?.['unit']);
      return level === null || sizeBytes === null ? [] : [{ level, sizeBytes }];
    }),
  };
}

/**
 * The host's topology. What cannot be right becomes a warning, as in a reading of /sys.
 * @throws PinboardError `bad-file` when the text is no XML, or its host shows no cells.
 */
export function readCapabilities(text: string, name: string): Topology {
  const root = parseXml(text);
  const host = at(root, 'host');
  const cells = children(host && at(host, 'topology', 'cells'), 'cell');
  if (!host || cells.length === 0 || cells.length > MAX_CELLS) {
    throw new PinboardError(
      'bad-file',
      cells.length === 0
        ? 'These capabilities hold no host with NUMA cells.'
        : `These capabilities hold ${cells.length} cells; no kernel has more than ${MAX_CELLS}.`,
      'Write them again with `virsh capabilities`.',
    );
  }
  const source = new Source(new Map());
  const cpus = new Map<number, Cpu>();
  const nodes: { cell: XmlElement; id: number; own: number[] }[] = [];
  cells.forEach((cell, i) => {
    const id = whole(cell.attributes['id'], MAX_ID) ?? i;
    if (nodes.some((node) => node.id === id)) {
      source.warn(`Cell ${id} stands there twice; the first was taken.`);
      return;
    }
    const own: number[] = [];
    for (const element of children(at(cell, 'cpus'), 'cpu')) {
      const cpu = cpuOf(element, source);
      if (!cpu) continue;
      if (cpus.has(cpu.id)) source.warn(`CPU ${cpu.id} stands in several cells; the first was taken.`);
      else if (cpu.online) own.push(cpu.id);
      if (!cpus.has(cpu.id)) cpus.set(cpu.id, cpu);
    }
    nodes.push({ cell, id, own });
  });
  nodes.sort((a, b) => a.id - b.id);
  const online = [...cpus.values()].filter((cpu) => cpu.online);
  const arch = at(host, 'cpu', 'arch')?.text;
  const model = at(host, 'cpu', 'model')?.text;
  const rated = ratings(at(host, 'topology'));
  return {
    schema: TOPOLOGY_SCHEMA,
    machine: {
      name: tidy(name),
      architecture: tidy(arch ?? '') || 'unknown',
      kernel: 'unknown',
      cpuModel: tidy(model ?? '') || null,
      hypervisor: null,
      emulated: false,
    },
    ...partsOf(host, online, cpus, source),
    nodes: nodes.map(({ cell, id, own }) => nodeOf(cell, id, own, rated.get(id) ?? null)),
    cpus: [...cpus.values()]
      .sort((a, b) => a.id - b.id)
      .map((cpu) => ({ id: cpu.id, online: cpu.online, allowed: true, kind: null })),
    warnings: source.warnings,
  };
}

function partsOf(
  host: XmlElement,
  online: readonly Cpu[],
  cpus: ReadonlyMap<number, Cpu>,
  source: Source,
): Pick<Topology, 'packages' | 'dies' | 'clusters' | 'cores' | 'caches'> {
  const sockets = together(online, ({ socket }) => String(socket));
  const dies = together(online, ({ socket, die }) => `${socket} ${die}`);
  const clusters = together(online, ({ socket, die, cluster }) =>
    cluster === null ? null : `${socket} ${die} ${cluster}`,
  );
  const banks = children(at(host, 'cache'), 'bank').flatMap((bank) => {
    const level = whole(bank.attributes['level'], 9);
    const type = CACHE_TYPES[bank.attributes['type'] ?? ''];
    const shared = source.set(bank.attributes['cpus'] ?? '', 'list', 'CPUs of a cache bank');
    return level === null || level === 0 || !shared || type === undefined ? [] : [{ bank, level, type, shared }];
  });
  const kinds = [...new Set(banks.map(({ level, type }) => `level ${level} ${type} cache`))].map((what) => {
    const of = new Map<number, Ids>();
    for (const { level, type, shared } of banks)
      if (`level ${level} ${type} cache` === what) for (const cpu of shared) if (!of.has(cpu)) of.set(cpu, shared);
    return { what, of: (cpu: number) => of.get(cpu) ?? null };
  });
  const structure = readStructure(
    source,
    new Set(online.map(({ id }) => id)),
    [
      { what: 'core', of: (cpu) => cpus.get(cpu)?.siblings ?? null },
      { what: 'cluster', of: (cpu) => clusters.get(cpu) ?? null },
      { what: 'die', of: (cpu) => dies.get(cpu) ?? null },
      { what: 'package', of: (cpu) => sockets.get(cpu) ?? null },
    ],
    kinds,
  );
  const first = (set: Ids): Cpu | undefined => cpus.get(set.values().next().value ?? -1);
  const entire = structure.pkg.groups.map(list);
  const group = (set: Ids, id: number | null | undefined): Group => ({
    id: id ?? -1,
    package: first(set)?.socket ?? 0,
    cpus: list(set),
  });
  const alone = [...structure.core.homeless].map((cpu) => new Set([cpu]));
  const cores = [...structure.core.groups, ...alone].map((set) => group(set, first(set)?.core));
  const dieGroups = structure.die.groups
    .map((set) => group(set, first(set)?.die))
    .filter(({ cpus: set }) => !entire.includes(set));
  const taken = new Set([...entire, ...cores.map((each) => each.cpus), ...dieGroups.map((each) => each.cpus)]);
  return {
    packages: structure.pkg.groups.map((set) => ({ id: first(set)?.socket ?? 0, cpus: list(set) })),
    dies: dieGroups,
    clusters: structure.cluster.groups
      .map((set) => group(set, first(set)?.cluster))
      .filter((each) => !taken.has(each.cpus)),
    cores: cores.sort((a, b) => (parseCpuList(a.cpus)[0] ?? 0) - (parseCpuList(b.cpus)[0] ?? 0)),
    caches: kinds.flatMap(({ what }, i) =>
      (structure.caches[i]?.groups ?? []).map((set): Cache => {
        const own = banks.find(
          (bank) => `level ${bank.level} ${bank.type} cache` === what && bank.shared.has(first(set)?.id ?? -1),
        );
        return {
          level: own?.level ?? 0,
          type: own?.type ?? 'unified',
          sizeBytes: bytes(own?.bank.attributes['size'], own?.bank.attributes['unit']),
          lineBytes: null,
          cpus: list(set),
        };
      }),
    ),
  };
}
