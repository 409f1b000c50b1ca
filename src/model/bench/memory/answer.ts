/**
 * What larger pages change, in one sentence for each place and measure: what they were measured to do, with the interval of the change
 * round by round, and no more. Large pages do not always win; where they lose, or nothing could be shown, it says that.
 */

import { memoryCase } from '../../cases/memory.ts';
import type { MemoryCase } from '../../cases/memory.ts';
import { pageBytesOf } from '../../cases/pages.ts';
import type { PageKind } from '../../cases/pages.ts';
import { isUnavailable } from '../../run/run.ts';
import type { Result } from '../../run/run.ts';
import { pairedRatio } from '../../run/statistics.ts';
import { capital, formatBytes, formatFigure, formatPercent, listed, nodeWords } from '../../text/format.ts';
import { isNegligible } from '../negligible.ts';
import { pageWords } from './labels.ts';

interface Taken {
  readonly one: MemoryCase;
  readonly result: Result;
}

/** Results that differ in nothing but their pages, the smallest pages first. */
interface Group {
  readonly base: Taken;
  readonly larger: readonly Taken[];
}

/** Transparent huge pages are between what is small and what is reserved. */
const rank = (pages: PageKind): number => pageBytesOf(pages) ?? 1024 ** 2;

function groupsOf(results: readonly Result[]): Group[] {
  const groups = new Map<string, Taken[]>();
  for (const result of results) {
    const { placement } = result;
    if (placement.kind !== 'memory') continue;
    const key = JSON.stringify(memoryCase({ ...placement, pages: 'thp' }));
    groups.set(key, [...(groups.get(key) ?? []), { one: placement, result }]);
  }
  return [...groups.values()].flatMap((taken) => {
    const [base, ...larger] = taken.sort((a, b) => rank(a.one.pages) - rank(b.one.pages));
    return base && larger.length > 0 ? [{ base, larger }] : [];
  });
}

/** "random access over 1 GB on node 1", "read bandwidth of 2 threads on node 1". */
function measured({ what, cpus, policy, nodes, sizeBytes, kernel = 'triad' }: MemoryCase): string {
  const place =
    policy === 'local' ? 'local memory' : `${policy === 'bind' ? '' : `${policy} memory of `}${nodeWords(nodes)}`;
  if (what === 'latency') return `random access over ${formatBytes(sizeBytes)} on ${place}`;
  const threads = cpus.length > 1 ? ` of ${String(cpus.length)} threads` : '';
  return what === 'bandwidth' ? `${kernel} bandwidth${threads} on ${place}` : `loaded latency on ${place}`;
}

interface Change {
  readonly words: string;
  /** Below 0 is worse, 0 nothing that could be shown. */
  readonly sign: number;
}

/** "38 % (35 to 41 %)", the lesser bound first. */
function amount(change: number, [low, high]: readonly [number, number]): string {
  const [least, most] = [Math.min(Math.abs(low), Math.abs(high)), Math.max(Math.abs(low), Math.abs(high))];
  return `${formatPercent(Math.abs(change))} (${formatPercent(least).replace(' %', '')} to ${formatPercent(most)})`;
}

const NEGLIGIBLE = ' (less than 2 % either way)';

/** What `of` does to `against`; null where too few rounds tell. */
function changeOf(of: Taken, against: Taken, name: string): Change | null {
  if (!of.result.valid || !against.result.valid) return null;
  const ratio = pairedRatio(of.result.repetitions, against.result.repetitions);
  if (!ratio?.interval) return null;
  const { change, interval } = ratio;
  const [low, high] = interval;
  if (low <= 0 && high >= 0) return { words: isNegligible(interval) ? NEGLIGIBLE : '', sign: 0 };
  const time = of.result.metric === 'ns';
  const verb = time ? (change < 0 ? 'cut' : 'lengthen') : change > 0 ? 'raise' : 'lower';
  return { words: `${verb} ${name} by ${amount(change, interval)}`, sign: time === change < 0 ? 1 : -1 };
}

