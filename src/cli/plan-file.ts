/** A plan and the machine that it is for: named in the plan, or on the command line, which goes first. */

import { MAX_PLAN_BYTES } from '../model/plan/plan.ts';
import { plannedTopology, withDistances } from '../model/plan/machine.ts';
import type { Plan, PlanHost } from '../model/plan/plan.ts';
import type { Topology } from '../model/topology/topology.ts';
import { readPlanOf } from '../protocol/plan-text.ts';
import type { PlanText } from '../protocol/plan-text.ts';
import type { Host } from '../remote/host.ts';
import { onPaperOf, withDistancesOf } from '../remote/plan/machine.ts';
import { hostFromTopology } from '../remote/recorded/dump-host.ts';
import { readWhole } from '../remote/store/files.ts';
import { unlessInterrupted } from './interrupt.ts';
import { openHost, withHost } from './where.ts';
import type { Where } from './where.ts';

export interface OpenedPlan extends PlanText {
  readonly text: string;
  readonly topology: Topology;
}

/** As the options of the command line would name it. */
function whereOf(file: string, host: PlanHost): Pick<Where, 'from' | 'host'> {
  const from = onPaperOf(file, host);
  if (from !== null) return { from };
  return host.ssh === null ? {} : { host: host.ssh };
}

async function readFile(file: string, signal: AbortSignal): Promise<PlanText & { readonly text: string }> {
  const text = await unlessInterrupted(signal, readWhole(file, MAX_PLAN_BYTES, 'a plan'));
  return { ...readPlanOf(file, text), text };
}

/** The machine that a plan is for, with the distances that it gives. @throws PinboardError as `openHost`. */
export async function hostOfPlan(
  file: string,
  host: PlanHost | null,
  where: Where,
  signal: AbortSignal,
): Promise<Host> {
  const named = where.host !== undefined || where.from !== undefined;
  // Never a file of that name.
  if (!named && host?.synthetic != null) {
    return hostFromTopology(withDistances(plannedTopology(host.synthetic), host.distances));
  }
  const opened = await openHost(host === null || named ? where : { ...where, ...whereOf(file, host) }, signal);
  return named ? opened : withDistancesOf(opened, host, { signal });
}

/** @throws PinboardError `bad-file` with the lines of a plan that are wrong, and what `hostOfPlan` throws. */
export async function openPlan(file: string, where: Where, signal: AbortSignal): Promise<OpenedPlan> {
  const read = await readFile(file, signal);
  const opened = await hostOfPlan(file, read.plan.host, where, signal);
  try {
    const { topology } = await opened.discover(signal);
    return { ...read, topology };
  } finally {
    await opened.close();
  }
}

/**
 * A plan and the host that it is to be seen on, while `work` goes on: the one named, else the plan's own by SSH, else this machine. A
 * machine on paper is none.
 */
export async function withPlanned<T>(
  file: string,
  where: Where,
  signal: AbortSignal,
  work: (plan: Plan, host: Host) => Promise<T>,
): Promise<T> {
  const { plan } = await readFile(file, signal);
  const ssh = plan.host?.ssh ?? null;
  const named = where.host !== undefined || where.from !== undefined || ssh === null;
  return withHost(named ? where : { ...where, host: ssh }, signal, (host) => work(plan, host));
}
