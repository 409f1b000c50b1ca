/** Caches and who shares them, as /sys/devices/system/cpu/cpuN/cache/indexM tells it. */

import type { Cache, CacheType } from '../topology.ts';
import { CPU } from './cpus.ts';
import { lowest } from './packages.ts';
import { partition } from './partition.ts';
import { list } from './ids.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';

const TYPES: ReadonlyMap<string, CacheType> = new Map([
  ['Data', 'data'],
  ['Instruction', 'instruction'],
  ['Unified', 'unified'],
]);
const MAX_INDEX = 32;

/** "32K" as bytes. The kernel always prints K; null for 0 and for anything else. */
function sizeOf(text: string | null): number | null {
  const match = /^(\d{1,12})([KMG]?)$/.exec(text ?? '');
  if (!match) return null;
  const bytes = Number(match[1]) * 1024 ** ['', 'K', 'M', 'G'].indexOf(match[2] ?? '');
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null;
}

/** Folder of each online CPU's cache, by level and type: "2 unified" → CPU → folder. */
function foldersByKind(source: Source, online: Ids): Map<string, Map<number, string>> {
  const kinds = new Map<string, Map<number, string>>();
  for (const cpu of online) {
    const prefix = `${CPU}/cpu${cpu}/cache/index`;
    for (const index of source.numbered(prefix).slice(0, MAX_INDEX)) {
      const folder = `${prefix}${index}`;
      const level = source.integer(`${folder}/level`);
      const type = TYPES.get(source.text(`${folder}/type`) ?? '');
      if (level === null || level < 1 || level > 9 || type === undefined) continue;
      const kind = `${level} ${type}`;
      const folders = kinds.get(kind) ?? new Map<number, string>();
      if (!folders.has(cpu)) kinds.set(kind, folders.set(cpu, folder));
    }
  }
  return kinds;
}

/** One entry a cache, lowest level first; a cache that names nobody belongs to its CPU alone. */
export function readCaches(source: Source, online: Ids): Cache[] {
  const caches: (Cache & { first: number })[] = [];
  for (const [kind, folders] of foldersByKind(source, online)) {
    const [digit, type] = kind.split(' ') as [string, CacheType];
    const level = Number(digit);
    const having = new Set(folders.keys());
    const { groups, silent } = partition(source, having, `level ${level} ${type} cache`, (cpu) => {
      const folder = folders.get(cpu) ?? '';
      return source.ids({ list: `${folder}/shared_cpu_list`, mask: `${folder}/shared_cpu_map` });
    });
    for (const cpus of [...groups, ...[...silent].map((cpu) => new Set([cpu]))]) {
      const first = lowest(cpus);
      const folder = folders.get(first) ?? '';
      const sizeBytes = sizeOf(source.text(`${folder}/size`));
      const line = source.integer(`${folder}/coherency_line_size`);
      const lineBytes = line !== null && line > 0 ? line : null;
      caches.push({ level, type, sizeBytes, lineBytes, cpus: list(cpus), first });
    }
  }
  caches.sort((a, b) => a.level - b.level || a.type.localeCompare(b.type) || a.first - b.first);
  return caches.map(({ level, type, sizeBytes, lineBytes, cpus }) => ({ level, type, sizeBytes, lineBytes, cpus }));
}
