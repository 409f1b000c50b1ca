/** Who uses huge pages: processes, hugetlbfs mounts, limits of control groups. What a host prints of them, made into data. */

import type { Reading } from '../run/run.ts';
import { clean } from '../text/clean.ts';

export interface HugePageProcess {
  readonly pid: number;
  readonly name: string;
  /** `HugetlbPages` of its status: pages shared with other processes count in each. */
  readonly bytes: number;
  /** Where they lie, which only its owner and root may read. */
  readonly pages: Reading<readonly { readonly node: number; readonly sizeBytes: number; readonly pages: number }[]>;
}

export interface HugetlbfsMount {
  readonly path: string;
  /** Null: the default size. */
  readonly sizeBytes: number | null;
  /** `size=` of the mount; null for none. */
  readonly limitBytes: number | null;
}

export interface HugePageLimit {
  readonly group: string;
  readonly sizeBytes: number;
  /** Null: no limit, only use. */
  readonly limitBytes: number | null;
  readonly usedBytes: number | null;
}

export interface HugePageUse {
  readonly processes: Reading<readonly HugePageProcess[]>;
  /** True where the host hides the processes of other users (`hidepid`): there may be more. */
  readonly othersHidden: boolean;
  readonly mounts: Reading<readonly HugetlbfsMount[]>;
  readonly limits: Reading<readonly HugePageLimit[]>;
}

export const ON_PAPER: HugePageUse = {
  processes: { unavailable: 'a recording does not show them' },
  othersHidden: false,
  mounts: { unavailable: 'a recording does not show them' },
  limits: { unavailable: 'a recording does not show them' },
};

const MAX_WORDS = 256;
const UNITS: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

const bounded = (digits: string, factor = 1): number | null => {
  const value = Number(digits) * factor;
  return Number.isSafeInteger(value) ? value : null;
};

/** "2M", "1G", "524288k", "2097152": as mount options give sizes. */
function optionBytes(options: string, key: string): number | null {
  const [, digits, unit] = new RegExp(`(?:^|,)${key}=(\\d{1,15})([kKmMgG]?)(?:,|$)`).exec(options) ?? [];
  return digits === undefined ? null : bounded(digits, UNITS[(unit ?? '').toLowerCase()] ?? 1);
}

/** hugetlbfs among the lines of /proc/mounts, where blanks in paths are written in octal (proc_pid_mounts(5)). */
export function parseMounts(text: string): HugetlbfsMount[] {
  return text.split('\n').flatMap((line): HugetlbfsMount[] => {
    const [, where, type, options] = line.split(' ', 4);
    if (type !== 'hugetlbfs' || where === undefined || options === undefined) return [];
    const path = where.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    return [
      {
        path: clean(path, MAX_WORDS),
        sizeBytes: optionBytes(options, 'pagesize'),
        limitBytes: optionBytes(options, 'size'),
      },
    ];
  });
}

/** Records of the script (remote/scripts/hugepage-users.ts), one a line: a word that says what it is, then its fields. */
export function parseUsers(records: readonly string[]): HugePageUse {
  const of = (word: string): string[] =>
    records.flatMap((record) => (record.startsWith(`${word} `) ? [record.slice(word.length + 1)] : []));
  const has = (word: string): boolean => records.includes(word);
  const mounts = of('mount');
  return {
    processes: has('no-status')
      ? { unavailable: 'the kernel shows no HugetlbPages in /proc/PID/status (Linux 4.4 and newer do)' }
      : processesOf(of('process'), of('pages'), new Set(of('denied').map(Number))),
    othersHidden: has('hidden'),
    mounts: has('no-mounts') ? { unavailable: '/proc/mounts cannot be read' } : parseMounts(mounts.join('\n')),
    limits: has('no-limits') ? { unavailable: 'no control group has the hugetlb controller' } : limitsOf(of('limit')),
  };
}

