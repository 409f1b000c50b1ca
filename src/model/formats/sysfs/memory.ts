/** What one node's files say about its memory: size, huge pages, firmware's ratings, memory-side caches. */

import type { HugePages, NumaNode, Rated } from '../../topology/topology.ts';
import type { Source } from './source.ts';

/** `field` of a meminfo in bytes; the kernel counts in KiB and calls them kB. Null where it is not there. */
export function meminfo(text: string | null, field: string): number | null {
  const match = new RegExp(`(?:^|\\s)${field}:\\s*(\\d{1,13}) kB`, 'm').exec(text ?? '');
  const bytes = match ? Number(match[1]) * 1024 : Number.NaN;
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** Pools below `folder`, smallest page first (Documentation/admin-guide/mm/hugetlbpage.rst). */
export function readHugePages(source: Source, folder: string): HugePages[] {
  const prefix = `${folder}/hugepages/hugepages-`;
  return source.numbered(prefix).flatMap((kib) => {
    const total = source.integer(`${prefix}${kib}kB/nr_hugepages`);
    const free = source.integer(`${prefix}${kib}kB/free_hugepages`);
    if (total === null || free === null || total < 0 || free < 0) return [];
    return [{ sizeBytes: kib * 1024, total, free }];
  });
}

/**
 * ACPI HMAT's figures (Documentation/admin-guide/mm/numaperf.rst): nanoseconds and MB/s; the kernel prints 0 for what
 * firmware does not rate. access1 (Linux 5.10) rates the best initiators that have CPUs, as a thread needs it; access0
 * the best of any kind, which may be an accelerator.
 */
export function readRated(source: Source, folder: string): Rated | null {
  return ratedFrom(source, `${folder}/access1/initiators`) ?? ratedFrom(source, `${folder}/access0/initiators`);
}

function ratedFrom(source: Source, from: string): Rated | null {
  const figure = (name: string): number | null => {
    const value = source.integer(`${from}/${name}`);
    return value !== null && value > 0 ? value : null;
  };
  const rated = {
    readLatencyNs: figure('read_latency'),
    writeLatencyNs: figure('write_latency'),
    readBandwidthMBs: figure('read_bandwidth'),
    writeBandwidthMBs: figure('write_bandwidth'),
  };
  if (Object.values(rated).every((value) => value === null)) return null;
  return { ...rated, initiators: source.numbered(`${from}/node`) };
}

/** Caches in front of the memory itself; the number of the folder is the level, the size is in bytes. */
export function readMemorySideCaches(source: Source, folder: string): NumaNode['memorySideCaches'] {
  const prefix = `${folder}/memory_side_cache/index`;
  return source.numbered(prefix).flatMap((level) => {
    const sizeBytes = source.integer(`${prefix}${level}/size`);
    return sizeBytes !== null && sizeBytes > 0 ? [{ level, sizeBytes }] : [];
  });
}
