/** A node as its kubelet left it: how it is configured, and what it has given away. */

import type { CpuPlaces } from './machine.ts';
import type { TopologyPolicy } from './hints.ts';

export interface KubeletPolicies {
  readonly cpuManager: 'none' | 'static';
  readonly cpuOptions: {
    readonly fullCores: boolean;
    readonly acrossNodes: boolean;
    readonly acrossCores: boolean;
    readonly bySocket: boolean;
    readonly byCache: boolean;
  };
  readonly memoryManager: 'None' | 'Static';
  readonly topologyManager: TopologyPolicy;
  readonly scope: 'container' | 'pod';
  readonly preferClosest: boolean;
  /** CPUs that no container gets for itself. */
  readonly reserved: readonly number[];
}

/** Bytes of one kind of memory of one node. */
export interface MemoryTable {
  readonly allocatable: number;
  readonly free: number;
}

export interface NodeMemory {
  readonly id: number;
  /** Containers that have memory here. */
  readonly assignments: number;
  /** Nodes whose memory is given out together with this one's; itself where it is given out alone. */
  readonly cells: readonly number[];
  readonly tables: Readonly<Record<string, MemoryTable>>;
}

/** A container that has CPUs for itself. */
export interface Holder {
  readonly pod: string;
  readonly container: string;
  readonly cpus: readonly number[];
}

/** Devices of one resource on one node. */
export interface NodeDevices {
  readonly node: number;
  readonly free: number;
  readonly total: number;
}

export interface AdmittingNode {
  readonly places: CpuPlaces;
  /** All NUMA nodes of the machine, with CPUs or without, ascending. */
  readonly nodes: readonly number[];
  /** Firmware's distances, in the order of `nodes`; null where firmware gives none. */
  readonly distances: readonly (readonly number[])[] | null;
  readonly policies: KubeletPolicies;
  /** CPUs that no container has for itself, the reserved ones included. */
  readonly shared: readonly number[];
  readonly holders: readonly Holder[];
  /** Null: the memory manager keeps no state here. */
  readonly memory: readonly NodeMemory[] | null;
  readonly devices: Readonly<Record<string, readonly NodeDevices[]>>;
}
