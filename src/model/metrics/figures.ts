/** The names by which runtimes and their exporters tell the figures that a decision goes by. */

import type { Figure } from '../cases/service.ts';

/** Of tokio-metrics and of tokio itself, whatever stands before them (`tokio_`, `rust_tokio_`, a service's own prefix). */
const TOKIO: Readonly<Record<string, Figure>> = {
  total_polls_count: 'polls',
  worker_poll_count: 'polls',
  total_poll_count: 'taskPolls',
  total_steal_operations: 'stealOperations',
  worker_steal_operations: 'stealOperations',
  total_steal_count: 'stolen',
  worker_steal_count: 'stolen',
  total_slow_poll_count: 'slowPolls',
  total_poll_duration: 'pollTime',
  total_slow_poll_duration: 'slowTime',
  total_busy_duration: 'busy',
};

const OTHERS: Readonly<Record<string, Figure>> = {
  busy_duration: 'busy',
  // Go: runtime/metrics, and the same by client_golang. Each time that a goroutine was scheduled is one of the histogram's.
  sched_latencies_seconds_count: 'polls',
  go_sched_latencies_seconds_count: 'polls',
  cpu_classes_user_cpu: 'busy',
  go_cpu_classes_user_cpu: 'busy',
  // JVM: Micrometer's ExecutorServiceMetrics of a ForkJoinPool and of a ThreadPoolExecutor, and its timer of either.
  executor_steals: 'stolen',
  executor_completed_tasks: 'polls',
  executor_seconds_count: 'polls',
  executor_seconds_sum: 'pollTime',
  // JVM: a ForkJoinPool's own counters, as an MBean's attribute is named by the JMX exporter.
  fork_join_pool_steal_count: 'stolen',
};

const UNITS: readonly (readonly [suffix: RegExp, seconds: number])[] = [
  [/_(?:ns|nanos|nanoseconds)$/, 1e-9],
  [/_(?:us|micros|microseconds)$/, 1e-6],
  [/_(?:ms|millis|milliseconds)$/, 1e-3],
  [/_(?:s|secs|seconds)$/, 1],
];

const TIMES: readonly Figure[] = ['pollTime', 'slowTime', 'busy'];
const MAX_NAME = 200;

export interface Named {
  readonly figure: Figure;
  /** Seconds that one stands for; null: the name does not say. Of counters 1. */
  readonly scale: number | null;
}

/** "totalStealCount", "tokio.total-steal-count", "/cpu/classes/user:cpu-seconds": words apart, in small letters. */
const wordsOf = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');

function figureOf(name: string): Figure | null {
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name] ?? null;
  const core = Object.keys(TOKIO).find((one) => name === one || name.endsWith(`_${one}`));
  return core === undefined ? null : (TOKIO[core] ?? null);
}

/** Null: it is none of ours, as most are. */
export function figureNamed(name: string): Named | null {
  if (name.length > MAX_NAME) return null;
  const whole = wordsOf(name).replace(/_total$/, '');
  const own = figureOf(whole);
  if (own) return { figure: own, scale: TIMES.includes(own) ? (whole.endsWith('_seconds_sum') ? 1 : null) : 1 };
  for (const [suffix, seconds] of UNITS) {
    if (!suffix.test(whole)) continue;
    const figure = figureOf(whole.replace(suffix, '').replace(/_total$/, ''));
    return figure && TIMES.includes(figure) ? { figure, scale: seconds } : null;
  }
  return null;
}

/** Go's own names: it has no counter of steals, and the reason is its, not the service's. */
export const isGo = (name: string): boolean => /^(?:go_|\/)/.test(name);
