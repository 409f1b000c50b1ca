/** Memory as CPUs see it: latency of dependent loads, bandwidth of several kernels, and the one under the other. */

import { memoryCase } from '../../cases/memory.ts';
import type { MemoryCase, MemoryWhat } from '../../cases/memory.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { formatBytes, formatCpus, formatNs, nodeWords } from '../../text/format.ts';
import { isLocal, nodeOf } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import type { Bench, Figure } from '../bench.ts';
import { memoryLabels } from './labels.ts';
import { MEMORY_SLOTS, placementOf } from './slots.ts';

export const FIGURES: Readonly<Record<MemoryWhat, Figure>> = {
  latency: { benchmark: 'memory-latency', metric: 'ns', title: 'Memory latency', aside: null },
  bandwidth: { benchmark: 'memory-bandwidth', metric: 'B/s', title: 'Memory bandwidth', aside: null },
  'loaded-latency': { benchmark: 'memory-loaded-latency', metric: 'ns', title: 'Loaded latency', aside: 'loaded' },
};

/** "latency cpu 0 to node 1", "bandwidth cpu 0-17, interleaved on nodes 0-1", with what is not usual behind it. */
function label({ what, cpus, policy, nodes, pages, sizeBytes, kernel, pauseNs }: MemoryCase): string {
  const [measured = 0, ...loading] = cpus;
  const named = (some: readonly number[]): string => formatCpus(formatCpuList(some), 'cpu ');
  const from =
    what === 'loaded-latency'
      ? `${what} ${named([measured])} with ${named(loading)} loading`
      : `${what} ${named(cpus)}`;
  const to = {
    bind: ` to ${nodeWords(nodes)}`,
    preferred: ` to ${nodeWords(nodes)}, preferred`,
    interleave: `, interleaved on ${nodeWords(nodes)}`,
    'weighted-interleave': `, weighted interleaved on ${nodeWords(nodes)}`,
    local: ', each to its own node',
  }[policy];
  const how = [
    ...(kernel === undefined || kernel === 'triad' ? [] : [kernel]),
    ...(pauseNs === undefined ? [] : [pauseNs === 0 ? 'full load' : `pause ${formatNs(pauseNs)}`]),
  ];
  return [`${from}${to}`, pages, formatBytes(sizeBytes), ...how].join(', ');
}

/** Whether all threads are far from all memory; null where some are near to some of it. */
function crosses(topology: Topology, { cpus, policy, nodes }: MemoryCase): boolean | null {
  if (policy === 'local') return false;
  if (cpus.some((cpu) => nodeOf(topology, cpu) === null)) return null;
  const near = new Set(cpus.flatMap((cpu) => nodes.map((node) => isLocal(topology, cpu, node))));
  const [all] = near;
  return near.size === 1 && all !== undefined ? !all : null;
}

/** All that was asked for but where the memory lies. */
const besidesMemory = (one: MemoryCase): string => JSON.stringify(memoryCase({ ...one, policy: 'local', nodes: [] }));

/** Policies that name one node; of a preferred one others may help out, which is then told. */
const isOne = (policy: MemoryCase['policy']): boolean => policy === 'bind' || policy === 'preferred';

export const MEMORY: Bench<MemoryCase> = {
  kind: 'memory',
  figures: Object.values(FIGURES),
  slots: MEMORY_SLOTS,
  unitNote: null,
  placement: placementOf,
  asked: ({ cpus, policy, nodes: [node = null], pages }) => ({
    ...{ pinned: true, memory: 'Memory', counted: 'page', node: isOne(policy) ? node : null, pages },
    touching: policy === 'local' ? cpus : [],
  }),
  label,
  shortLabel: label,
  unusual: () => [],
  settings: () => ({}),
  crosses,
  fairness: (_, far, near) => (besidesMemory(far) === besidesMemory(near) ? 0 : -1),
  placed: () => null,
  labels: memoryLabels,
};
