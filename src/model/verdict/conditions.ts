/** What held while results were measured, and what did not: the lines that say how far their figures can be trusted. */

import { formatCpuList, parseCpuList } from '../text/cpulist.ts';
import { formatBytes, formatCount, formatCpus, formatFigure, formatPercent, plural } from '../text/format.ts';
import { benchOf } from '../bench/index.ts';
import { pageBytesOf } from '../cases/pages.ts';
import type { PageKind } from '../cases/pages.ts';
import { doubtOf, isUnavailable } from '../run/run.ts';
import type { Environment, Result, Run, Seen } from '../run/run.ts';
import { caseResults } from './names.ts';

export interface Condition {
  readonly kind: 'ok' | 'warn';
  readonly text: string;
  /** The same without what only this case says: what many cases have in common. */
  readonly alike?: string;
}

/** "cpu 0 and cpu 18" where each thread kept to one, else all CPUs seen. */
function seenOn(cpus: Seen['cpus']): string | null {
  const lists = Object.values(cpus).map(parseCpuList);
  const ids = [...new Set(lists.flat())];
  if (ids.length === 0) return null;
  if (lists.every((list) => list.length === 1)) return ids.map((id) => `cpu ${id}`).join(' and ');
  return formatCpus(formatCpuList(ids));
}

/** Why the pages got are not those asked for; null when they are, or nothing says. */
function pagesMissed(pages: PageKind | null, pageBytes: number | null): string | null {
  if (pages === null || pageBytes === null || pages === '4k') return null;
  const got = pages === 'thp' ? pageBytes > 65_536 : pageBytes === pageBytesOf(pages);
  return got ? null : `Asked for ${pages === 'thp' ? 'transparent huge' : pages} pages, got ${formatBytes(pageBytes)}`;
}

function heldPlaces({ placement, seen, valid }: Result): Condition[] {
  const lines: Condition[] = [];
  const { pinned, memory, counted, node: asked, pages: wanted } = benchOf(placement).asked(placement);
  const on = seenOn(seen.cpus);
  if (on !== null) {
    lines.push({
      kind: valid || !pinned ? 'ok' : 'warn',
      text: `Threads seen on ${on}${pinned && valid ? ' only' : ''}`,
      ...(pinned && valid ? { alike: 'Threads seen only on the CPUs that were asked for' } : {}),
    });
  }
  if (seen.migrations !== null && seen.migrations > 0) {
    lines.push({ kind: 'warn', text: `Threads moved ${plural(seen.migrations, 'time')}` });
  }
  const how = benchOf(placement).how?.(placement) ?? null;
  if (how !== null) lines.push({ kind: 'ok', text: how });
  const total = Object.values(seen.nodes).reduce((sum, pages) => sum + pages, 0);
  const size = seen.pageBytes === null ? '' : `, ${formatBytes(seen.pageBytes)} each`;
  for (const [node, pages] of Object.entries(seen.nodes)) {
    const elsewhere = asked !== null && node !== String(asked) && pages > 0;
    const text =
      counted === 'pair'
        ? `${memory} of ${plural(pages, 'pair')} on node ${node}`
        : `${memory} on node ${node}, ${formatCount(pages)} of ${plural(total, 'page')}${size}`;
    const alike = asked === null || pages === 0 ? {} : { alike: `${memory} on the node that was asked for` };
    lines.push(elsewhere ? { kind: 'warn', text: `${text}: asked for node ${asked}` } : { kind: 'ok', text, ...alike });
  }
  const missed = pagesMissed(wanted, seen.pageBytes);
  if (missed !== null) lines.push({ kind: 'warn', text: missed });
  return lines;
}

function heldAround({ governor, numaBalancing, loadBefore }: Environment): Condition[] {
  const lines: Condition[] = [];
  // A bit mask: 1 moves pages towards their users, 2 between tiers of memory.
  if (typeof numaBalancing === 'number' && numaBalancing !== 0) {
    lines.push({ kind: 'warn', text: 'numa_balancing was on: remote access can look local' });
  }
  if (typeof governor === 'string') {
    const fixed = governor === 'performance';
    lines.push({
      kind: fixed ? 'ok' : 'warn',
      text: `Governor ${governor}${fixed ? '' : ': the clock may have moved'}`,
    });
  }
  if (typeof loadBefore === 'number' && loadBefore >= 1) {
    lines.push({ kind: 'warn', text: `Load before the run was ${formatFigure(loadBefore)}: other work was running` });
  }
  return lines;
}

/** Of one result. */
export function conditions(result: Result, environment: Environment): Condition[] {
  const lines = heldPlaces(result);
  if (!result.valid) {
    lines.unshift({ kind: 'warn', text: `Not valid: ${result.why ?? 'the placement slipped'}`, alike: 'Not valid' });
  }
  if (result.noisy && result.spread !== null) {
    const how = benchOf(result.placement).asked(result.placement).pinned ? '' : ' without pinning';
    // What was measured once or twice has no spread that says anything.
    const few = `Too few rounds for an interval${how}; take at least 3`;
    const spread = `Spread ${formatPercent(result.spread)} of the median${how}; take more rounds`;
    lines.push({
      kind: 'warn',
      ...(doubtOf(result) === 'noisy'
        ? { text: spread, alike: `Noisy${how}; take more rounds` }
        : { text: few, alike: few }),
    });
  }
  return [...lines, ...countersLacking(result), ...heldAround(environment)];
}

/** Counters that could not be read, a line a reason. */
function countersLacking({ counters }: Result): Condition[] {
  const names = new Map<string, string[]>();
  for (const [name, value] of Object.entries(counters)) {
    if (isUnavailable(value)) names.set(value.unavailable, [...(names.get(value.unavailable) ?? []), name]);
  }
  return [...names].map(([why, which]) => ({ kind: 'warn', text: `${which.join(', ')}: unavailable, ${why}` }));
}

/** What differs is told of so many cases one by one; of more, what they have in common. */
const FEW = 4;

interface Held {
  readonly index: number;
  readonly line: Condition;
}

/** @param same lines of several cases that say the same, but for what only a case says. */
function merged(same: readonly [Held, ...Held[]], labels: readonly string[]): Condition[] {
  const [{ line: first }] = same;
  const texts = new Set(same.map(({ line }) => line.text));
  const count = new Set(same.map(({ index }) => index)).size;
  const all = labels.length;
  if (texts.size === 1 && count === all) return [first];
  const shared = texts.size === 1 ? first.text : first.alike;
  if (count > FEW && shared !== undefined) {
    const which =
      count === all ? `in all ${count} cases` : `in ${count} of ${all} cases, first ${labels[same[0].index] ?? ''}`;
    return [{ kind: first.kind, text: `${shared}: ${which}` }];
  }
  return same.map(({ index, line }) => ({ kind: line.kind, text: `${labels[index] ?? ''}: ${line.text}` }));
}

/**
 * The lines of "Held while measuring", of all cases of a run: once where they are alike, else each.
 * @param called what the cases are called, in their order.
 */
export function runConditions(
  { results, environment }: Pick<Run, 'results' | 'environment'>,
  called: (cases: readonly Result[]) => readonly string[],
): Condition[] {
  const groups = new Map<string, [Held, ...Held[]]>();
  const cases = caseResults(results);
  const labels = called(cases);
  for (const [index, result] of cases.entries()) {
    for (const line of conditions(result, environment)) {
      const key = `${line.kind} ${line.alike ?? line.text}`;
      const group = groups.get(key);
      if (group) group.push({ index, line });
      else groups.set(key, [{ index, line }]);
    }
  }
  return [...groups.values()].flatMap((same) => merged(same, labels));
}
