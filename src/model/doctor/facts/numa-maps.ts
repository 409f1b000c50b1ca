/** `/proc/PID/numa_maps` (proc(5)): what a process has mapped, by which policy, and on which nodes its pages lie. */

import { clean } from '../../text/clean.ts';
import { CpuListError, parseCpuList } from '../../text/cpulist.ts';
import type { Mapping, MappingKind } from './live.ts';

const LINE =
  /^[0-9a-f]{1,16} (default|prefer \(many\)|prefer|bind|weighted interleave|interleave|local)(?:=[a-z|]{1,40})?(?::([\d,-]{0,400}))?( .*)$/;

/** Of a path so much is kept. */
export const MAX_NAME = 256;

/** Files that are memory: tmpfs and what mmap and shmget make of it. A path there says so itself. */
const MEMORY = /^\/(dev\/shm\/|memfd:|SYSV|dev\/zero|run\/|tmp\/\.)/;

function kindOf(words: readonly string[], name: string, tmpfs: readonly string[]): MappingKind {
  if (words.includes('huge')) return 'huge';
  if (name === '' || name.startsWith('/anon_hugepage')) return 'anon';
  const inTmpfs = tmpfs.some((path) => name.startsWith(path.endsWith('/') ? path : `${path}/`));
  return inTmpfs || MEMORY.test(name) ? 'shared' : 'file';
}

/** @param tmpfs where tmpfs is mounted. Lines that are none are left out. */
export function parseMappings(lines: readonly string[], tmpfs: readonly string[]): Mapping[] {
  return lines.flatMap((line): Mapping[] => {
    const [, policy, nodes = '', rest = ''] = LINE.exec(line) ?? [];
    if (policy === undefined) return [];
    const words = rest.trim().split(' ');
    const value = (key: string): string | null =>
      words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1) ?? null;
    const path = (value('file') ?? '').replace(/\\([0-3][0-7]{2})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const page = Number(value('kernelpagesize_kB') ?? 4) * 1024;
    const bytes: Record<string, number> = {};
    for (const word of words) {
      const [, node, pages] = /^N(\d{1,4})=(\d{1,12})$/.exec(word) ?? [];
      if (node !== undefined) bytes[node] = Number(pages) * page;
    }
    if (!Number.isSafeInteger(page) || Object.keys(bytes).length === 0) return [];
    const name = clean(path, MAX_NAME);
    // Private pages of a mapped file (its data) are the process's own.
    const own = Number(value('anon') ?? 0) * page;
    const all = Object.values(bytes).reduce((sum, one) => sum + one, 0);
    const kind = kindOf(words, name, tmpfs);
    return [{ kind: kind === 'file' && own > all / 2 ? 'anon' : kind, name, policy, nodes: nodeList(nodes), bytes }];
  });
}

function nodeList(text: string): number[] {
  try {
    return parseCpuList(text);
  } catch (error) {
    if (error instanceof CpuListError) return [];
    throw error;
  }
}
