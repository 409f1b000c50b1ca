/** What capabilities say of the host as a whole, and all that there is where a libvirt tells no NUMA cells. */

import { PinboardError } from '../../problem.ts';
import { tidy } from '../../text/clean.ts';
import { synthesize } from '../synthetic/topology.ts';
import type { Machine, Topology } from '../../topology/topology.ts';
import type { XmlElement } from '../xml.ts';
import { at, whole } from './values.ts';

/** No kernel has more CPUs, and no host more of one part in another. */
const MOST = 8192;

export function machineOf(host: XmlElement, name: string): Machine {
  return {
    name: tidy(name),
    architecture: tidy(at(host, 'cpu', 'arch')?.text ?? '') || 'unknown',
    kernel: 'unknown',
    cpuModel: tidy(at(host, 'cpu', 'model')?.text ?? '') || null,
    hypervisor: null,
    emulated: false,
  };
}

/**
 * A host that is described by counts alone: which CPU is whose sibling, and what memory there is, is not told.
 * @throws PinboardError `bad-file` where there are no counts either.
 */
export function withoutCells(host: XmlElement, name: string): Topology {
  const counts = at(host, 'cpu', 'topology')?.attributes ?? {};
  const [sockets, dies, clusters, cores, threads] = ['sockets', 'dies', 'clusters', 'cores', 'threads'].map((what) =>
    whole(counts[what] ?? (what === 'dies' || what === 'clusters' ? '1' : undefined), MOST),
  );
  const total = (sockets ?? 0) * (dies ?? 0) * (clusters ?? 0) * (cores ?? 0) * (threads ?? 0);
  if (total === 0 || total > MOST) {
    throw new PinboardError(
      'bad-file',
      'The libvirt that wrote these capabilities tells no topology of its host: no NUMA cells, and no count of sockets, cores and threads.',
      'Record /sys and /proc of that host instead, or write XML with `lstopo --of xml FILE`.',
    );
  }
  const topology = synthesize(`pack:${sockets} die:${dies} core:${(clusters ?? 1) * (cores ?? 1)} pu:${threads}`);
  return {
    ...topology,
    machine: machineOf(host, name),
    packages: topology.packages.map((one) => ({ ...one, inferred: true })),
    dies: (dies ?? 1) > 1 ? topology.dies : [],
    cores: topology.cores.map((one) => ({ ...one, id: null, inferred: true })),
    nodes: topology.nodes.map((node) => ({ ...node, memoryBytes: null, inferred: true })),
    warnings: [
      'These capabilities tell no NUMA cells, only counts of sockets, cores and threads: CPUs were numbered one core after another, and their memory is unknown.',
    ],
  };
}
