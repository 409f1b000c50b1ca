/** Totals and the last sample in Prometheus' text format, by node_exporter's names where it has the very same figure. */

import { nodeOf } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import type { NodeSample, Sample } from '../sample.ts';
import type { Totals } from './totals.ts';

type Labels = Readonly<Record<string, string>>;
type Value = readonly [labels: Labels, value: number];

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly values: readonly Value[];
}

/** As the format wants it: a backslash, a quote and the end of a line are escaped, all else is UTF-8. */
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function lineOf(name: string, [labels, value]: Value): string {
  const written = Object.entries(labels).map(([label, own]) => `${label}="${escaped(own)}"`);
  return `${name}${written.length === 0 ? '' : `{${written.join(',')}}`} ${value}`;
}

function metricText({ name, help, type, values }: Metric): string {
  if (values.length === 0) return '';
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values.map((one) => lineOf(name, one)), ''].join('\n');
}

/** Fields of /proc/meminfo by node, as node_exporter's collector meminfo_numa names them; its unit is bytes as well. */
const MEMORY: readonly (readonly [field: string, value: (node: NodeSample) => number | null | undefined])[] = [
  ['MemFree', ({ freeBytes }) => freeBytes],
  ['MemUsed', ({ usedBytes }) => usedBytes],
  ['FilePages', ({ fileBytes }) => fileBytes],
  ['AnonPages', ({ anonBytes }) => anonBytes],
  ['Slab', ({ slabBytes }) => slabBytes],
];

function gauges({ nodes }: Sample): Metric[] {
  const of = (value: (node: NodeSample) => number | null | undefined): Value[] =>
    nodes.flatMap((node) => {
      const known = value(node);
      return known == null ? [] : [[{ node: String(node.id) }, known] as const];
    });
  const pools = (of: 'total' | 'free'): Value[] =>
    nodes.flatMap(({ id, hugepages }) =>
      hugepages.map((pool): Value => [{ node: String(id), size_bytes: String(pool.sizeBytes) }, pool[of]]),
    );
  return [
    ...MEMORY.map(([field, value]): Metric => ({
      name: `node_memory_numa_${field}`,
      help: `Memory information field ${field}, in bytes.`,
      type: 'gauge',
      values: of(value),
    })),
    {
      name: 'numa_pinboard_node_hugepages',
      help: 'Huge pages of the pool of a node.',
      type: 'gauge',
      values: pools('total'),
    },
    {
      name: 'numa_pinboard_node_hugepages_free',
      help: 'Huge pages of it that nobody uses.',
      type: 'gauge',
      values: pools('free'),
    },
  ];
}

/** Of totals by two words: "0 local". */
const byWords = (totals: ReadonlyMap<string, number>, labels: readonly [string, string]): Value[] =>
  [...totals].map(([key, value]) => {
    const [first = '', second = ''] = key.split(' ');
    return [{ [labels[0]]: first, [labels[1]]: second }, value];
  });

function counters(topology: Topology, { busy, time, pages, pressure, samples }: Totals): Metric[] {
  const cpus = [...busy].map(([id, value]): Value => {
    const node = nodeOf(topology, id);
    return [{ cpu: String(id), ...(node ? { node: String(node.id) } : {}) }, value];
  });
  return [
    {
      name: 'numa_pinboard_cpu_busy_seconds_total',
      help: 'Time that a CPU was not idle and did not wait for a disk, while it was sampled.',
      type: 'counter',
      values: cpus,
    },
    {
      name: 'numa_pinboard_node_cpu_seconds_total',
      help: 'Time that the CPUs of a node spent together in a mode, while it was sampled.',
      type: 'counter',
      values: byWords(time, ['node', 'mode']),
    },
    {
      name: 'numa_pinboard_node_allocated_pages_total',
      help: 'Base pages (4 KiB, on some ARM and POWER kernels 64 KiB) allocated on a node while it was sampled, by how numastat counts them: allocations, not accesses.',
      type: 'counter',
      values: byWords(pages, ['node', 'kind']),
    },
    {
      name: 'numa_pinboard_pressure_seconds_total',
      help: 'Time in which some tasks, or all at once (full), waited for a resource while it was sampled (PSI).',
      type: 'counter',
      values: byWords(pressure, ['resource', 'kind']),
    },
    {
      name: 'numa_pinboard_samples_total',
      help: 'Samples that the counters are made of.',
      type: 'counter',
      values: [[{}, samples]],
    },
  ];
}

export function metricsText(topology: Topology, sample: Sample, totals: Totals): string {
  const { name, architecture, emulated } = topology.machine;
  const info: Metric = {
    name: 'numa_pinboard_machine_info',
    help: 'The machine that is watched.',
    type: 'gauge',
    values: [[{ name, architecture, emulated: String(emulated) }, 1]],
  };
  return [info, ...gauges(sample), ...counters(topology, totals)].map(metricText).join('');
}
