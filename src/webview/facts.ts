/** Owns the machine in words, as the title bar says it: "2 sockets, 36 cores, 72 CPUs, 2 nodes, 256 GB". */

import { formatBytes, plural } from '../model/format.ts';
import type { Topology } from '../model/topology.ts';

export function facts(topology: Topology): string {
  const { packages, cores, cpus, nodes } = topology;
  const bytes = nodes.reduce((sum, node) => sum + (node.memoryBytes ?? 0), 0);
  const offline = cpus.filter((cpu) => !cpu.online).length;
  const parts = [
    plural(packages.length, 'socket'),
    plural(cores.length, 'core'),
    plural(cpus.length, 'CPU') + (offline > 0 ? ` (${offline} offline)` : ''),
    plural(nodes.length, 'node'),
  ];
  // Nodes of some dumps do not say how much memory they have; a sum of unknowns would be a wrong figure.
  if (nodes.every((node) => node.memoryBytes !== null)) parts.push(formatBytes(bytes));
  return parts.join(', ');
}
