/** Owns what a result and a run are called in lists, tables and strips. */

import type { RunRecord } from '../../model/board/board.ts';
import { parseCpuList } from '../../model/text/cpulist.ts';
import { caseLabel } from '../../model/bench/spsc/plan.ts';
import { baseName } from '../../model/bench/program/command.ts';
import { nodeOf } from '../../model/topology/relation.ts';
import { resultLabel as longLabel } from '../../model/verdict/text.ts';
import type { Result } from '../../model/run/run.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { DEFAULT_WORKLOAD } from '../../model/bench/spsc/workload.ts';
import type { SpscCase } from '../../model/cases/spsc.ts';
import { pair, spscCase } from './select.ts';

/** Shorter than on the terminal: what is not pinned starts where its neighbour in the list does. */
export function resultLabel(result: Result): string {
  const one = spscCase(result);
  if (result.placement.kind === 'matrix') {
    const { matrix, cpus } = result.placement;
    return `${matrix === 'latency' ? 'core to core' : 'SPSC, all pairs'}, ${parseCpuList(cpus).length} CPUs`;
  }
  // The folder of a program would push its name out of the list.
  if (result.placement.kind === 'program' && result.placement.name === undefined) {
    const [program = '', ...words] = result.placement.command;
    return [baseName(program), ...words].join(' ').slice(0, 60);
  }
  return one ? caseLabel(one) : longLabel(result);
}

/** The two results of a comparison: where only pinning differs, that is the whole name. */
export function pairLabels(run: RunRecord): { readonly of: string; readonly against: string } {
  const { of, against } = pair(run);
  const [one, two] = [spscCase(of), spscCase(against)];
  if (one && two && one.pin !== two.pin)
    return { of: one.pin ? 'pinned' : 'not pinned', against: two.pin ? 'pinned' : 'not pinned' };
  const [first, second] = [of ? resultLabel(of) : '', against ? resultLabel(against) : ''];
  if (!one || !two || first !== second) return { of: first, against: second };
  const differs = (['padding', 'capacity', 'batch', 'pages'] as const).filter((key) => one[key] !== two[key]);
  const words = (each: typeof one): string => differs.map((key) => `${key} ${each[key]}`).join(', ');
  return { of: `${first}, ${words(one)}`, against: `${second}, ${words(two)}` };
}

/** What was measured other than usual; memory on the producer's node is usual. */
function unusual(topology: Topology | null, one: SpscCase): string[] {
  const home = topology ? nodeOf(topology, one.producer)?.id : undefined;
  const words: string[] = [];
  if (typeof one.memory === 'number' && home !== undefined && one.memory !== home) words.push(`mem ${one.memory}`);
  if (one.padding !== DEFAULT_WORKLOAD.padding) words.push(`pad ${one.padding}`);
  if (one.pages !== DEFAULT_WORKLOAD.pages) words.push(`${one.pages} pages`);
  if (one.batch !== DEFAULT_WORKLOAD.batch) words.push(`batch ${one.batch}`);
  if (one.capacity !== DEFAULT_WORKLOAD.capacity) words.push(`ring ${one.capacity}`);
  return words;
}

/** A run in the list: its placement, and what was measured other than usual. */
export function runLabel(topology: Topology | null, run: RunRecord): string {
  const { of } = pair(run);
  if (!of) return run.id;
  if (run.guide) return 'Guided run';
  const one = spscCase(of);
  const latency = of.benchmark === 'spsc-latency' ? ['latency'] : [];
  return [resultLabel(of), ...latency, ...(one ? unusual(topology, one) : [])].join(', ');
}
