/** A node as its kubelet's configuration and checkpoints tell it, put together with the machine that it runs on. */

import { PinboardError } from '../problem.ts';
import { CpuListError, formatCpuList, parseCpuList } from '../text/cpulist.ts';
import { formatRange } from '../text/format.ts';
import type { Topology } from '../topology/topology.ts';
import { takeDistributed } from './distribute.ts';
import { MOST_ENUMERATED, MOST_NODES, TOPOLOGY_POLICIES } from './hints.ts';
import { cpuPlaces } from './machine.ts';
import type { CpuPlaces } from './machine.ts';
import type { AdmittingNode, Holder, KubeletPolicies, NodeDevices, NodeMemory } from './node.ts';
import { parseQuantity } from './quantity.ts';
import { takePacked } from './take.ts';

/** The fields of a `KubeletConfiguration` that admission goes by, as written. */
export interface KubeletConfiguration {
  readonly cpuManagerPolicy?: string | undefined;
  readonly cpuManagerPolicyOptions?: Readonly<Record<string, string>> | undefined;
  readonly memoryManagerPolicy?: string | undefined;
  readonly topologyManagerPolicy?: string | undefined;
  readonly topologyManagerScope?: string | undefined;
  readonly topologyManagerPolicyOptions?: Readonly<Record<string, string>> | undefined;
  readonly reservedSystemCPUs?: string | undefined;
  readonly kubeReserved?: Readonly<Record<string, string>> | undefined;
  readonly systemReserved?: Readonly<Record<string, string>> | undefined;
  readonly reservedMemory?:
    | readonly { readonly numaNode: number; readonly limits: Readonly<Record<string, string>> }[]
    | undefined;
}

