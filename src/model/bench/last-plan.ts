/** Plans that take a while: on hundreds of CPUs who is near whom does, and a page asks for its plan several times a second. */

import type { Case } from '../cases/case.ts';
import type { Placement } from '../placement/slots.ts';
import { PinboardError } from '../problem.ts';
import type { Topology } from '../topology/topology.ts';
import type { Plan } from './offer.ts';

type Planned<C extends Case> = Plan<C> | { readonly why: string };

/** @param make may throw a PinboardError, whose message is then why nothing can be measured. */
export function rememberingLast<C extends Case, W>(
  make: (topology: Topology, placement: Placement, workload: W) => Planned<C>,
): (topology: Topology, placement: Placement, workload: W) => Planned<C> {
  const last = new WeakMap<Topology, { readonly key: string; readonly plan: Planned<C> }>();
  const made = (...asked: Parameters<typeof make>): Planned<C> => {
    try {
      return make(...asked);
    } catch (error) {
      if (!(error instanceof PinboardError)) throw error;
      return { why: error.message };
    }
  };
  return (topology, placement, workload) => {
    const key = JSON.stringify([placement, workload]);
    const known = last.get(topology);
    if (known?.key === key) return known.plan;
    const plan = made(topology, placement, workload);
    last.set(topology, { key, plan });
    return plan;
  };
}
