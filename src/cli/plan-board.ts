/** A plan on the board that is served: what is done on the page is written into its file, and what is written there is shown. */

import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { PlanHost } from '../model/plan/plan.ts';
import { MAX_PLAN_BYTES } from '../model/plan/plan.ts';
import { problemWords, toProblem } from '../model/problem.ts';
import { readPlan, readPlanOf } from '../protocol/plan-text.ts';
import type { BoardSession } from '../remote/board/session.ts';
import { readWhole, writeAtomically } from '../remote/store/files.ts';
import { hostOfPlan } from './plan-file.ts';
import type { Where } from './where.ts';

/** An editor that saves may write in several steps (ms). */
const SETTLE_MS = 100;

/** @returns what stops it. @throws PinboardError for a file that is no plan, or a machine that cannot be had. */
export async function servePlan(
  session: BoardSession,
  file: string,
  where: Where,
  signal: AbortSignal,
): Promise<() => void> {
  const read = (): Promise<string> => readWhole(file, MAX_PLAN_BYTES, 'a plan');
  const text = await read();
  let host: PlanHost | null = readPlanOf(file, text).plan.host;
  await session.useHost(await hostOfPlan(file, host, where, signal), signal);
  const desk = await session.plan.open(file, { read, write: (now) => writeAtomically(file, now), editor: null });
  desk.show(text);

  const look = async (): Promise<void> => {
    const now = await read();
    desk.show(now);
    const plan = readPlan(now);
    if (!('plan' in plan) || JSON.stringify(plan.plan.host) === JSON.stringify(host)) return;
    host = plan.plan.host;
    await session.useHost(await hostOfPlan(file, host, where, signal), signal);
  };
  let due: NodeJS.Timeout | null = null;
  let looking = Promise.resolve();
  // The folder: a file that is replaced by another of its name is no longer watched itself.
  const watching = watch(dirname(file), (_, name) => {
    if (name !== null && name !== basename(file)) return;
    if (due) clearTimeout(due);
    due = setTimeout(() => {
      looking = looking.then(look).catch((error: unknown) => {
        session.notice('warning', `${problemWords(toProblem(error))} The board shows what the plan was.`);
      });
    }, SETTLE_MS);
  });
  watching.on('error', (error) => session.notice('warning', `${file} is no longer watched: ${error.message}`));
  return () => {
    if (due) clearTimeout(due);
    watching.close();
  };
}
