/** Owns the table of distances between nodes. */

import type { Topology } from '../../model/topology.ts';
import { table } from './table.ts';

export function distances(topology: Topology): HTMLElement | null {
  if (topology.nodes.every((node) => Object.keys(node.distances).length === 0)) return null;
  const ids = topology.nodes.map((node) => node.id);
  const rows = topology.nodes.map((node) => [
    `node ${node.id}`,
    ...ids.map((id) => String(node.distances[String(id)] ?? 'not said')),
  ]);
  return table('Distances, from firmware (10 is local)', ['From', ...ids.map((id) => `to node ${id}`)], rows);
}
