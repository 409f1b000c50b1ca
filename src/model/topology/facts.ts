/** A machine in words, as the title bar of the board says it: "2 sockets, 36 cores, 72 CPUs, 2 nodes, 256 GB". */

import { formatBytes, plural } from '../text/format.ts';
import { coreWords, nodeWords, packageWords } from './counts.ts';
import type { Topology } from './topology.ts';

export function facts(topology: Topology): string {
  const { cpus, nodes } = topology;
  const bytes = nodes.reduce((sum, node) => sum + (node.memoryBytes ?? 0), 0);
  const offline = cpus.filter((cpu) => !cpu.online).length;
  const parts = [
    packageWords(topology, 'socket'),
    coreWords(topology),
    plural(cpus.length, 'CPU') + (offline > 0 ? ` (${offline} offline)` : ''),
    nodeWords(topology, 'node'),
  ];
  // Nodes of some dumps do not say how much memory they have; a sum of unknowns would be a wrong figure.
  if (nodes.every((node) => node.memoryBytes !== null)) parts.push(formatBytes(bytes));
  return parts.join(', ');
}