/** Why nothing is said of one: it slipped, or was measured too seldom. Only the first of several reasons: the figures have them all. */
function untold({ one, result }: Taken): string {
  const [why = ''] = (result.why ?? 'the placement slipped').replace(/\.$/, '').split('; ');
  return `No answer for ${pageWords(one.pages)}: ${result.valid ? 'too few rounds; take at least three' : why}.`;
}

/** Misses of the data TLB a load, where the CPU counts them. */
function missesOf({ counters, loads }: Result): number | null {
  const misses = counters['dTLB-load-misses'];
  return misses === undefined || isUnavailable(misses) || loads === undefined ? null : misses / loads;
}

function tlbWords(base: Taken, best: Taken): string | null {
  const [before, after] = [missesOf(base.result), missesOf(best.result)];
  if (before === null || after === null) return null;
  return `Misses of the data TLB go from ${formatFigure(before)} to ${formatFigure(after)} a load with ${pageWords(best.one.pages)}.`;
}

interface Told {
  /** What was measured, in words. */
  readonly name: string;
  /** What larger pages change; empty where nothing was shown. */
  readonly shown: readonly string[];
  /** Sizes that make no difference to the smallest. */
  readonly same: readonly string[];
  readonly untold: readonly string[];
  readonly base: string;
  readonly tlb: string | null;
}

/** The first larger size against the smallest; each further one against the best until then. */
function tell({ base, larger }: Group): Told {
  const name = measured(base.one);
  const shown: string[] = [];
  const same: string[] = [];
  const missing: string[] = [];
  /** Sizes that add nothing to the best, by what is said of that. */
  const idle = new Map<string, string[]>();
  const tellIdle = (): void => {
    for (const [words, sizes] of idle) shown.push(`${listed(sizes)} add nothing that could be shown${words}`);
    idle.clear();
  };
  let best = base;
  for (const taken of larger) {
    const change = changeOf(taken, best, best === base ? name : 'it');
    const pages = pageWords(taken.one.pages);
    if (!change) missing.push(untold(!best.result.valid || taken.result.valid ? best : taken));
    else if (change.sign === 0 && best === base) same.push(`${pages}${change.words}`);
    else if (change.sign === 0) idle.set(change.words, [...(idle.get(change.words) ?? []), pages]);
    else if (best === base) shown.push(`${pages} ${change.words}`);
    else {
      tellIdle();
      shown.push(`${pages} ${change.words} ${change.sign > 0 ? 'more' : `against ${pageWords(best.one.pages)}`}`);
    }
    if (change && change.sign > 0) best = taken;
  }
  tellIdle();
  const tlb = best === base ? null : tlbWords(base, best);
  return { name, shown, same, untold: missing, base: pageWords(base.one.pages), tlb };
}

function sentence({ name, shown, same, base }: Told): string | null {
  const none = same.length === 0 ? [] : [`${listed(same)} make no difference that could be shown`];
  if (shown.length > 0) return `${capital([...shown, ...none].join('; '))}.`;
  return same.length === 0 ? null : `No difference could be shown between ${base} and ${listed(same)} for ${name}.`;
}

/** Null where no two results differ in their pages alone. What was found comes first, what cannot be said last. */
export function pagesSentence(results: readonly Result[]): string | null {
  const told = groupsOf(results).map(tell);
  if (told.length === 0) return null;
  const nothing = told.length > 1 && told.every(({ shown, untold: missing }) => shown.length + missing.length === 0);
  if (nothing) {
    const sizes = told.flatMap(({ base, same }) => [base, ...same.map((words) => words.replace(NEGLIGIBLE, ''))]);
    const names = told.map(({ name }) => name);
    return `No difference between ${listed([...new Set(sizes)])} could be shown for ${listed([...new Set(names)])}.`;
  }
  const found = [...told].sort((a, b) => Math.sign(b.shown.length) - Math.sign(a.shown.length));
  const sentences = [
    ...found.map(sentence),
    ...found.map(({ tlb }) => tlb),
    ...new Set(found.flatMap(({ untold: missing }) => missing)),
  ];
  return sentences.filter((one) => one !== null).join(' ');
}
