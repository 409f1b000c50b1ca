// Owns which suites run side by side: two at a time, in the order of their list; a third made each so slow that the whole took no
// less. They wait much of their time, for hosts that boot and pages that open, and meanwhile one that only computes (`computes`) has
// the CPUs, with the lowest priority there is. Two that look at pages never run side by side: what they wait for comes late then.
// On one CPU one after the other.

/** @typedef {import('./types.ts').Suite} Suite */

/**
 * Runs `work` for each, as many at a time as the machine bears.
 * @template {{ suite: Suite }} T
 * @param {readonly T[]} runs
 * @param {number} cpus
 * @param {(one: T, how: { besideAnother: boolean, yielding: boolean }) => Promise<void>} work
 */
export async function inLanes(runs, cpus, work) {
  // What only computes is left for the time that others wait; at last it has a lane like any other.
  const waiting = [...runs].sort((a, b) => Number(a.suite.computes ?? false) - Number(b.suite.computes ?? false));
  const lanes = Math.min(cpus > 1 ? 2 : 1, runs.length);
  /** @type {Map<T, Promise<void>>} */
  const running = new Map();
  /** @param {T} one */
  const bears = (one) => !one.suite.browses || ![...running.keys()].some(({ suite }) => suite.browses);
  /**
   * @param {boolean} yielding
   * @param {(one: T) => boolean} takes
   */
  const lane = async (yielding, takes) => {
    while (waiting.some(takes)) {
      const next = waiting.findIndex((one) => takes(one) && bears(one));
      const [one] = next === -1 ? [] : waiting.splice(next, 1);
      if (one) {
        const working = work(one, { besideAnother: lanes > 1, yielding }).finally(() => running.delete(one));
        running.set(one, working);
        await working;
      } else await Promise.race(running.values());
    }
  };
  const all = Array.from({ length: lanes }, () => lane(false, () => true));
  if (lanes > 1) all.push(lane(true, ({ suite }) => suite.computes ?? false));
  await Promise.all(all);
}
