// Owns how long a suite may take: its limit is meant for a machine that has its CPUs for the tests alone, so time counts for
// less while others compete for them. A hung test still ends: no limit is ever stretched beyond `mostStretch`.
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

/** @typedef {{ load: number, cpus: number, stealShare: number }} Load */

/** Also bounds what a wrong reading of the load could do. */
const mostStretch = 3;
const tickMs = 1000;

/**
 * How much longer work takes now than on an idle machine, 1 to `mostStretch`. `load`: runnable tasks, a minute's average;
 * `stealShare`: 0…1 of CPU time that the hypervisor gave to other guests.
 * @param {Load} now
 */
export function slowness({ load, cpus, stealShare }) {
  const shared = Math.max(1, load / cpus);
  const left = Math.max(1 / mostStretch, 1 - stealShare);
  return Math.min(mostStretch, shared / left);
}

/**
 * Calls `late(minutes)` once `limitMs` of an idle machine's time have passed. Returns what stops the watch.
 * @param {number} limitMs
 * @param {(minutes: number) => void} late
 * @param {() => Load} read
 */
export function watchLimit(limitMs, late, read = readMachine()) {
  const begin = Date.now();
  let last = begin;
  let spentMs = 0;
  const timer = setInterval(() => {
    const now = Date.now();
    spentMs += (now - last) / slowness(read());
    last = now;
    if (spentMs < limitMs) return;
    clearInterval(timer);
    late((now - begin) / 60_000);
  }, tickMs);
  return () => clearInterval(timer);
}

/** Reads the load, and the steal since the reading before. */
function readMachine() {
  let before = cpuTimes();
  return () => {
    const now = cpuTimes();
    const total = now.total - before.total;
    const stealShare = total > 0 ? (now.steal - before.steal) / total : 0;
    before = now;
    return { load: loadavg()[0] ?? 0, cpus: availableParallelism(), stealShare };
  };
}

/** Ticks of all CPUs since boot (proc_stat(5): the eighth figure is steal); zeros where the system has no such file. */
function cpuTimes() {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
    const figures = line.trim().split(/\s+/).slice(1, 9).map(Number);
    return { total: figures.reduce((sum, each) => sum + each, 0), steal: figures[7] ?? 0 };
  } catch {
    return { total: 0, steal: 0 };
  }
}
