/** Refuses CPUs and nodes that the host does not have before anything is started there. */

import { formatCpuList } from '../model/text/cpulist.ts';
import { PinboardError } from '../model/problem.ts';
import { cpuRefusal, nodeRefusal } from '../model/placement/usable.ts';
import type { Topology } from '../model/topology/topology.ts';

/** @throws PinboardError `cpu-absent`, `cpu-forbidden`, `node-absent`, `node-without-memory`, with what there is. */
export function refuseUnknownPlaces(
  topology: Topology,
  places: { readonly cpus: readonly number[]; readonly nodes: readonly number[] },
): void {
  const problem =
    places.cpus.map((cpu) => cpuRefusal(topology, cpu)).find((found) => found !== null) ??
    places.nodes.map((node) => nodeRefusal(topology, node)).find((found) => found !== null);
  if (!problem) return;
  const cpus = formatCpuList(topology.cpus.filter((cpu) => cpu.online && cpu.allowed).map((cpu) => cpu.id));
  const nodes = formatCpuList(topology.nodes.map((node) => node.id));
  throw new PinboardError(
    problem.code,
    problem.message,
    problem.hint ?? `This host offers CPUs ${cpus} and nodes ${nodes}.`,
  );
}
