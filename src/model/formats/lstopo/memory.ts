/** What an lstopo XML document says of memory: nodes, whose CPUs they have, distances, ratings, caches before them. */

import type { HugePool, NumaNode, Rated } from '../../topology/topology.ts';
import { formatCpuList, MAX_ID, parseCpuList } from '../../text/cpulist.ts';
import type { XmlElement } from '../xml.ts';
import { infosOf, whole } from './objects.ts';
import type { HwlocObject } from './objects.ts';
import { parseHwlocSet } from './set.ts';

/** No kernel is built for more, and a table of distances grows with the square. */
const MAX_NODES = 1024;

/** Our own note in XML we write: CPUs of a node that crosses other objects, for which hwloc has no place. */
export const CPUS_INFO = 'NUMANodeCPUs';

/** Kinds of memory that never is a CPU's own first choice. */
const SPECIAL = /^(HBM|MCDRAM|NVM|SPM|CXL|GPUMemory|CXL-)/i;

/**
 * CPUs of each node. hwloc gives a CPU-less node the CPUs it is near to; the kernel gives each CPU one node: the one
 * that is near to fewest, ordinary memory before special, the lower id before the higher.
 */
function ownCpus(nodes: readonly HwlocObject[], online: ReadonlySet<number>): Map<HwlocObject, number[]> {
  const special = (node: HwlocObject): number => Number(SPECIAL.test(node.subtype ?? ''));
  const order = [...nodes].sort(
    (a, b) => a.cpus.length - b.cpus.length || special(a) - special(b) || (a.osIndex ?? MAX_ID) - (b.osIndex ?? MAX_ID),
  );
  const taken = new Set<number>();
  return new Map(
    order.map((node) => {
      const own = node.cpus.filter((cpu) => online.has(cpu) && !taken.has(cpu));
      for (const cpu of own) taken.add(cpu);
      return [node, own];
    }),
  );
}

function parseNoted({ element }: HwlocObject): number[] | null {
  const noted = infosOf(element).get(CPUS_INFO);
  try {
    return noted === undefined ? null : parseCpuList(noted);
  } catch {
    return null;
  }
}

/** A smallest page that is no larger is the base page: 4, 16 or 64 KiB. */
const LARGEST_BASE_PAGE = 65_536;

/** Page sizes above the base page's; hwloc counts the pages there are and does not know how many are free. */
function hugePagesOf({ element }: HwlocObject): HugePool[] {
  const sizes = element.children
    .filter(({ name }) => name === 'page_type')
    .flatMap((page) => {
      const [sizeBytes, total] = [whole(page, 'size'), whole(page, 'count')];
      return sizeBytes === null || total === null ? [] : [{ sizeBytes, total, free: null }];
    })
    .sort((a, b) => a.sizeBytes - b.sizeBytes);
  return (sizes[0]?.sizeBytes ?? 0) <= LARGEST_BASE_PAGE ? sizes.slice(1) : sizes;
}

const numbers = (element: XmlElement, name: string): number[] =>
  element.children
    .filter((child) => child.name === name)
    .flatMap(({ text }) => text.split(/\s+/).filter((word) => /^\d{1,15}$/.test(word)))
    .map(Number);

/** Row of each node id, from the last table of NUMA latencies, as the kernel's SLIT gives them; empty where there is none. */
function distancesOf(
  root: XmlElement,
  idByGp: ReadonlyMap<string, number>,
): ReadonlyMap<number, Record<string, number>> {
  const rows = new Map<number, Record<string, number>>();
  for (const table of root.children) {
    const { type, name = 'NUMALatency', indexing = 'os' } = table.attributes;
    if (table.name !== 'distances2' || type !== 'NUMANode' || name !== 'NUMALatency') continue;
    const ids = numbers(table, 'indexes').map((index) => (indexing === 'gp' ? idByGp.get(String(index)) : index));
    const values = numbers(table, 'u64values');
    if (ids.length > MAX_NODES || ids.includes(undefined) || values.length !== ids.length ** 2) continue;
    rows.clear();
    ids.forEach((from, i) => {
      rows.set(from ?? 0, Object.fromEntries(ids.map((to, j) => [String(to), values[i * ids.length + j] ?? 0])));
    });
  }
  return rows;
}

interface Figure {
  readonly value: number;
  readonly cpus: readonly number[];
}

