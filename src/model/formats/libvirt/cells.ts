/** Cells, which are NUMA nodes, and the access that firmware rates between them. */

import { MAX_ID } from '../../text/cpulist.ts';
import { list } from '../sysfs/ids.ts';
import type { NumaNode, Rated } from '../../topology/topology.ts';
import type { XmlElement } from '../xml.ts';
import { UNITS, at, bytes, children, whole } from './values.ts';

/** Latencies (ns) and bandwidths (KiB/s) that firmware rates, by target cell; several initiators rate alike or not at all. */
export function ratings(topology: XmlElement | undefined): ReadonlyMap<number, Rated> {
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

export function nodeOf(cell: XmlElement, id: number, cpus: readonly number[], rated: Rated | null): NumaNode {
  const [memory] = children(cell, 'memory');
  const distances = children(at(cell, 'distances'), 'sibling').flatMap(({ attributes }): [string, number][] => {
    const to = whole(attributes['id'], MAX_ID);
    const value = whole(attributes['value'], 255);
    return to === null || value === null ? [] : [[String(to), value]];
  });
  return {
    id,
    cpus: list(cpus),
    allowed: true,
    inferred: false,
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
