// Owns which suites run side by side. On two CPUs and more: one of the suites that boot emulators, browsers or compilers, and
// beside it one of those that mostly wait; a third made each so slow that the whole took no less. On one CPU one after the other.

/**
 * Runs `work` for each, as many at a time as the machine bears; those that want to be alone come first.
 * @template {{ suite: import('./types.ts').Suite }} T
 * @param {readonly T[]} runs
 * @param {number} cpus
 * @param {(one: T, besideAnother: boolean) => Promise<void>} work
 */
export async function inLanes(runs, cpus, work) {
  for (const one of runs.filter(({ suite }) => suite.alone)) await work(one, false);
  const others = runs.filter(({ suite }) => !suite.alone);
  const busy = others.filter(({ suite }) => !suite.mostlyWaits);
  const waiting = others.filter(({ suite }) => suite.mostlyWaits);
  const queues =
    cpus > 1
      ? [
          [busy, waiting],
          [waiting, busy],
        ]
      : [[busy, waiting]];
  const lanes = queues.slice(0, others.length);
  await Promise.all(
    lanes.map(async (lane) => {
      const next = () => lane.find((queue) => queue.length > 0)?.shift();
      for (let one = next(); one; one = next()) await work(one, lanes.length > 1);
    }),
  );
}
