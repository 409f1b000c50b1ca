// Owns which suites run side by side. On two CPUs and more: one of the suites that boot emulators, browsers or compilers, and
// beside it one of those that mostly wait; a third made each so slow that the whole took no less. Two that look at pages never run
// side by side: what they wait for comes late then. On one CPU one after the other.

/**
 * Runs `work` for each, as many at a time as the machine bears.
 * @template {{ suite: import('./types.ts').Suite }} T
 * @param {readonly T[]} runs
 * @param {number} cpus
 * @param {(one: T, besideAnother: boolean) => Promise<void>} work
 */
export async function inLanes(runs, cpus, work) {
  const busy = runs.filter(({ suite }) => !suite.mostlyWaits);
  const waiting = runs.filter(({ suite }) => suite.mostlyWaits);
  const queues =
    cpus > 1
      ? [
          [busy, waiting],
          [waiting, busy],
        ]
      : [[busy, waiting]];
  const lanes = queues.slice(0, runs.length);
  /** @type {Map<T, Promise<void>>} */
  const running = new Map();
  /** @param {T} one */
  const bears = (one) => !one.suite.browses || ![...running.keys()].some(({ suite }) => suite.browses);
  await Promise.all(
    lanes.map(async (lane) => {
      while (lane.some((queue) => queue.length > 0)) {
        const queue = lane.find((queue) => queue.some(bears));
        const [one] = queue?.splice(queue.findIndex(bears), 1) ?? [];
        if (one) {
          const working = work(one, lanes.length > 1).finally(() => running.delete(one));
          running.set(one, working);
          await working;
        } else await Promise.race(running.values());
      }
    }),
  );
}
