/** Pages of processes that are too large to walk: asked for at random by the agent, which holds nobody up. */

import { TOO_LARGE } from '../../model/doctor/facts/processes.ts';
import type { LiveProcess } from '../../model/doctor/facts/live.ts';
import { ofProcess } from '../../model/live/selection.ts';
import { PinboardError } from '../../model/problem.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { Host } from '../host.ts';
import { watchHost } from '../sampling/sampler.ts';

const isLarge = ({ mappings }: LiveProcess): boolean => isUnavailable(mappings) && mappings.unavailable === TOO_LARGE;

/** Kinds and policies are not told apart by it. Without an agent they stay unread. */
export async function withSampledPages(
  host: Host,
  processes: readonly LiveProcess[],
  signal: AbortSignal | undefined,
): Promise<readonly LiveProcess[]> {
  const large = processes.filter(isLarge);
  if (large.length === 0) return processes;
  const resident = new Map<number, Readonly<Record<string, number>>>();
  try {
    const options = { intervalMs: 100, count: 1, selections: large.map(({ pid }) => ofProcess(pid)), measures: [] };
    for await (const { processes: seen } of watchHost(host, { ...options, ...(signal ? { signal } : {}) }))
      for (const { pid, residentBytes } of seen) if (!isUnavailable(residentBytes)) resident.set(pid, residentBytes);
  } catch (error) {
    if (!(error instanceof PinboardError) || error.code === 'cancelled' || error.code === 'connection-lost')
      throw error;
  }
  return processes.map((process) => {
    const bytes = isLarge(process) ? resident.get(process.pid) : undefined;
    if (!bytes) return process;
    const mapping = { kind: 'anon', name: '', policy: 'default', nodes: [], bytes } as const;
    return { ...process, mappings: [mapping], origin: 'pages at random, by move_pages' };
  });
}
