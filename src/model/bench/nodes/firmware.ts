/** What was measured between nodes, beside what firmware says of it: SLIT distances, and the rated figures of HMAT. */

import { formatFigure, formatPercent } from '../../text/format.ts';
import { pairedRatio } from '../../run/statistics.ts';
import type { Result } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { pairsOf } from './grid.ts';
import type { NodeGrid, NodeMeasure } from './grid.ts';

/** SLIT's distance of a node to itself (ACPI 6.5, 5.2.17): others are relative to it. */
export const SLIT_LOCAL = 10;

/** Against the memory of the initiator's own node, in the same run. */
export interface Ratio {
  readonly value: number;
  /** 95 %; null for too few rounds. */
  readonly interval: readonly [low: number, high: number] | null;
}

export interface PairFacts {
  readonly from: number;
  readonly to: number;
  readonly latency: Result | null;
  readonly bandwidth: Result | null;
  /** How many times the latency of the own node's memory; null for it itself, and where it has none. */
  readonly timesLatency: Ratio | null;
  /** Which share of the bandwidth of the own node's memory. */
  readonly shareOfBandwidth: Ratio | null;
  /** Distance by firmware, 10 is local; null where it says none. */
  readonly slit: number | null;
  /** By firmware, for reads; null where it does not rate this pair: it rates memory from its best initiators only. */
  readonly ratedNs: number | null;
  readonly ratedBytesPerSecond: number | null;
}

function ratio(grid: NodeGrid, measure: NodeMeasure, from: number, to: number): Ratio | null {
  const [there, own] = [grid.at(measure, from, to), grid.at(measure, from, from)];
  if (from === to || there?.valid !== true || own?.valid !== true) return null;
  const found = pairedRatio(there.repetitions, own.repetitions);
  if (!found) return null;
  const { change, interval } = found;
  return { value: 1 + change, interval: interval && [1 + interval[0], 1 + interval[1]] };
}

/** Every measured pair, row by row. */
export function pairFacts(topology: Topology, grid: NodeGrid): PairFacts[] {
  const nodes = new Map(topology.nodes.map((node) => [node.id, node]));
  return pairsOf(grid).map(([from, to]) => {
    const rated = nodes.get(to)?.rated ?? null;
    const isRated = rated?.initiators.includes(from) ?? false;
    const mbs = rated && isRated ? rated.readBandwidthMBs : null;
    return {
      from,
      to,
      latency: grid.at('latency', from, to),
      bandwidth: grid.at('bandwidth', from, to),
      timesLatency: ratio(grid, 'latency', from, to),
      shareOfBandwidth: ratio(grid, 'bandwidth', from, to),
      slit: nodes.get(from)?.distances[String(to)] ?? null,
      ratedNs: rated && isRated ? rated.readLatencyNs : null,
      // MB/s (Documentation/ABI/stable/sysfs-devices-node).
      ratedBytesPerSecond: mbs === null ? null : mbs * 1e6,
    };
  });
}

/** "node 0 to node 2". */
export const pairWords = ({ from, to }: Pick<PairFacts, 'from' | 'to'>): string => `node ${from} to node ${to}`;

/** How far SLIT is from what was measured: 0.2 is "a fifth too far". */
const slitError = (slit: number, { value }: Ratio): number => slit / SLIT_LOCAL / value - 1;

const isShown = (slit: number, { interval }: Ratio): boolean =>
  interval !== null && (slit / SLIT_LOCAL < interval[0] || slit / SLIT_LOCAL > interval[1]);

/** Two orders that are each worth a sentence: SLIT says one node is nearer, and the measurement shows the other to be. */
function turnedAround(facts: readonly PairFacts[]): string | null {
  for (const near of facts) {
    for (const far of facts) {
      if (near.from !== far.from || near.slit === null || far.slit === null || near.slit >= far.slit) continue;
      const [low, high] = [near.timesLatency?.interval?.[0] ?? 0, far.timesLatency?.interval?.[1] ?? Infinity];
      if (low > high) {
        return `From node ${near.from} it calls node ${near.to} nearer than node ${far.to}, and node ${far.to} is.`;
      }
    }
  }
  return null;
}

/** Differences below this are called agreement: SLIT holds whole tenths. */
const AGREES = 0.05;

/**
 * What SLIT says of latency against what was measured, in one or two sentences.
 * @returns null where latency was not measured, or only of each node's own memory.
 */
export function slitSentence(facts: readonly PairFacts[]): string | null {
  const measured = facts.flatMap((one) => (one.timesLatency ? [{ ...one, times: one.timesLatency }] : []));
  if (measured.length === 0) return null;
  const both = measured.flatMap((one) => (one.slit === null ? [] : [{ ...one, slit: one.slit }]));
  if (both.length === 0) return 'Firmware gives no distances (SLIT) to hold this against.';
  const apart = both
    .filter(({ slit, times }) => isShown(slit, times) && Math.abs(slitError(slit, times)) > AGREES)
    .sort(
      (a, b) => Math.abs(Math.log(1 + slitError(b.slit, b.times))) - Math.abs(Math.log(1 + slitError(a.slit, a.times))),
    );
  const [worst] = apart;
  if (!worst) {
    return both.some(({ times }) => times.interval === null)
      ? 'Too few rounds to say how far firmware\u2019s distances (SLIT) are off; take at least three.'
      : 'Firmware\u2019s distances (SLIT) agree with the measured latencies: no difference beyond 5 % could be shown.';
  }
  const error = slitError(worst.slit, worst.times);
  const said = formatFigure(worst.slit / SLIT_LOCAL);
  const off = `Firmware\u2019s distances (SLIT) are off by up to ${formatPercent(Math.abs(error))}`;
  const count = apart.length === both.length ? '' : `, for ${apart.length} of ${both.length} pairs`;
  const example = `${pairWords(worst)} is ${said} × its own memory by SLIT, ${formatFigure(worst.times.value)} × as measured`;
  const turned = turnedAround(facts);
  return `${off}${count}: ${example}.${turned === null ? '' : ` ${turned}`}`;
}
