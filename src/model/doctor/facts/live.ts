/** What two looks at a running host, about a second apart, brought: processes, and what the kernel counted meanwhile. */

import type { Reading } from '../../run/run.ts';
import type { LiveCpu, LiveNode } from './nodes.ts';

export interface LiveThread {
  readonly tid: number;
  readonly name: string;
  /** CPU it last ran on, at both looks. */
  readonly cpus: readonly [before: number, after: number];
  /** CPUs' worth. */
  readonly busy: number;
  /** Wanted to run, at both looks. */
  readonly runnable: boolean;
  readonly allowed: readonly number[];
  /** Null: the kernel does not show them (CONFIG_SCHED_DEBUG). */
  readonly migrationsPerSecond: number | null;
}

/** `anon` is what the process has for itself; `shared` is tmpfs and shared memory, `file` pages of files on a disk, `huge` of pools. */
export type MappingKind = 'anon' | 'file' | 'shared' | 'huge';

export interface Mapping {
  readonly kind: MappingKind;
  /** Path of what is mapped; empty for memory without one. */
  readonly name: string;
  readonly policy: string;
  /** Of the policy; empty for those without nodes. */
  readonly nodes: readonly number[];
  readonly bytes: Readonly<Record<string, number>>;
}

/** The control group a process is in. */
export interface LiveGroup {
  readonly path: string;
  /** Memory by node: anonymous pages, and pages of files. */
  readonly anon: Reading<Readonly<Record<string, number>>>;
  /** CPUs and nodes it may use; null where unknown. */
  readonly cpus: readonly number[] | null;
  readonly nodes: readonly number[] | null;
  /** What it was itself set to; null where it has no cpuset. */
  readonly cpusets: OwnCpusets | null;
}

export interface OwnCpusets {
  /** Of its cpuset's files: another than that of its memory in version 1 of control groups. */
  readonly folder: string;
  /** As lists of the kernel; empty: all that the group above it has. */
  readonly cpus: string;
  readonly nodes: string;
}

export interface LiveProcess {
  readonly pid: number;
  readonly name: string;
  /** The beginning of its command line. */
  readonly command: string;
  readonly busy: number;
  readonly residentBytes: number;
  readonly swapBytes: number | null;
  readonly threads: readonly LiveThread[];
  readonly allowedCpus: readonly number[];
  readonly allowedNodes: readonly number[];
  readonly mappings: Reading<readonly Mapping[]>;
  /** What those were read from. */
  readonly origin: string;
  readonly group: LiveGroup | null;
  /** Files, disks and devices it has open, as far as that can be read. */
  readonly open: readonly string[];
  /** Read and written, in bytes a second; null where that may not be read. */
  readonly diskBytesPerSecond: number | null;
}

export interface Live {
  readonly nodes: readonly LiveNode[];
  readonly cpus: readonly LiveCpu[];
  /** Increases a second of /proc/vmstat. */
  readonly vm: Readonly<Record<string, number>>;
  /** Interrupts a second, by their number. */
  readonly interrupts: ReadonlyMap<number, number>;
  /** Processes that were looked at closely: those selected, or the busiest and largest. */
  readonly processes: readonly LiveProcess[];
  /** Whether all processes of the host could be seen: not from within a container, nor where /proc hides those of others. */
  readonly everyone: boolean;
  /** The selection in words; null where there was none. */
  readonly selection: string | null;
}