/** Best figure of each target by attribute: hwloc lists several initiators, a node is rated by its nearest. */
function attributesOf(root: XmlElement): ReadonlyMap<string, ReadonlyMap<string, Figure>> {
  const found = new Map<string, Map<string, Figure>>();
  for (const attribute of root.children.filter(({ name }) => name === 'memattr')) {
    const name = attribute.attributes['name'] ?? '';
    const best = new Map<string, Figure>();
    for (const one of attribute.children) {
      const { target_obj_gp_index: target, target_obj_type: type, initiator_cpuset: initiator } = one.attributes;
      const value = whole(one, 'value');
      if (target === undefined || type !== 'NUMANode' || value === null || value === 0) continue;
      const known = best.get(target);
      const better = !known || (name.endsWith('Latency') ? value < known.value : value > known.value);
      if (better) best.set(target, { value, cpus: parseHwlocSet(initiator) ?? [] });
    }
    found.set(name, best);
  }
  return found;
}

/** hwloc's units are the kernel's: ns and MB/s. Where it has one figure for both ways, it stands for both. */
function ratedOf(
  node: HwlocObject,
  attributes: ReturnType<typeof attributesOf>,
  homes: ReadonlyMap<number, number>,
): Rated | null {
  const figure = (...names: string[]): Figure | null =>
    names.map((name) => attributes.get(name)?.get(node.gpIndex ?? '')).find((one) => one !== undefined) ?? null;
  const figures = [
    figure('ReadLatency', 'Latency'),
    figure('WriteLatency', 'Latency'),
    figure('ReadBandwidth', 'Bandwidth'),
    figure('WriteBandwidth', 'Bandwidth'),
  ] as const;
  const first = figures.find((one) => one !== null);
  if (!first) return null;
  const initiators = [...new Set(first.cpus.flatMap((cpu) => homes.get(cpu) ?? []))].sort((a, b) => a - b);
  const [readLatency, writeLatency, readBandwidth, writeBandwidth] = figures;
  return {
    readLatencyNs: readLatency?.value ?? null,
    writeLatencyNs: writeLatency?.value ?? null,
    readBandwidthMBs: readBandwidth?.value ?? null,
    writeBandwidthMBs: writeBandwidth?.value ?? null,
    initiators,
  };
}

/**
 * Nodes by ascending id; one without an id, or with another's, is left out with a warning.
 * @param allowed ids of those that may be used; null where the file does not say.
 */
export function memoryOf(
  root: XmlElement,
  objects: readonly HwlocObject[],
  online: ReadonlySet<number>,
  allowed: readonly number[] | null,
  warn: (words: string) => void,
): NumaNode[] {
  const permitted = allowed === null ? null : new Set(allowed);
  const byId = new Map<number, HwlocObject>();
  for (const found of objects) {
    const noted = parseNoted(found);
    const node = noted === null ? found : { ...found, cpus: noted };
    if (node.osIndex === null || byId.has(node.osIndex) || byId.size >= MAX_NODES)
      warn(
        `A NUMA node ${node.osIndex === null ? 'without a number' : `with the number ${node.osIndex}, taken already,`} was left out.`,
      );
    else byId.set(node.osIndex, node);
  }
  const nodes = [...byId].sort(([a], [b]) => a - b);
  const own = ownCpus([...byId.values()], online);
  const homes = new Map(nodes.flatMap(([id, node]) => (own.get(node) ?? []).map((cpu) => [cpu, id] as const)));
  const distances = distancesOf(root, new Map(nodes.map(([id, node]) => [node.gpIndex ?? '', id])));
  const attributes = attributesOf(root);
  // hwloc leaves the attribute out for 0 bytes, and where it could not ask.
  const sizesKnown = nodes.some(([, { element }]) => whole(element, 'local_memory') !== null);
  return nodes.map(([id, node]) => ({
    id,
    cpus: formatCpuList(own.get(node) ?? []),
    allowed: permitted?.has(id) ?? true,
    inferred: false,
    memoryBytes: whole(node.element, 'local_memory') ?? (sizesKnown ? 0 : null),
    freeBytes: null,
    distances: Object.fromEntries(Object.entries(distances.get(id) ?? {}).filter(([to]) => byId.has(Number(to)))),
    hugepages: hugePagesOf(node),
    rated: ratedOf(node, attributes, homes),
    memorySideCaches: node.around.flatMap((cache, i) => {
      const sizeBytes = whole(cache, 'cache_size');
      return sizeBytes === null || sizeBytes === 0 ? [] : [{ level: whole(cache, 'depth', 99) ?? i + 1, sizeBytes }];
    }),
  }));
}
