/** Live state of a machine over one interval: what `watch` prints a line of. Rates are per second of that interval. */

import type { Decision } from '../bench/separation/decision.ts';
import type { ServiceWindow } from '../cases/service.ts';
import type { GroupSample } from './group.ts';
import type { HugePages } from '../topology/topology.ts';

export const SAMPLE_SCHEMA = 'numa-pinboard/sample/1';

export interface CpuSample {
  readonly id: number;
  /** Share of the interval that was not idle or waiting for I/O, 0 … 1. */
  readonly busy: number;
}

/**
 * Allocation events are pages (4 KiB units of numastat), not accesses and not bytes moved; huge pages are not counted.
 * hit, miss, local and other are charged to the node that supplied the page, foreign to the one that was preferred.
 * null: the host does not say.
 */
export interface NodeSample {
  readonly id: number;
  readonly freeBytes: number | null;
  readonly usedBytes: number | null;
  /** Page cache and buffers, a part of what is used; null where unknown. */
  readonly fileBytes: number | null;
  /** Pages of processes, and the kernel's own small objects: parts of what is used. Absent in samples of earlier versions. */
  readonly anonBytes?: number | null | undefined;
  readonly slabBytes?: number | null | undefined;
  readonly hitPerSecond: number | null;
  readonly missPerSecond: number | null;
  readonly foreignPerSecond: number | null;
  readonly localPerSecond: number | null;
  readonly otherPerSecond: number | null;
  /**
   * Shares of the time that its CPUs spent in programs (niced ones too), in the kernel (interrupts too), idle while something waited for a
   * disk, and waiting for the hypervisor, 0 … 1. null: it has no CPUs, or nothing was counted. Absent in samples of earlier versions.
   */
  readonly user?: number | null | undefined;
  readonly system?: number | null | undefined;
  readonly iowait?: number | null | undefined;
  readonly steal?: number | null | undefined;
  readonly hugepages: readonly HugePages[];
}

export interface ThreadSample {
  readonly tid: number;
  readonly name: string;
  /** CPU it last ran on. */
  readonly cpu: number;
  readonly migrations: number | null;
  /** When it began, in clock ticks since the host's boot: numbers are given anew. This and all below are told by the agent only. */
  readonly start?: number | undefined;
  /** CPUs it may run on, in the kernel's list format. */
  readonly allowed?: string | undefined;
  /** It has used for as long as it lives. */
  readonly cpuSeconds?: number | undefined;
  /** Share of the interval in which it ran, 0 … 1; the kernel counts in hundredths of a second. */
  readonly busy?: number | undefined;
  /** Times it went to another CPU in the interval; absent where the kernel does not count. */
  readonly migrated?: number | undefined;
}

export interface ProcessSample {
  readonly pid: number;
  readonly name: string;
  /** As of a thread; told by the agent only, as the next three. */
  readonly start?: number | undefined;
  /** Of the user who is connected. */
  readonly own?: boolean | undefined;
  /** CPUs and nodes it may use, in the kernel's list format; null where the kernel does not say. */
  readonly cpus?: string | null | undefined;
  readonly mems?: string | null | undefined;
  /** Bytes resident by node id, or why they could not be read. */
  readonly residentBytes: Readonly<Record<string, number>> | { readonly unavailable: string };
  readonly threads: readonly ThreadSample[];
}

/** What an I/O device does. What is not counted of it is left out. */
export interface DeviceSample {
  /** The kernel's: "eth0", "nvme0n1"; of interrupts the device that raises them, else what the kernel calls them. */
  readonly name: string;
  readonly kind: 'network' | 'disk' | 'interrupts';
  /** Null where firmware names none. */
  readonly node: number | null;
  readonly receivedBytesPerSecond?: number | undefined;
  readonly sentBytesPerSecond?: number | undefined;
  readonly readBytesPerSecond?: number | undefined;
  readonly writtenBytesPerSecond?: number | undefined;
  readonly interruptsPerSecond?: number | undefined;
  /** Those that CPUs of other nodes handled; left out where its node is not known. */
  readonly farInterruptsPerSecond?: number | undefined;
}

/** What signs say without a measurement of layouts. */
export type ServiceDecision = Pick<Decision, 'rows' | 'verdict' | 'sentence'>;

/** A service's own metrics (`--metrics`), joined with the samples of its processes. */
export interface ServiceSample {
  /** The last stretch between two of its reports; null: there is none yet. */
  readonly window: ServiceWindow | null;
  /** By all that it has told since the watching began. */
  readonly decision: ServiceDecision;
}

export interface Sample {
  readonly schema: typeof SAMPLE_SCHEMA;
  /** When it was taken, ISO 8601, by the clock of the machine that runs Pinboard. */
  readonly time: string;
  readonly intervalMs: number;
  readonly cpus: readonly CpuSample[];
  readonly nodes: readonly NodeSample[];
  /** Of all that was selected, each once. */
  readonly processes: readonly ProcessSample[];
  /** What was selected, together; told by the agent only. */
  readonly groups?: readonly GroupSample[] | undefined;
  /** Why there is no figure, where it is known: by the name of a field here, or by a measure's key. */
  readonly unavailable?: Readonly<Record<string, string>> | undefined;
  /** Of measures with files of their own: by the measure's key, then by the id of a CPU or node, or the name of a part of the whole. */
  readonly figures?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
  readonly devices?: readonly DeviceSample[] | undefined;
  readonly service?: ServiceSample | undefined;
}
