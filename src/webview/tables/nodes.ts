/** Owns the table of NUMA nodes, whose figures live. */

import { formatBytes, formatFigure, formatRange } from '../../model/format.ts';
import { MEASURES } from '../../model/heat.ts';
import type { Topology } from '../../model/topology.ts';
import type { State } from '../store.ts';
import { table } from './table.ts';

export function nodes(topology: Topology, { sample }: State): HTMLElement {
  const measures = MEASURES.filter((measure) => measure.paints === 'node');
  const rows = topology.nodes.map((node) => {
    const now = sample?.nodes.find((one) => one.id === node.id);
    const free = now?.freeBytes ?? node.freeBytes;
    const figures = measures.map(({ value, unit }) => {
      const figure = sample ? value(sample, node.id) : null;
      return figure === null ? 'no figure' : `${formatFigure(figure)} ${unit}`;
    });
    const huge = (now?.hugepages ?? node.hugepages)
      .filter((pages) => pages.total > 0)
      .map(
        (pages) =>
          `${pages.free === null ? '' : `${pages.free} free of `}${pages.total}, ${formatBytes(pages.sizeBytes)}`,
      );
    const size = node.memoryBytes === null ? 'not said' : formatBytes(node.memoryBytes);
    const cpus = node.cpus === '' ? 'none' : formatRange(node.cpus);
    return [
      `node ${node.id}`,
      cpus,
      size,
      free === null ? 'not said' : formatBytes(free),
      ...figures,
      huge.length > 0 ? huge.join('; ') : 'none',
    ];
  });
  const columns = ['Node', 'CPUs', 'Memory', 'Free', ...measures.map((measure) => measure.name), 'Huge pages reserved'];
  return table('NUMA nodes', columns, rows);
}
