/**
 * What a byte costs from the memory of one node to the CPUs of another: measured here, else as firmware rates it, else by its distance
 * alone, which has no unit of time.
 */

import { NODE_MEASURES, nodeGrid, validMedian } from '../../bench/nodes/grid.ts';
import { PinboardError } from '../../problem.ts';
import type { Run } from '../../run/run.ts';
import { formatRange, listed, nodeWords } from '../../text/format.ts';
import type { PlanMachine } from '../machine.ts';

export interface Rates {
  readonly source: 'measured' | 'rated' | 'distance' | 'none';
  /** Where the figures are from, as sentences. */
  readonly words: string;
  /** Software played the CPUs that were measured. */
  readonly emulated: boolean;
  /** Bytes a second that all CPUs of a node together get out of a node's memory; null where nothing says it. */
  readonly bandwidth: (memory: number, cpus: number) => number | null;
  /** Nanoseconds of one access that waits for the one before. */
  readonly latency: (memory: number, cpus: number) => number | null;
}

/** More pairs than a person goes through. */
const MOST_GAPS = 4;

const nothing = (): null => null;

/** @throws PinboardError `bad-file` where the run is no table of the nodes of this machine. */
export function measuredRates(path: string, run: Run, { topology }: PlanMachine): Rates {
  const grid = nodeGrid(run.topology, run.results);
  if (!grid) {
    throw new PinboardError(
      'bad-file',
      `${path} does not hold a table of nodes.`,
      'Measure one: `numa-pinboard bench nodes --what latency,bandwidth --format json > nodes.numa.json`',
    );
  }
  for (const node of topology.nodes) {
    const there = run.topology.nodes.find(({ id }) => id === node.id);
    if (there?.cpus === node.cpus) continue;
    const has = (cpus: string | undefined): string =>
      cpus === undefined ? 'is absent' : `has CPUs ${formatRange(cpus) || 'none'}`;
    throw new PinboardError(
      'bad-file',
      `${path} was measured on another machine: node ${node.id} ${has(there?.cpus)} there, and ${has(node.cpus)} in the plan.`,
      'Measure the machine of the plan, or leave --matrix out.',
    );
  }
  const emulated = run.results.some((result) => result.emulated);
  const homes = topology.nodes.filter(({ cpus }) => cpus !== '').map(({ id }) => id);
  const lacks = NODE_MEASURES.flatMap((measure) => {
    const gaps = homes.flatMap((from) =>
      topology.nodes.flatMap(({ id: to }) =>
        validMedian(grid, measure, from, to) === null ? [`${from}\u2192${to}`] : [],
      ),
    );
    if (gaps.length === 0) return [];
    const all = gaps.length === homes.length * topology.nodes.length;
    const pairs = all
      ? ''
      : ` from the CPUs of one node to the memory of another (${listed(gaps.slice(0, MOST_GAPS))}${gaps.length > MOST_GAPS ? ', \u2026' : ''})`;
    return [
      `It holds no valid ${measure}${pairs}: flows bound by ${measure} ${all ? 'are' : 'that need it are'} not priced.`,
    ];
  });
  return {
    source: 'measured',
    words: [
      `Times are by what was measured on ${run.topology.machine.name}${emulated ? ', an emulated host: they say nothing about hardware' : ''}.`,
      ...lacks,
    ].join(' '),
    emulated,
    bandwidth: (memory, cpus) => validMedian(grid, 'bandwidth', cpus, memory),
    latency: (memory, cpus) => validMedian(grid, 'latency', cpus, memory),
  };
}

/** Firmware rates memory for the CPUs nearest to it, and for no others. */
export function firmwareRates({ topology, node }: PlanMachine): Rates {
  const rated = topology.nodes.filter((one) => one.rated !== null).map(({ id }) => id);
  if (rated.length > 0) {
    const of = (memory: number, cpus: number): NonNullable<ReturnType<typeof node>>['rated'] => {
      const rating = node(memory)?.rated ?? null;
      return rating?.initiators.includes(cpus) === true ? rating : null;
    };
    return {
      source: 'rated',
      emulated: topology.machine.emulated,
      words: `Times are as firmware rates the memory of ${nodeWords(rated)} for the CPUs nearest to it; what crosses is not priced${topology.machine.emulated ? ', and this host is emulated: its firmware says nothing about hardware' : ''}.`,
      bandwidth: (memory, cpus) => {
        const rate = of(memory, cpus)?.readBandwidthMBs ?? null;
        return rate === null ? null : rate * 1e6;
      },
      latency: (memory, cpus) => of(memory, cpus)?.readLatencyNs ?? null,
    };
  }
  const told = topology.nodes.every(({ distances }) => Object.keys(distances).length > 0);
  return {
    source: told ? 'distance' : 'none',
    emulated: topology.machine.emulated,
    words: `Without measured data times are not priced${told ? ': firmware\u2019s distances order nodes, and have no unit' : ''}. Measure: numa-pinboard bench nodes --what latency,bandwidth --format json > nodes.numa.json, then --matrix nodes.numa.json.`,
    bandwidth: nothing,
    latency: nothing,
  };
}
