// Owns which suites run side by side: two at a time, in the order of their list; a third made each so slow that the whole took no
// less, and one of the lowest priority, for what only computes, took 3 % off it and made others late. Two that look at pages never
// run side by side: what they wait for comes late then. On one CPU one after the other.

/**
 * Runs `work` for each, as many at a time as the machine bears.
 * @template {{ suite: import('./types.ts').Suite }} T
 * @param {readonly T[]} runs
 * @param {number} cpus
 * @param {(one: T, besideAnother: boolean) => Promise<void>} work
 */
export async function inLanes(runs, cpus, work) {
  const waiting = [...runs];
  const lanes = Math.min(cpus > 1 ? 2 : 1, runs.length);
  /** @type {Map<T, Promise<void>>} */
  const running = new Map();
  /** @param {T} one */
  const bears = (one) => !one.suite.browses || ![...running.keys()].some(({ suite }) => suite.browses);
  const lane = async () => {
    while (waiting.length > 0) {
      const next = waiting.findIndex(bears);
      const [one] = next === -1 ? [] : waiting.splice(next, 1);
      if (one) {
        const working = work(one, lanes > 1).finally(() => running.delete(one));
        running.set(one, working);
        await working;
      } else await Promise.race(running.values());
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