/** `cpu_manager_state`. */
export interface CpuManagerState {
  readonly policyName: string;
  readonly defaultCpuSet: string;
  readonly entries?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

/** `memory_manager_state`; sizes in bytes. */
export interface MemoryManagerState {
  readonly policyName: string;
  readonly machineState: Readonly<
    Record<
      string,
      {
        readonly numberOfAssignments: number;
        readonly cells: readonly number[];
        readonly memoryMap: Readonly<Record<string, { readonly allocatable: number; readonly free: number }>>;
      }
    >
  >;
}

export interface KubeletFiles {
  readonly configuration: KubeletConfiguration;
  /** Null: no container has CPUs, or memory, for itself. */
  readonly cpus: CpuManagerState | null;
  readonly memory: MemoryManagerState | null;
  readonly devices: Readonly<Record<string, readonly NodeDevices[]>>;
}

const refuse = (message: string, hint: string): PinboardError => new PinboardError('bad-file', message, hint);

function oneOf<T extends string>(field: string, value: string | undefined, allowed: readonly T[]): T {
  const found = value === undefined ? allowed[0] : allowed.find((one) => one === value);
  if (found === undefined)
    throw refuse(
      `The kubelet's ${field} is "${value ?? ''}", which is none of ${allowed.join(', ')}.`,
      'Check its configuration.',
    );
  return found;
}

function cpusOf(field: string, text: string): number[] {
  try {
    return parseCpuList(text);
  } catch (error) {
    if (!(error instanceof CpuListError)) throw error;
    throw refuse(`The kubelet's ${field} is no CPU list: ${error.message}.`, 'Copy the file from the node again.');
  }
}

/** @throws PinboardError `bad-file` where the files contradict each other or the machine; `unsupported` beyond 8 nodes. */
export function nodeFrom(topology: Topology, { configuration, cpus, memory, devices }: KubeletFiles): AdmittingNode {
  const places = cpuPlaces(topology);
  const nodes = topology.nodes.map(({ id }) => id).sort((a, b) => a - b);
  const policies = policiesOf(configuration, places);
  if (policies.topologyManager !== 'none') refuseTooMany(nodes.length, configuration);
  refuseOtherPolicy('cpu_manager_state', cpus?.policyName, 'cpuManagerPolicy', policies.cpuManager);
  refuseOtherPolicy('memory_manager_state', memory?.policyName, 'memoryManagerPolicy', policies.memoryManager);
  const { shared, holders } = cpusFrom(cpus, places);
  return {
    ...{ places, nodes, policies, shared, holders, devices },
    distances: topology.nodes.some(({ distances }) => nodes.some((to) => distances[String(to)] === undefined))
      ? null
      : nodes.map((from) => {
          const own = topology.nodes.find(({ id }) => id === from)?.distances ?? {};
          return nodes.map((to) => own[String(to)] ?? 0);
        }),
    memory: policies.memoryManager === 'None' ? null : memoryOf(topology, memory, configuration, nodes),
  };
}

function refuseTooMany(nodes: number, { topologyManagerPolicyOptions }: KubeletConfiguration): void {
  const told = Number(topologyManagerPolicyOptions?.['max-allowable-numa-nodes'] ?? MOST_NODES);
  const most = Number.isInteger(told) ? Math.min(told, MOST_ENUMERATED) : MOST_NODES;
  if (nodes <= most) return;
  throw new PinboardError(
    'unsupported',
    `This machine has ${String(nodes)} NUMA nodes, and the topology manager takes ${String(most)}${told > most ? ' here' : ' unless it is told how many'}.`,
    told > most
      ? `Every set of nodes is tried, and there are too many of them for more than ${String(MOST_ENUMERATED)} nodes.`
      : 'The kubelet does not start like that: set max-allowable-numa-nodes in topologyManagerPolicyOptions, or the policy none.',
  );
}

/** A kubelet whose policy was changed refuses to start until its state is removed. */
function refuseOtherPolicy(file: string, kept: string | undefined, field: string, policy: string): void {
  if (kept === undefined || kept === policy) return;
  throw refuse(
    `${file} was kept under policy "${kept}", and the kubelet's ${field} is "${policy}": it does not start like that.`,
    `Copy both from the same node at the same time. On the node: drain it, remove ${file}, start the kubelet.`,
  );
}

function policiesOf(configuration: KubeletConfiguration, places: CpuPlaces): KubeletPolicies {
  const options = configuration.cpuManagerPolicyOptions ?? {};
  const on = (name: string): boolean => options[name] === 'true';
  const cpuOptions = {
    fullCores: on('full-pcpus-only'),
    acrossNodes: on('distribute-cpus-across-numa'),
    acrossCores: on('distribute-cpus-across-cores'),
    bySocket: on('align-by-socket'),
    byCache: on('prefer-align-cpus-by-uncorecache'),
  };
  return {
    cpuManager: oneOf('cpuManagerPolicy', configuration.cpuManagerPolicy, ['none', 'static']),
    cpuOptions,
    memoryManager: oneOf('memoryManagerPolicy', configuration.memoryManagerPolicy, ['None', 'Static']),
    topologyManager: oneOf('topologyManagerPolicy', configuration.topologyManagerPolicy, TOPOLOGY_POLICIES),
    scope: oneOf('topologyManagerScope', configuration.topologyManagerScope, ['container', 'pod']),
    preferClosest: configuration.topologyManagerPolicyOptions?.['prefer-closest-numa-nodes'] === 'true',
    reserved: reservedCpus(configuration, places, cpuOptions),
  };
}

/** Those listed, else as many as are reserved in whole CPUs, taken as a container's would be. */
function reservedCpus(
  { reservedSystemCPUs, kubeReserved, systemReserved }: KubeletConfiguration,
  places: CpuPlaces,
  { fullCores, acrossNodes, acrossCores, byCache }: KubeletPolicies['cpuOptions'],
): number[] {
  if (reservedSystemCPUs) return cpusOf('reservedSystemCPUs', reservedSystemCPUs);
  const milli = [kubeReserved, systemReserved].reduce(
    (sum, one) => sum + (parseQuantity(one?.['cpu'] ?? '0', 1000) ?? 0),
    0,
  );
  const count = Math.ceil(milli / 1000);
  const all = [...places.of.keys()];
  const options = { acrossCores, byCache };
  const taken = acrossNodes
    ? takeDistributed(places, all, count, { ...options, group: fullCores ? places.threads : 1 })
    : takePacked(places, all, count, options);
  if (taken) return taken;
  throw refuse(
    `The kubelet reserves ${String(count)} CPUs, and the machine has ${String(all.length)}.`,
    'Check kubeReserved and systemReserved, and whether this is the machine of that node.',
  );
}

function cpusFrom(state: CpuManagerState | null, places: CpuPlaces): Pick<AdmittingNode, 'shared' | 'holders'> {
  const all = [...places.of.keys()].sort((a, b) => a - b);
  if (!state || state.defaultCpuSet === '') return { shared: all, holders: [] };
  const shared = cpusOf('defaultCpuSet', state.defaultCpuSet);
  const holders: Holder[] = Object.entries(state.entries ?? {}).flatMap(([pod, containers]) =>
    Object.entries(containers).map(([container, list]) => ({
      ...{ pod, container },
      cpus: cpusOf(`entry of container ${container}`, list),
    })),
  );
  const absent = [...shared, ...holders.flatMap((one) => one.cpus)].filter((cpu) => !places.of.has(cpu));
  if (absent.length > 0)
    throw refuse(
      `cpu_manager_state names CPUs that this machine has not, or not online: ${formatRange(formatCpuList(absent))}.`,
      'Give the topology of the same node with --from or --host.',
    );
  return { shared, holders };
}

/** As the memory manager left it; before it gave anything, all that is not reserved. */
function memoryOf(
  topology: Topology,
  state: MemoryManagerState | null,
  { reservedMemory = [] }: KubeletConfiguration,
  nodes: readonly number[],
): NodeMemory[] {
  return nodes.map((id): NodeMemory => {
    if (state) {
      const own = state.machineState[String(id)];
      if (!own)
        throw refuse(
          `memory_manager_state has no NUMA node ${String(id)}, which this machine has.`,
          'Give the topology of the same node with --from or --host.',
        );
      return { id, assignments: own.numberOfAssignments, cells: own.cells, tables: own.memoryMap };
    }
    const node = topology.nodes.find((one) => one.id === id);
    const reserved = reservedMemory.find(({ numaNode }) => numaNode === id)?.limits ?? {};
    const table = (bytes: number, resource: string): { allocatable: number; free: number } => {
      const left = Math.max(0, bytes - (parseQuantity(reserved[resource] ?? '0', 1) ?? 0));
      return { allocatable: left, free: left };
    };
    if (node?.memoryBytes == null)
      throw refuse(
        `This topology does not say how much memory NUMA node ${String(id)} has, and there is no memory_manager_state.`,
        'Copy memory_manager_state from the node, or give its topology with --host.',
      );
    const pools = node.hugepages;
    const pooled = pools.reduce((sum, { total, sizeBytes }) => sum + total * sizeBytes, 0);
    return {
      ...{ id, assignments: 0, cells: [id] },
      tables: {
        memory: table(node.memoryBytes - pooled, 'memory'),
        ...Object.fromEntries(
          pools.map(({ sizeBytes, total }) => {
            const resource = hugePageResource(sizeBytes);
            return [resource, table(total * sizeBytes, resource)] as const;
          }),
        ),
      },
    };
  });
}

/** "hugepages-2Mi", "hugepages-1Gi". */
export function hugePageResource(sizeBytes: number): string {
  const units = ['Ki', 'Mi', 'Gi'] as const;
  const at = sizeBytes % 2 ** 30 === 0 ? 2 : sizeBytes % 2 ** 20 === 0 ? 1 : 0;
  return `hugepages-${String(sizeBytes / 2 ** (10 * (at + 1)))}${units[at]}`;
}
