/** Owns what a result and a run are called in lists, tables and strips. */

import type { RunRecord } from '../model/board.ts';
import { formatBytes } from '../model/format.ts';
import { caseLabel, isSpscCase } from '../model/plan.ts';
import type { Result } from '../model/run.ts';
import { DEFAULT_WORKLOAD } from '../model/workload.ts';
import { pair, spscCase } from './select.ts';

export function resultLabel({ placement }: Result): string {
  if (isSpscCase(placement)) return caseLabel(placement);
  if ('what' in placement) return `cpu ${placement.cpu}, node ${placement.node}, ${formatBytes(placement.sizeBytes)}`;
  return placement.command.join(' ');
}

/** The two results of a comparison: where only pinning differs, that is the whole name. */
export function pairLabels(run: RunRecord): { readonly of: string; readonly against: string } {
  const { of, against } = pair(run);
  const [one, two] = [spscCase(of), spscCase(against)];
  if (one && two && one.pin !== two.pin) return { of: one.pin ? 'pinned' : 'not pinned', against: two.pin ? 'pinned' : 'not pinned' };
  const [first, second] = [of ? resultLabel(of) : '', against ? resultLabel(against) : ''];
  if (!one || !two || first !== second) return { of: first, against: second };
  const differs = (['padding', 'capacity', 'batch', 'pages'] as const).filter((key) => one[key] !== two[key]);
  const words = (each: typeof one): string => differs.map((key) => `${key} ${each[key]}`).join(', ');
  return { of: `${first}, ${words(one)}`, against: `${second}, ${words(two)}` };
}

/** A run in the list: its placement, and what was measured other than usual. */
export function runLabel(run: RunRecord): string {
  const { of } = pair(run);
  if (!of) return run.id;
  const one = spscCase(of);
  const unusual = one
    ? (['padding', 'pages', 'batch', 'capacity'] as const)
        .filter((key) => one[key] !== DEFAULT_WORKLOAD[key])
        .map((key) => (key === 'padding' ? `pad ${one.padding}` : key === 'pages' ? `${one.pages} pages` : `${key} ${one[key]}`))
    : [];
  const latency = of.benchmark.endsWith('latency') ? ['latency'] : [];
  return [resultLabel(of), ...latency, ...unusual].join(', ');
}
