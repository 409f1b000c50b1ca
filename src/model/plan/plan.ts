/**
 * A placement plan (`*.plan.yaml`, schema `numa-pinboard/plan/1`) as data: what is to run where on a machine, what that needs, and what
 * flows between. Sizes are bytes, CPU sets the kernel's lists. Null: the plan does not say.
 */

export const PLAN_SCHEMA = 'numa-pinboard/plan/1';

/** Of a plan's text. */
export const MAX_PLAN_BYTES = 2 ** 20;

/** A machine: exactly one of the first three is not null. */
export interface PlanHost {
  /** A file or folder that `--from` reads, as written: relative to the plan's own folder. */
  readonly topology: string | null;
  /** hwloc's notation: "pack:2 numa:1 core:18 pu:2". */
  readonly synthetic: string | null;
  /** A host by SSH. */
  readonly ssh: string | null;
  /** Firmware's distances, row by node, for a machine whose description has none (the notation has none). */
  readonly distances: readonly (readonly number[])[] | null;
}

/** What stays for the host itself on a node: its kernel, its services, the hypervisor. */
export interface Reserve {
  readonly node: number;
  readonly cores: number;
  readonly memoryBytes: number;
}

/** `emulator`: cores for the threads that a hypervisor runs beside vCPUs (emulator, I/O threads), and for the host's own work. */
export const BLOCK_KINDS = ['vm', 'pool', 'container', 'process', 'emulator'] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

/** `strict`: from these nodes or not at all (libvirt's strict, `numactl --membind`). */
export const MEMORY_POLICIES = ['strict', 'preferred', 'interleave'] as const;
export type MemoryPolicy = (typeof MEMORY_POLICIES)[number];

/** The vCPU topology that a guest is told. */
export interface GuestTopology {
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
  /** NUMA nodes (libvirt's cells). */
  readonly nodes: number;
}

export interface Block {
  readonly name: string;
  readonly kind: BlockKind;
  /** What it is called where it runs; null: as the block. */
  readonly runsAs: string | null;
  /** Nodes that its CPUs are of; null where the plan leaves it open, or `cpus` says it. */
  readonly nodes: readonly number[] | null;
  /** Whole cores, with all their hardware threads. */
  readonly cores: number | null;
  /** Hardware threads; of a VM, its vCPUs. */
  readonly threads: number | null;
  /** Exactly these CPUs. */
  readonly cpus: string | null;
  readonly memoryBytes: number | null;
  /** Null: the nodes of its CPUs. */
  readonly memoryNodes: readonly number[] | null;
  readonly memoryPolicy: MemoryPolicy;
  /** How much of its memory is in huge pages, and of which size. */
  readonly hugepages: { readonly sizeBytes: number; readonly memoryBytes: number } | null;
  /** What it wants of the L3 cache: bytes, or one that no other block shares. */
  readonly l3: number | 'own' | null;
  /** Of a VM. */
  readonly guest: GuestTopology | null;
  /** Of a VM: where its emulator threads run; null where a block of kind `emulator` serves it, or nothing says. */
  readonly emulatorCpus: string | null;
  /** Of a VM: how many I/O threads it has, and where they run. */
  readonly iothreads: number | null;
  readonly iothreadCpus: string | null;
  /** Of a block of kind `emulator`: the blocks whose threads run here. */
  readonly serves: readonly string[];
  /** By the kernel's name or PCI address; `node` where the machine's description has no devices. */
  readonly devices: readonly { readonly name: string; readonly node: number | null }[];
  /** What it takes of the plan's `storage`. */
  readonly storage: readonly { readonly on: string; readonly bytes: number }[];
  /** "key=value:Effect", of the Kubernetes node that it is. */
  readonly taints: readonly string[];
}

export interface Storage {
  readonly name: string;
  readonly bytes: number;
  /** What is taken of it beside the blocks' own: the host's system, a hot tier, spare. */
  readonly uses: Readonly<Record<string, number>>;
}

export const FLOW_RATES = ['batch', 'second'] as const;
export const FLOW_BOUNDS = ['bandwidth', 'latency'] as const;

/** Bytes that `to` gets out of the memory of `from`. The same block twice: what it reads of its own memory. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  /** Between which bounds; the same twice where one figure is planned. */
  readonly bytes: readonly [low: number, high: number];
  readonly per: (typeof FLOW_RATES)[number];
  /** What its time goes by: how much passes at once, or how long each access waits for the one before. */
  readonly bound: (typeof FLOW_BOUNDS)[number];
  readonly phase: string | null;
}

export interface Phase {
  readonly name: string;
  /** Goes on beside the others: a batch does not wait for it. */
  readonly asynchronous: boolean;
}

export interface Plan {
  readonly schema: typeof PLAN_SCHEMA;
  /** Null: the machine that the command line or the board looks at. */
  readonly host: PlanHost | null;
  readonly reserve: readonly Reserve[];
  readonly blocks: readonly Block[];
  readonly storage: readonly Storage[];
  readonly flows: readonly Flow[];
  readonly phases: readonly Phase[];
}

/** Where in a plan something is, as keys from its root: ["blocks", 0, "cpus"], as the file has them. */
export type PlanPath = readonly (string | number)[];