/** `PID KB NAME`, and for each the lines of its numa_maps that are of huge pages. */
function processesOf(
  lines: readonly string[],
  maps: readonly string[],
  denied: ReadonlySet<number>,
): HugePageProcess[] {
  const pages = new Map<number, Map<string, { node: number; sizeBytes: number; pages: number }>>();
  for (const line of maps) addPages(pages, line);
  return lines.flatMap((line): HugePageProcess[] => {
    const [, pid, kib, name = ''] = /^(\d{1,9}) (\d{1,13}) ?(.*)$/.exec(line) ?? [];
    const bytes = kib === undefined ? null : bounded(kib, 1024);
    if (pid === undefined || bytes === null) return [];
    const found = pages.get(Number(pid));
    const why = denied.has(Number(pid))
      ? 'only its owner and root may read where they lie'
      : 'it has no /proc/PID/numa_maps that tells';
    return [
      {
        pid: Number(pid),
        name: clean(name, 64),
        bytes,
        pages: found
          ? [...found.values()].sort((a, b) => a.node - b.node || a.sizeBytes - b.sizeBytes)
          : { unavailable: why },
      },
    ];
  });
}

/** `PID ADDRESS POLICY … huge … N0=3 N1=5 kernelpagesize_kB=2048`: proc_pid_numa_maps(5). */
function addPages(
  all: Map<number, Map<string, { node: number; sizeBytes: number; pages: number }>>,
  line: string,
): void {
  const [, pid, rest = ''] = /^(\d{1,9}) (.*)$/.exec(line) ?? [];
  const kib = / kernelpagesize_kB=(\d{1,9})(?: |$)/.exec(rest)?.[1];
  if (pid === undefined || kib === undefined) return;
  const sizeBytes = Number(kib) * 1024;
  const own = all.get(Number(pid)) ?? new Map<string, { node: number; sizeBytes: number; pages: number }>();
  all.set(Number(pid), own);
  for (const [, node, pages] of rest.matchAll(/ N(\d{1,4})=(\d{1,12})(?= |$)/g)) {
    const key = `${node ?? ''} ${kib}`;
    const before = own.get(key)?.pages ?? 0;
    own.set(key, { node: Number(node), sizeBytes, pages: before + Number(pages) });
  }
}

/** cgroup v1 writes its "no limit" as the largest multiple of a page. */
const UNLIMITED = 2 ** 62;

/** `/sys/fs/cgroup/GROUP/hugetlb.2MB.max:1073741824`; v1 `limit_in_bytes` (Documentation/admin-guide/cgroup-v2.rst, hugetlb). */
function limitsOf(lines: readonly string[]): HugePageLimit[] {
  const found = new Map<
    string,
    { group: string; sizeBytes: number; limitBytes: number | null; usedBytes: number | null }
  >();
  for (const line of lines) {
    const [, folder, amount, unit, what, value = ''] =
      /^\/sys\/fs\/cgroup(?:\/hugetlb)?(\/.*?)?\/hugetlb\.(\d{1,6})([KMG])B\.(?:rsvd\.)?(max|current|limit_in_bytes|usage_in_bytes):(.{1,32})$/.exec(
        line,
      ) ?? [];
    const sizeBytes = bounded(amount ?? '', UNITS[(unit ?? '').toLowerCase()]);
    if (what === undefined || sizeBytes === null) continue;
    const group = clean(folder ?? '', MAX_WORDS) || '/';
    const key = `${group} ${sizeBytes}`;
    const entry = found.get(key) ?? { group, sizeBytes, limitBytes: null, usedBytes: null };
    found.set(key, entry);
    const number = /^\d{1,19}$/.test(value) ? Number(value) : null;
    if (number === null) continue;
    if (what === 'current' || what === 'usage_in_bytes') entry.usedBytes = Math.max(entry.usedBytes ?? 0, number);
    else if (number < UNLIMITED) entry.limitBytes = Math.min(entry.limitBytes ?? Infinity, number);
  }
  // Nothing used and nothing limited: nothing to tell.
  return [...found.values()].filter(({ limitBytes, usedBytes }) => limitBytes !== null || (usedBytes ?? 0) > 0);
}
