/**
 * The machine as data: what `topology --format json` prints and what every other room works from.
 *
 * Ids are the kernel's (lstopo's `P#`). CPU sets are strings in the kernel's list format ("0-17,36-53"), so that a
 * topology is plain JSON; `cpulist.ts` turns them into numbers.
 */

export const TOPOLOGY_SCHEMA = 'numa-pinboard/topology/1';

export interface Machine {
  /** Host name as the kernel gives it; the file's name where a dump has none. */
  readonly name: string;
  /** As `uname -m`: x86_64, aarch64, ppc64le, s390x, riscv64 … */
  readonly architecture: string;
  readonly kernel: string;
  readonly cpuModel: string | null;
  /** Name of the hypervisor ("kvm", "vmware", "tcg" …), null on bare metal. */
  readonly hypervisor: string | null;
  /** True where software plays the CPU (QEMU's TCG): no time measured there says anything about hardware. */
  readonly emulated: boolean;
}

export interface Package {
  readonly id: number;
  readonly cpus: string;
  /** True where the host names no packages, or contradicts itself, and the reader put these CPUs together. */
  readonly inferred: boolean;
}

/** A die or a cluster: a group of cores inside one package. */
export interface Group {
  readonly id: number;
  readonly package: number;
  readonly cpus: string;
}

export interface HugePool {
  readonly sizeBytes: number;
  /** Pages reserved on the node. */
  readonly total: number;
  /** Null where a file that is read does not say (lstopo XML). */
  readonly free: number | null;
}

/** As a host that is asked gives it. */
export interface HugePages extends HugePool {
  readonly free: number;
}

/** What firmware (ACPI HMAT) rates for access from the best initiators; never a measurement. */
export interface Rated {
  readonly readLatencyNs: number | null;
  readonly writeLatencyNs: number | null;
  readonly readBandwidthMBs: number | null;
  readonly writeBandwidthMBs: number | null;
  /** Node ids the figures hold for. */
  readonly initiators: readonly number[];
}

export interface NumaNode {
  readonly id: number;
  /** CPUs whose home it is, each CPU's one at most; "" for a node that is home to none. */
  readonly cpus: string;
  /**
   * CPUs at home elsewhere that its memory is as near to: the kernel lists them at this node too (numa=fake), or the GPU whose
   * memory it is says so. Absent on most nodes.
   */
  readonly nearCpus?: string | undefined;
  /** Inside the cpuset this session may take memory from (`Mems_allowed`). */
  readonly allowed: boolean;
  /** True where the host shows no NUMA nodes and the reader made this one: no tool can be told to bind to it. */
  readonly inferred: boolean;
  /** MemTotal; 0 for a node without memory, null where the host does not say. */
  readonly memoryBytes: number | null;
  /** MemFree at the moment of reading; null where unknown. */
  readonly freeBytes: number | null;
  /** Firmware distance (ACPI SLIT, 10 = local) to each node, by node id. Empty where the host gives none. */
  readonly distances: Readonly<Record<string, number>>;
  readonly hugepages: readonly HugePool[];
  readonly rated: Rated | null;
  readonly memorySideCaches: readonly { readonly level: number; readonly sizeBytes: number }[];
}

export type CacheType = 'data' | 'instruction' | 'unified';

export interface Cache {
  readonly level: number;
  readonly type: CacheType;
  /** 0 never stands for unknown: null does. */
  readonly sizeBytes: number | null;
  readonly lineBytes: number | null;
  readonly cpus: string;
}

export interface Core {
  /** The kernel's `core_id`, which repeats between packages; null where the host gives none. */
  readonly id: number | null;
  readonly package: number;
  readonly cpus: string;
  /** True where the CPUs name no thread siblings, or contradict each other, and the reader put them together by number, or each alone. */
  readonly inferred: boolean;
}

export interface Cpu {
  readonly id: number;
  readonly online: boolean;
  /** Inside the cpuset and affinity this session may use. */
  readonly allowed: boolean;
  /** Kept away from the scheduler's load balancing by `isolcpus=` or an isolated cpuset. */
  readonly isolated: boolean;
  /** Name of the kind of core on hybrid machines, else null. */
  readonly kind: string | null;
}

export type DeviceKind = 'network' | 'storage' | 'gpu' | 'accelerator';

/** What of an I/O device is worth pinning near to: an interface or a disk, or a PCI device no driver made one of. */
export interface Device {
  readonly kind: DeviceKind;
  /** The kernel's ("eth0", "nvme0n1", "card0"); its address where it has no other. */
  readonly name: string;
  /** Of the PCI device it is a part of ("0000:3b:00.0"); null for what is on no PCI bus (persistent memory). */
  readonly address: string | null;
  /** Class and ids as `lspci -n` prints them ("0200 8086:1521"); null where unknown. */
  readonly pci: string | null;
  /** Its NUMA node; null where firmware names none, and where a file that is read does not say. */
  readonly node: number | null;
  /** Online CPUs near it; all of them where none is nearer than another. */
  readonly cpus: string;
}

export interface Topology {
  readonly schema: typeof TOPOLOGY_SCHEMA;
  readonly machine: Machine;
  readonly packages: readonly Package[];
  readonly dies: readonly Group[];
  readonly clusters: readonly Group[];
  readonly nodes: readonly NumaNode[];
  readonly caches: readonly Cache[];
  readonly cores: readonly Core[];
  readonly cpus: readonly Cpu[];
  /** In the order of their nodes, those of no node last; within one as `inOrder` puts them. */
  readonly devices: readonly Device[];
  /** What the host reports that cannot be right, and what was done about it. */
  readonly warnings: readonly string[];
}
