/** Owns what a result and a run are called in lists, tables and strips. */

import { benchOf, figureOf } from '../../model/bench/index.ts';
import { pair } from '../../model/run/compare.ts';
import type { Result, RunSummary } from '../../model/run/run.ts';
import type { Topology } from '../../model/topology/topology.ts';

/** Shorter than on the terminal. */
export function resultLabel({ placement }: Result): string {
  return benchOf(placement).shortLabel(placement);
}

/** Several of one run, told apart by what they differ in where their benchmark can say it. */
export function resultLabels(results: readonly Result[]): string[] {
  const cases = results.map(({ placement }) => placement);
  const [first] = cases;
  const alike = first !== undefined && cases.every(({ kind }) => kind === first.kind);
  return (alike ? benchOf(first).labels?.(cases) : undefined) ?? results.map(resultLabel);
}

/** The two results of a comparison: where only pinning differs, that is the whole name. */
export function pairLabels(run: RunSummary): { readonly of: string; readonly against: string } {
  const { of, against } = pair(run);
  const [first = '', second = ''] = of && against ? resultLabels([of, against]) : of ? [resultLabel(of)] : [];
  return { of: first, against: second };
}

/** A run in the list: its placement, and what was measured other than usual. */
export function runLabel(topology: Topology | null, run: RunSummary): string {
  const { of } = pair(run);
  if (!of) return run.id;
  if (run.guide) return 'Guided run';
  // Of a run that compares many cases no one of them is its name.
  if (run.results.length > 2 && of.placement.kind !== 'program' && run.verdict) return run.verdict.question;
  const aside = figureOf(of.benchmark)?.aside ?? null;
  const unusual = benchOf(of.placement).unusual(of.placement, topology);
  return [resultLabel(of), ...(aside === null ? [] : [aside]), ...unusual].join(', ');
}
