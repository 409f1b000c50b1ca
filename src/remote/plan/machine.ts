/** The machine on paper that a plan names in its `host:`, and what it says of one's distances. */

import { dirname, resolve } from 'node:path';
import { planNotation, withDistances } from '../../model/plan/machine.ts';
import type { PlanHost } from '../../model/plan/plan.ts';
import type { Host } from '../host.ts';
import { hostFromTopology } from '../recorded/dump-host.ts';

/** As `openRecorded` takes it; a file lies beside that of the plan. Null: the plan names a host that runs, or none. */
export function onPaperOf(file: string, host: PlanHost | null): string | null {
  if (host?.synthetic != null) return planNotation(host.synthetic);
  return host?.topology == null ? null : resolve(dirname(file), host.topology);
}

/** Closes `opened` where its distances are the plan's: what is left of it is a machine on paper. */
export async function withDistancesOf(
  opened: Host,
  host: PlanHost | null,
  { elsewhere, signal }: { readonly elsewhere?: string; readonly signal?: AbortSignal } = {},
): Promise<Host> {
  const distances = host?.distances ?? null;
  if (distances === null) return opened;
  try {
    const { topology } = await opened.discover(signal);
    return hostFromTopology(withDistances(topology, distances), elsewhere);
  } finally {
    await opened.close();
  }
}
