/**
 * What samples add up to, for a scraper: it asks when it likes, and what happened between two questions must not be lost. They begin at 0
 * with the sampling, as counters of a process do that was started anew.
 */

import type { NodeSample, Sample } from '../sample.ts';

export const MODES = ['user', 'system', 'iowait', 'steal'] as const;
export const ALLOCATIONS = ['hit', 'miss', 'foreign', 'local', 'other'] as const;

type Kind = (typeof ALLOCATIONS)[number];

const perSecond = (node: NodeSample, kind: Kind): number | null =>
  ({
    hit: node.hitPerSecond,
    miss: node.missPerSecond,
    foreign: node.foreignPerSecond,
    local: node.localPerSecond,
    other: node.otherPerSecond,
  })[kind];

export interface Totals {
  readonly samples: number;
  /** Seconds, by CPU. */
  readonly busy: ReadonlyMap<number, number>;
  /** Seconds of one CPU's worth, by node and mode: "0 user". */
  readonly time: ReadonlyMap<string, number>;
  /** Pages, by node and kind: "0 local". */
  readonly pages: ReadonlyMap<string, number>;
  /** Seconds in which tasks waited, by resource and whether some or all at once did: "memory full". */
  readonly pressure: ReadonlyMap<string, number>;
}

const RESOURCES = ['cpu', 'memory', 'io'] as const;

export const NO_TOTALS: Totals = {
  samples: 0,
  busy: new Map(),
  time: new Map(),
  pages: new Map(),
  pressure: new Map(),
};

/** @param cpusOf how many CPUs a node has that are sampled. */
export function totalsAfter(before: Totals, sample: Sample, cpusOf: (node: number) => number): Totals {
  const seconds = sample.intervalMs / 1000;
  const [busy, time, pages] = [new Map(before.busy), new Map(before.time), new Map(before.pages)];
  const pressure = new Map(before.pressure);
  for (const cpu of sample.cpus) busy.set(cpu.id, (busy.get(cpu.id) ?? 0) + cpu.busy * seconds);
  for (const node of sample.nodes) {
    for (const mode of MODES) {
      const share = node[mode];
      if (share != null) add(time, `${node.id} ${mode}`, share * seconds * cpusOf(node.id));
    }
    for (const kind of ALLOCATIONS) {
      const rate = perSecond(node, kind);
      if (rate !== null) add(pages, `${node.id} ${kind}`, rate * seconds);
    }
  }
  for (const resource of RESOURCES) {
    for (const [kind, percent] of Object.entries(sample.figures?.[`pressure-${resource}`] ?? {}))
      // All at once never wait for a CPU: the kernel's 0 says nothing.
      if (resource !== 'cpu' || kind === 'some') add(pressure, `${resource} ${kind}`, (percent / 100) * seconds);
  }
  return { samples: before.samples + 1, busy, time, pages, pressure };
}

function add(to: Map<string, number>, key: string, value: number): void {
  to.set(key, (to.get(key) ?? 0) + value);
}
