/** What the flows of a phase come to on one placement: bytes in all, bytes that cross, and the time they take. */

import { legsOf } from '../crossing.ts';
import type { Shares } from '../crossing.ts';
import type { Rates } from './rates.ts';

export interface PlacedFlow {
  readonly bytes: number;
  readonly bound: 'bandwidth' | 'latency';
  /** Of the block that it comes from. */
  readonly memory: Shares;
  /** Of the block that it goes to. */
  readonly cpus: Shares;
}

export interface Amount {
  readonly bytes: number;
  readonly crossing: number;
  /** Null where not every part has a figure. */
  readonly seconds: number | null;
}

/**
 * All flows at once. Those bound by bandwidth share it by pair of nodes, and the memory they come from: the slowest of these decides. One
 * bound by latency has one access of a line at a time.
 * @param lineBytes what one access brings.
 */
export function amountOf(flows: readonly PlacedFlow[], rates: Rates, lineBytes: number): Amount {
  const pairs = new Map<string, { memory: number; cpus: number; bytes: number }>();
  const memories = new Map<number, number>();
  let [bytes, crossing] = [0, 0];
  let slowest: number | null = 0;
  const takes = (seconds: number | null): void => {
    slowest = seconds === null || slowest === null ? null : Math.max(slowest, seconds);
  };
  for (const flow of flows) {
    bytes += flow.bytes;
    let waits: number | null = 0;
    for (const { from, to, share } of legsOf(flow.memory, flow.cpus)) {
      const part = flow.bytes * share;
      if (part === 0) continue;
      if (from !== to) crossing += part;
      if (flow.bound === 'latency') {
        const ns = rates.latency(from, to);
        waits = ns === null || waits === null ? null : waits + ((part / lineBytes) * ns) / 1e9;
        continue;
      }
      const key = `${from} ${to}`;
      pairs.set(key, { memory: from, cpus: to, bytes: (pairs.get(key)?.bytes ?? 0) + part });
      memories.set(from, (memories.get(from) ?? 0) + part);
    }
    takes(waits);
  }
  for (const pair of pairs.values()) {
    const rate = rates.bandwidth(pair.memory, pair.cpus);
    takes(rate === null ? null : pair.bytes / rate);
  }
  for (const [node, sum] of memories) {
    // What its own CPUs get is the most that a memory gives.
    const rate = rates.bandwidth(node, node);
    if (rate !== null) takes(sum / rate);
  }
  return { bytes, crossing, seconds: slowest };
}
