/** What a plan needs of a machine: whole cores with what they share, and its nodes. */

import { synthesize } from '../formats/synthetic/topology.ts';
import { PinboardError } from '../problem.ts';
import { indexTopology } from '../topology/relation.ts';
import type { NumaNode, Topology } from '../topology/topology.ts';
import { parseCpuList } from '../text/cpulist.ts';
import { plural } from '../text/format.ts';
import type { PlanHost } from './plan.ts';

export interface PlanCore {
  /** Online hardware threads, ascending. */
  readonly cpus: readonly number[];
  readonly node: number | null;
  /** Which of `l3s`; null where the host shows none above it. */
  readonly l3: number | null;
}

export interface PlanMachine {
  readonly topology: Topology;
  /** By their first CPU. */
  readonly cores: readonly PlanCore[];
  readonly coreOf: ReadonlyMap<number, PlanCore>;
  readonly l3s: readonly { readonly cpus: readonly number[]; readonly sizeBytes: number | null }[];
  readonly node: (id: number) => NumaNode | null;
  /** Most hardware threads of a core. */
  readonly smt: number;
}

const machines = new WeakMap<Topology, PlanMachine>();

function build(topology: Topology): PlanMachine {
  const { places } = indexTopology(topology);
  const online = new Set(topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id));
  const caches = topology.caches.filter(({ level, type }) => level === 3 && type !== 'instruction');
  const named = topology.cores.map(({ cpus }) => parseCpuList(cpus).filter((cpu) => online.has(cpu)));
  const known = new Set(named.flat());
  // A CPU of which the host tells no core is one of its own.
  const alone = [...online].filter((cpu) => !known.has(cpu)).map((cpu) => [cpu]);
  const cores = [...named, ...alone]
    .filter((cpus) => cpus.length > 0)
    .map((cpus): PlanCore => {
      const place = places.get(cpus[0] ?? -1);
      const l3 = caches.findIndex((cache) => cache === place?.caches.get(3));
      return { cpus, node: place?.node?.id ?? null, l3: l3 === -1 ? null : l3 };
    })
    .toSorted((a, b) => (a.cpus[0] ?? 0) - (b.cpus[0] ?? 0));
  return {
    topology,
    cores,
    coreOf: new Map(cores.flatMap((core) => core.cpus.map((cpu) => [cpu, core]))),
    l3s: caches.map(({ cpus, sizeBytes }) => ({ cpus: parseCpuList(cpus), sizeBytes })),
    node: (id) => topology.nodes.find((node) => node.id === id) ?? null,
    smt: Math.max(1, ...cores.map(({ cpus }) => cpus.length)),
  };
}

/** Built once a topology. */
export function planMachine(topology: Topology): PlanMachine {
  const known = machines.get(topology) ?? build(topology);
  machines.set(topology, known);
  return known;
}

export const coresOn = ({ cores }: PlanMachine, node: number): PlanCore[] => cores.filter((core) => core.node === node);

/** A plan counts by powers of 1024 throughout, so GB in its notation is GiB in hwloc's. */
export const planNotation = (notation: string): string => notation.replaceAll(/(\d\s*[kmgt])b\b/gi, '$1iB');

const DECIMAL: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** hwloc's notation as a plan has to have it: its own GB, which are 10^9, in bytes. */
export const plannedNotation = (notation: string): string =>
  notation.replaceAll(/(\d+)\s*([kmgt])b\b/gi, (written, figure: string, unit: string) => {
    const bytes = Number(figure) * (DECIMAL[unit.toLowerCase()] ?? 1);
    return Number.isSafeInteger(bytes) ? String(bytes) : written;
  });

/** The machine that a plan writes down. @throws PinboardError `bad-file` with what is wrong in the notation. */
export const plannedTopology = (notation: string): Topology => synthesize(planNotation(notation));

/** With the distances that a plan gives. @throws PinboardError `bad-file` where they are of another number of nodes. */
export function withDistances(topology: Topology, distances: PlanHost['distances']): Topology {
  if (distances === null) return topology;
  const { nodes } = topology;
  if (distances.length !== nodes.length) {
    throw new PinboardError(
      'bad-file',
      `host.distances has ${plural(distances.length, 'row')}, and the machine ${plural(nodes.length, 'NUMA node')}.`,
      'Give a row and a column for each node, in the order of their numbers.',
    );
  }
  const inOrder = nodes.toSorted((a, b) => a.id - b.id);
  const rowOf = (node: NumaNode): readonly number[] => distances[inOrder.indexOf(node)] ?? [];
  return {
    ...topology,
    nodes: nodes.map((node) => ({
      ...node,
      distances: Object.fromEntries(inOrder.map(({ id }, at) => [String(id), rowOf(node)[at] ?? 0])),
    })),
  };
}
