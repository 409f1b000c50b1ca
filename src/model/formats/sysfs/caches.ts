/** Caches and who shares them, as /sys/devices/system/cpu/cpuN/cache/indexM tells it. */

import type { Cache, CacheType } from '../../topology/topology.ts';
import { CPU } from './cpus.ts';
import { lowest, siblings } from './packages.ts';
import { list } from './ids.ts';
import type { Ids } from './ids.ts';
import type { Source } from './source.ts';
import type { Claims, Part } from './structure.ts';

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

/** One level and type of cache: what CPUs claim of it, and where each says so. */
export interface CacheKind extends Claims {
  readonly level: number;
  readonly type: CacheType;
  readonly folders: ReadonlyMap<number, string>;
}

/**
 * What CPUs say about caches, lowest level first. Of a cache that names nobody (ia64, some virtual machines) lstopo takes
 * the CPU's thread siblings to share it, and so do we.
 */
export function cacheKinds(source: Source, online: Ids): CacheKind[] {
  const threads = siblings(source, 'core_cpus', 'thread_siblings');
  return [...foldersByKind(source, online)]
    .map(([kind, folders]): CacheKind => {
      const [digit, type] = kind.split(' ') as [string, CacheType];
      const of = (cpu: number): Ids | null => {
        const folder = folders.get(cpu);
        if (folder === undefined) return null;
        const shared = source.ids({ list: `${folder}/shared_cpu_list`, mask: `${folder}/shared_cpu_map` });
        return shared?.size === 0 ? threads(cpu) : shared;
      };
      return { what: `level ${digit} ${type} cache`, level: Number(digit), type, folders, of };
    })
    .sort((a, b) => a.level - b.level || a.type.localeCompare(b.type));
}

/** One entry a cache, in the order of `kinds`. */
export function readCaches(source: Source, kinds: readonly CacheKind[], parts: readonly Part[]): Cache[] {
  return kinds.flatMap(({ level, type, folders }, i) =>
    (parts[i]?.groups ?? []).map((cpus): Cache => {
      const folder = folders.get(lowest(cpus)) ?? '';
      const line = source.integer(`${folder}/coherency_line_size`);
      return {
        level,
        type,
        sizeBytes: sizeOf(source.text(`${folder}/size`)),
        lineBytes: line !== null && line > 0 ? line : null,
        cpus: list(cpus),
      };
    }),
  );
}
