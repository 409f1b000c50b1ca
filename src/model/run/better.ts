/** Whether a figure is good when it is high or when it is low, by its unit. */

const TIME = /(?:^|[\s_(-])(?:s|ms|us|µs|μs|ns)\)?$/;
const RATE = /(?:\/\s?(?:s|sec|second|min)|[\s_]per[\s_](?:second|minute))\)?$/;

/**
 * Whether more or less of a metric is better, by its unit: a time ("ns", "p99 ms", "wait_us") or a rate ("items/s",
 * "queries per second"). Null for what a program prints that is neither: "recall".
 */
export function betterOf(metric: string): 'more' | 'less' | null {
  return TIME.test(metric) ? 'less' : RATE.test(metric) ? 'more' : null;
}
