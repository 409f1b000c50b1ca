/** A plan and the machine that it is for: named in the plan, or on the command line, which goes first. */

import { dirname, resolve } from 'node:path';
import { planNotation, withDistances } from '../model/plan/machine.ts';
import type { Plan, PlanHost } from '../model/plan/plan.ts';
import type { Topology } from '../model/topology/topology.ts';
import { MAX_PLAN_BYTES, readPlanOf } from '../protocol/plan-text.ts';
import type { PlanText } from '../protocol/plan-text.ts';
import type { Host } from '../remote/host.ts';
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

async function readFile(file: string, signal: AbortSignal): Promise<PlanText & { readonly text: string }> {
  const text = await unlessInterrupted(signal, readWhole(file, MAX_PLAN_BYTES, 'a plan'));
  return { ...readPlanOf(file, text), text };
}

/** @throws PinboardError `bad-file` with the lines of a plan that are wrong, and what `withHost` throws. */
export async function openPlan(file: string, where: Where, signal: AbortSignal): Promise<OpenedPlan> {
  const read = await readFile(file, signal);
  const { host } = read.plan;
  const named = where.host !== undefined || where.from !== undefined;
  const at = host === null || named ? where : { ...where, ...whereOf(file, host) };
  return withHost(at, signal, async (opened) => {
    const { topology } = await opened.discover(signal);
    return { ...read, topology: withDistances(topology, named ? null : (host?.distances ?? null)) };
  });
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
