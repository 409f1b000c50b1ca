/** Refuses CPUs, nodes and page sizes that the host does not have before anything is started there. */

import { formatCpuList } from '../model/text/cpulist.ts';
import { pagesRefusal } from '../model/bench/memory/pages-here.ts';
import type { PageKind } from '../model/cases/pages.ts';
import { PinboardError } from '../model/problem.ts';
import { cpuRefusal, nodeRefusal } from '../model/placement/usable.ts';
import type { Topology } from '../model/topology/topology.ts';

/** @throws PinboardError `cpu-absent`, `cpu-forbidden`, `node-absent`, `node-without-memory`, with what there is. */
export function refuseUnknownPlaces(
  topology: Topology,
  named: readonly { readonly cpus: readonly number[]; readonly nodes: readonly number[] }[],
): void {
  const problem =
    named.flatMap(({ cpus }) => cpus.flatMap((cpu) => cpuRefusal(topology, cpu) ?? []))[0] ??
    named.flatMap(({ nodes }) => nodes.flatMap((node) => nodeRefusal(topology, node) ?? []))[0];
  if (!problem) return;
  const cpus = formatCpuList(topology.cpus.filter((cpu) => cpu.online && cpu.allowed).map((cpu) => cpu.id));
  const nodes = formatCpuList(topology.nodes.map((node) => node.id));
  throw new PinboardError(
    problem.code,
    problem.message,
    problem.hint ?? `This host offers CPUs ${cpus} and nodes ${nodes}.`,
  );
}

/** @throws PinboardError `unsupported` with the sizes that there are. */
export function refuseUnknownPages(topology: Topology, pages: readonly PageKind[]): void {
  const [refusal] = pages.flatMap((kind) => pagesRefusal(topology, kind) ?? []);
  if (refusal) throw new PinboardError(refusal.code, refusal.message, refusal.hint);
}
