/** A plan and the machine that it is for: named in the plan, or on the command line, which goes first. */

import { dirname, resolve } from 'node:path';
import { planNotation, withDistances } from '../model/plan/machine.ts';
import type { PlanHost } from '../model/plan/plan.ts';
import type { Topology } from '../model/topology/topology.ts';
import { MAX_PLAN_BYTES, readPlanOf } from '../protocol/plan-text.ts';
import type { PlanText } from '../protocol/plan-text.ts';
import { readWhole } from '../remote/store/files.ts';
import { unlessInterrupted } from './interrupt.ts';
import { withHost } from './where.ts';
import type { Where } from './where.ts';

export interface OpenedPlan extends PlanText {
  readonly text: string;
  readonly topology: Topology;
}

/** As the options of the command line would name it. */
function whereOf(file: string, host: PlanHost): Pick<Where, 'from' | 'host'> {
  if (host.synthetic !== null) return { from: planNotation(host.synthetic) };
  if (host.topology !== null) return { from: resolve(dirname(file), host.topology) };
  return host.ssh === null ? {} : { host: host.ssh };
}

/** @throws PinboardError `bad-file` with the lines of a plan that are wrong, and what `withHost` throws. */
export async function openPlan(file: string, where: Where, signal: AbortSignal): Promise<OpenedPlan> {
  const text = await unlessInterrupted(signal, readWhole(file, MAX_PLAN_BYTES, 'a plan'));
  const read = readPlanOf(file, text);
  const { host } = read.plan;
  const named = where.host !== undefined || where.from !== undefined;
  const at = host === null || named ? where : { ...where, ...whereOf(file, host) };
  return withHost(at, signal, async (opened) => {
    const { topology } = await opened.discover(signal);
    return { ...read, text, topology: withDistances(topology, named ? null : (host?.distances ?? null)) };
  });
}
