/** Owns what a run is called in lists and tables, and what takes its weight from it. */

import { benchOf, figureOf } from '../../model/bench/index.ts';
import { pair } from '../../model/run/compare.ts';
import { doubtOf } from '../../model/run/run.ts';
import type { RunSummary } from '../../model/run/run.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { resultName, resultNames } from '../../model/verdict/names.ts';

/** The two results of a comparison: where only pinning differs, that is the whole name. */
export function pairLabels(run: RunSummary): { readonly of: string; readonly against: string } {
  const { of, against } = pair(run);
  const [first = '', second = ''] = of && against ? resultNames([of, against]) : of ? [resultName(of)] : [];
  return { of: first, against: second };
}

/** What takes its weight from a run, for its badges: of what is compared either side. */
export function marksOf(run: RunSummary): string[] {
  const { of, against } = pair(run);
  const both = [of, against].filter((one) => one !== null);
  return [
    ...(both.some((one) => doubtOf(one) === 'noisy') ? ['noisy'] : []),
    ...(both.every(({ valid }) => valid) ? [] : ['not valid']),
    ...(of?.stopped ? ['stopped'] : []),
    ...(run.partial === null ? [] : ['cut short']),
  ];
}

/** Of the runs that are compared, in their order. */
export const letterOf = (at: number): string => String.fromCodePoint(65 + at);

/** By the clock of who reads it: "2026-01-02 03:04". */
export function whenOf({ time }: { readonly time: string }): string {
  const at = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A run in the list: its placement, and what was measured other than usual. */
export function runLabel(topology: Topology | null, run: RunSummary): string {
  if (run.name !== undefined) return run.name;
  const { of } = pair(run);
  if (!of) return run.id;
  if (run.guide) return 'Guided run';
  // Of a run that compares many cases no one of them is its name.
  if (run.results.length > 2 && of.placement.kind !== 'program' && run.verdict) return run.verdict.question;
  const aside = figureOf(of.benchmark)?.aside ?? null;
  const unusual = benchOf(of.placement).unusual(of.placement, topology);
  return [resultName(of), ...(aside === null ? [] : [aside]), ...unusual].join(', ');
}
