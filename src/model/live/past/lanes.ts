/** Owns the lanes that a measure of the machine is told in over time: by node or package, what each holds together. */

import type { Measure } from '../measures/measure.ts';
import type { Sample } from '../sample.ts';
import { indexTopology } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import { parseCpuList } from '../../text/cpulist.ts';

export const LANE_KINDS = ['node', 'package', 'process'] as const;
export type LaneKind = (typeof LANE_KINDS)[number];
/** What of the machine a lane may be; those of processes are in process-lanes.ts. */
export type PartKind = Exclude<LaneKind, 'process'>;

export interface Lane {
  readonly name: string;
  /** Ids of its CPUs or nodes, as the measure is painted on those or these. */
  readonly ids: readonly number[];
}

export function lanesOf(topology: Topology, kind: PartKind, { paints }: Pick<Measure, 'paints'>): Lane[] {
  if (paints === 'machine') return [{ name: 'host', ids: [0] }];
  const { cpusOfNode, places } = indexTopology(topology);
  if (kind === 'node') {
    return topology.nodes
      .map(({ id }) => ({ name: `node ${id}`, ids: paints === 'cpu' ? (cpusOfNode.get(id) ?? []) : [id] }))
      .filter(({ ids }) => ids.length > 0);
  }
  return topology.packages
    .map(({ id, cpus }) => {
      const held = parseCpuList(cpus);
      const nodes = new Set(held.flatMap((cpu) => places.get(cpu)?.node?.id ?? []));
      return { name: `package ${id}`, ids: paints === 'cpu' ? held : [...nodes] };
    })
    .filter(({ ids }) => ids.length > 0);
}

/** Shares have a mean; what is counted adds up. */
const isSum = ({ paints, unit, onNode }: Measure): boolean =>
  paints === 'cpu' ? onNode === 'sum' : paints === 'node' && unit !== '%';

/** Reads a measure of a sample lane by lane; NaN where none of a lane's CPUs or nodes has a figure. */
export function laneReader(measure: Measure, lanes: readonly Lane[]): (sample: Sample) => Float32Array {
  const adds = isSum(measure);
  const of = new Map<number, number[]>();
  lanes.forEach(({ ids }, lane) => {
    for (const id of ids) of.set(id, [...(of.get(id) ?? []), lane]);
  });
  return (sample) => {
    const [sums, counts] = [new Float64Array(lanes.length), new Uint32Array(lanes.length)];
    for (const [id, value] of figuresOf(measure, sample)) {
      for (const lane of of.get(id) ?? []) {
        sums[lane] = (sums[lane] ?? 0) + value;
        counts[lane] = (counts[lane] ?? 0) + 1;
      }
    }
    return Float32Array.from(sums, (sum, lane) => sum / (adds ? Math.min(1, counts[lane] ?? 0) : (counts[lane] ?? 0)));
  };
}

/** Every figure that a sample has of a measure, by the id of a CPU or node. */
export function* figuresOf(measure: Measure, sample: Sample): Generator<readonly [id: number, value: number]> {
  if (measure.paints === 'machine') {
    const value = measure.value(sample, 0);
    if (value !== null) yield [0, value];
    return;
  }
  // `value` searches the sample for the id: it is given one of just that CPU or node.
  const one = { ...sample };
  const key = measure.paints === 'cpu' ? 'cpus' : 'nodes';
  for (const part of sample[key]) {
    Object.assign(one, { [key]: [part] });
    const value = measure.value(one, part.id);
    if (value !== null) yield [part.id, value];
  }
}

/** What a lane's full height is: 100 of a percentage, else the lowest of the measure's limits (or their tenfold) that none exceeds. */
export function topOf({ unit, limits }: Pick<Measure, 'unit' | 'limits'>, largest: number): number {
  if (unit === '%') return 100;
  for (let tens = 1; tens < 1e12; tens *= 10) {
    const limit = limits.find((one) => one * tens >= largest);
    if (limit !== undefined) return limit * tens;
  }
  return largest;
}
