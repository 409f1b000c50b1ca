/** What two readings say of threads. */

import type { ProcessSample } from './sample.ts';

/** How busy each thread was, and how often it moved: of one that is new, or whose number was another's before, nothing is known yet. */
export function withBusy(now: ProcessSample, before: readonly ProcessSample[], seconds: number): ProcessSample {
  const then = before.find(({ pid, start }) => pid === now.pid && start === now.start);
  if (!then || seconds <= 0) return now;
  const known = new Map(then.threads.map((thread) => [thread.tid, thread]));
  const threads = now.threads.map((thread) => {
    const [earlier, used] = [known.get(thread.tid), thread.cpuSeconds];
    if (earlier?.cpuSeconds === undefined || used === undefined || earlier.start !== thread.start) return thread;
    const busy = Math.max(0, Math.min(1, (used - earlier.cpuSeconds) / seconds));
    const migrated = (thread.migrations ?? NaN) - (earlier.migrations ?? NaN);
    return {
      ...thread,
      busy: Math.round(busy * 1000) / 1000,
      ...(migrated >= 0 ? { migrated } : {}),
    };
  });
  return { ...now, threads };
}
