/** Owns the tables of NUMA nodes: what each has and does, and where the followed process has its pages. */

import { formatBytes, formatFigure, formatRange } from '../../model/text/format.ts';
import { logicalOf, nodesInOrder } from '../../model/topology/logical.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { NodeSample, ProcessSample, Sample } from '../../model/live/sample.ts';
import type { NumaNode, Topology } from '../../model/topology/topology.ts';
import { el } from '../ui/dom.ts';
import { list, table } from './table.ts';
import type { Built } from './table.ts';

const sampled = (sample: Sample | null): ((node: NumaNode) => NodeSample | null) => {
  const byId = new Map(sample?.nodes.map((one) => [one.id, one]));
  return ({ id }) => byId.get(id) ?? null;
};

function hugeWords(node: NumaNode, now: NodeSample | null): string {
  const words = (now?.hugepages ?? node.hugepages)
    .filter(({ total }) => total > 0)
    .map(
      ({ free, total, sizeBytes }) => `${free === null ? '' : `${free} free of `}${total}, ${formatBytes(sizeBytes)}`,
    );
  return words.length > 0 ? words.join('; ') : 'none';
}

export function nodes(topology: Topology): Built | null {
  const logical = logicalOf(topology).nodes;
  const bytes = (value: number | null): string => (value === null ? 'not reported' : formatBytes(value));
  return list('NUMA nodes', nodesInOrder(topology), [
    { name: 'Node', cell: ({ id }) => `node ${id}` },
    { name: 'L#', cell: ({ id }) => `L#${logical.get(id) ?? ''}` },
    { name: 'CPUs', ids: true, cell: ({ cpus }) => (cpus === '' ? 'none' : formatRange(cpus)) },
    { name: 'Memory', cell: ({ memoryBytes }) => bytes(memoryBytes) },
    {
      name: 'Free',
      live: ({ sample }) => {
        const now = sampled(sample);
        return (node) => bytes(now(node)?.freeBytes ?? node.freeBytes);
      },
    },
    {
      name: 'Huge pages reserved',
      live: ({ sample }) => {
        const now = sampled(sample);
        return (node) => hugeWords(node, now(node));
      },
    },
  ]);
}

export function memorySideCaches(topology: Topology): Built | null {
  const caches = nodesInOrder(topology).flatMap((node) => node.memorySideCaches.map((cache) => ({ node, cache })));
  return list('Memory-side caches', caches, [
    { name: 'In front of the memory of', cell: ({ node }) => `node ${node.id}` },
    { name: 'Level', cell: ({ cache }) => String(cache.level) },
    { name: 'Size', cell: ({ cache }) => formatBytes(cache.sizeBytes) },
  ]);
}

/** Rebuilt with each sample: there is one row a node, and they come and go with the process. */
export function pages(topology: Topology, process: ProcessSample): HTMLElement {
  const { name, pid, residentBytes } = process;
  const caption = `Pages of ${name} (process ${pid}) by node`;
  if (isUnavailable(residentBytes)) {
    return table(caption, ['Pages'], [[el('td', {}, `unavailable: ${residentBytes.unavailable}`)]]);
  }
  const all = Object.values(residentBytes).reduce((sum, one) => sum + one, 0);
  const rows = nodesInOrder(topology).map(({ id }) => {
    const own = residentBytes[String(id)] ?? 0;
    const share = all === 0 ? 'no page' : `${formatFigure((own / all) * 100)} %`;
    return [`node ${id}`, formatBytes(own), share];
  });
  return table(caption, ['Node', 'Resident', 'Share'], rows);
}
