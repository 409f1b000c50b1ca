/** Owns what the page makes of a plan's file: the plan on its machine, checked, with what was done here and is not written yet. */

import type { PlanFile } from '../../model/board/board.ts';
import { checkPlan } from '../../model/plan/check/examine.ts';
import type { CheckedPlan } from '../../model/plan/check/examine.ts';
import { changedPlan, conflictOf } from '../../model/plan/edit/change.ts';
import type { PlanEdit } from '../../model/plan/edit/change.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { readPlan } from '../../protocol/plan-text.ts';
import type { PlanIssue, PlanText } from '../../protocol/plan-text.ts';

export interface Reading {
  readonly plan: Plan;
  readonly topology: Topology;
  /** Where something stands in the text that the plan was read from. */
  readonly at: PlanText['at'];
  readonly checked: CheckedPlan;
  /** What is wrong in the file as it is now; then the plan is the last one that could be read. */
  readonly wrong: readonly PlanIssue[];
}

export type Reader = (file: PlanFile, topology: Topology, pending: readonly PlanEdit[]) => Reading;

const NOTHING: PlanText = {
  plan: { schema: 'numa-pinboard/plan/1', host: null, reserve: [], blocks: [], storage: [], flows: [], phases: [] },
  at: () => ({ line: 1, column: 1 }),
};

function textOf({ text, good }: PlanFile): PlanText & Pick<Reading, 'wrong'> {
  const read = readPlan(text);
  if ('plan' in read) return { ...read, wrong: [] };
  const last = good === null ? null : readPlan(good);
  return { ...(last && 'plan' in last ? last : NOTHING), wrong: read.issues };
}

/** What is the same is read once. */
export function createReader(): Reader {
  let known: { file: string; good: string | null; read: ReturnType<typeof textOf> } | null = null;
  let last: { deps: readonly unknown[]; reading: Reading } | null = null;
  return (file, topology, pending) => {
    if (known?.file !== file.text || known.good !== file.good)
      known = { file: file.text, good: file.good, read: textOf(file) };
    const { read } = known;
    const deps = [read, topology, pending];
    if (last?.deps.every((dep, i) => dep === deps[i]) === true) return last.reading;
    // Written already: then it is part of what was read.
    const plan = pending.reduce((now, edit) => (conflictOf(now, edit) ? now : changedPlan(now, edit)), read.plan);
    const reading = { ...read, plan, topology, checked: checkPlan(plan, topology) };
    last = { deps, reading };
    return reading;
  };
}
