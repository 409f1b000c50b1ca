/** Which processes are looked at closely: those selected, or without a selection the busiest and the largest. */

import type { Selection } from '../../live/selection.ts';
import type { Table, TableRow } from './table.ts';

/** Each costs the host a walk of its page tables. */
export const MAX_CHOSEN = 16;
/** CPUs' worth below which nobody asks where a process runs. */
const IDLE = 0.05;

function descendants(rows: readonly TableRow[], roots: ReadonlySet<number>): TableRow[] {
  const parents = new Map(rows.map(({ pid, parent }) => [pid, parent]));
  const belongs = (pid: number): boolean => {
    // A chain is no longer than there are processes, and may be a circle where numbers were given anew.
    for (let at: number | undefined = pid, steps = 0; at !== undefined && steps < 64; at = parents.get(at), steps++)
      if (roots.has(at)) return true;
    return false;
  };
  return rows.filter(({ pid }) => belongs(pid));
}

/** What makers of containers call their groups, with an ID or the beginning of it. */
function isContainer(part: string, id: string): boolean {
  const name = part.replace(/\.scope$/, '');
  return name.split(/(?<=[-.])/).some((_, at, all) => {
    const rest = all.slice(at).join('');
    return rest === id || (/^[0-9a-f]{64}$/.test(rest) && rest.startsWith(id));
  });
}

function podUids(pods: readonly string[], value: string): string[] {
  const found = pods.flatMap((folder) => {
    const [namespace = '', ...rest] = folder.split('_');
    const uid = rest.pop() ?? '';
    const name = rest.join('_');
    return value === name || value === `${namespace}/${name}` ? [uid] : [];
  });
  return [value, ...found];
}

function isIn(row: TableRow, { kind, value }: Selection, uids: readonly string[]): boolean {
  const parts = (row.group ?? '').split('/').filter(Boolean);
  switch (kind) {
    case 'cgroup':
      return value === '/' || row.group === value || (row.group ?? '').startsWith(`${value}/`);
    case 'unit':
      return parts.some((part) => part === value || part === `_${value}`);
    case 'container':
      return parts.some((part) => isContainer(part, value));
    case 'pod':
      return parts.some((part) =>
        uids.some((uid) =>
          [uid, uid.replaceAll('-', '_')].some((one) => part.replace(/\.slice$/, '').endsWith(`pod${one}`)),
        ),
      );
    default:
      return false;
  }
}

/** All that a selection means, the busiest first. */
export function selected({ rows, pods }: Table, selection: Selection): TableRow[] {
  const { kind, value } = selection;
  if (kind === 'pid') return descendants(rows, new Set([Number(value)]));
  // The kernel keeps 15 characters of a name.
  if (kind === 'name')
    return descendants(rows, new Set(rows.filter(({ name }) => name === value.slice(0, 15)).map(({ pid }) => pid)));
  const uids = kind === 'pod' ? podUids(pods, value) : [];
  return rows.filter((row) => isIn(row, selection, uids));
}

/** At most `MAX_CHOSEN`, the busiest first, then the largest. */
export function chosen(table: Table, selection: Selection | null): TableRow[] {
  const all = selection === null ? table.rows : selected(table, selection);
  const busy = [...all].sort((a, b) => b.busy - a.busy || b.residentPages - a.residentPages);
  if (selection !== null) return busy.slice(0, MAX_CHOSEN);
  return busy.filter((row) => row.busy >= IDLE).slice(0, MAX_CHOSEN);
}
