/** The machine as nested parts, the way it is drawn. */

import type { Cache, Core, Group, NumaNode } from '../topology/topology.ts';

export interface CoreTree {
  /** Null for a CPU that no core names. */
  readonly core: Core | null;
  readonly cpus: readonly number[];
  /** Data and unified caches of this core alone, outermost first. */
  readonly caches: readonly Cache[];
}

/** Cores that share an L2, or a bundle of cores that share none beside such ones (hybrid machines). */
export interface UnitTree {
  readonly cache: Cache | null;
  readonly cores: readonly CoreTree[];
}

export interface GroupTree {
  readonly cache: Cache | null;
  readonly units: readonly UnitTree[];
}

/** What of a die lies in one NUMA node; all of the node's share where its package is one die, or the die holds nodes. */
export interface PartTree {
  readonly die: Group | null;
  readonly groups: readonly GroupTree[];
}

/** The share of one NUMA node in one package. */
export interface SectionTree {
  /** The node, then those that share its CPUs (numa=fake); empty where it is drawn elsewhere, or unknown. */
  readonly nodes: readonly NumaNode[];
  readonly parts: readonly PartTree[];
}

/** A die that holds whole shares of nodes; all of the package where it is one die, or a node holds dies. */
export interface DieTree {
  readonly die: Group | null;
  /** Caches over several sections of this die. */
  readonly caches: readonly Cache[];
  readonly sections: readonly SectionTree[];
}

export interface PackageTree {
  /** Null where the host does not say which package its CPUs are in. */
  readonly id: number | null;
  readonly inferred: boolean;
  readonly cpus: readonly number[];
  /** Caches over several sections or dies of this package, and those beyond the L3, which may serve other packages too. */
  readonly caches: readonly Cache[];
  readonly dies: readonly DieTree[];
}

export interface BodyTree {
  /** Nodes that span several of the packages, and those that share their CPUs; they stand above them. */
  readonly nodes: readonly NumaNode[];
  readonly packages: readonly PackageTree[];
  /** Nodes without CPUs whose nearest node is in this body. */
  readonly bare: readonly NumaNode[];
}

/** Which nodes have no CPUs of their own, but share those of another: by the node that is their home. */
export type Sharing = ReadonlyMap<NumaNode, readonly NumaNode[]>;

export interface MachineTree {
  readonly bodies: readonly BodyTree[];
  /** Of nodes without CPUs, the one whose CPUs their memory is near to, where the host says so. */
  readonly homes: ReadonlyMap<NumaNode, NumaNode | null>;
  /** Nodes with neither CPUs nor memory, where there are several: they fold into one chip. */
  readonly empty: readonly NumaNode[];
  /** Offline CPUs of which nobody knows where they are. */
  readonly loose: readonly number[];
}
