/** What was seen of the processes of a selection together, and what was asked for them. */

import type { Reading } from '../run/run.ts';

type ByNode = Readonly<Record<string, number>>;

/** Bytes by node of whole control groups, by the kernel's own count: pages that processes share are counted once. */
export interface GroupMemory {
  /** "memory.numa_stat" */
  readonly source: string;
  readonly anon?: ByNode | undefined;
  /** Page cache and shared memory that were charged to it. */
  readonly file?: ByNode | undefined;
  /** Of the kernel for it; cgroup v1 does not tell. */
  readonly kernel?: ByNode | undefined;
}

/** Where resident pages lie, told from pages at random: pages that processes share are counted for each. */
export interface SampledPages {
  /** Bytes by node. */
  readonly nodes: ByNode;
  /** How far off those may be, ± bytes, at 95 %. */
  readonly margins: ByNode;
  readonly residentBytes: number;
  /** Addresses asked for, and how many of them were present pages. */
  readonly asked: number;
  readonly found: number;
  /** Every page was asked: there is no margin. */
  readonly all: boolean;
  readonly processes: number;
  /** Of these, how many could not be read. */
  readonly unread: number;
}

export interface GroupSample {
  /** As asked for: "unit:nginx.service". */
  readonly selection: string;
  /** Processes there are; of hundreds the largest are listed. */
  readonly count: number;
  readonly pids: readonly number[];
  /** Threads of those listed. */
  readonly threads: number;
  readonly memory: Reading<GroupMemory>;
  readonly pages: Reading<SampledPages>;
  /** Pages are asked for more rarely than the rest: so old are these. */
  readonly pagesAgeMs: number;
}

/** What was asked for one process. */
export interface Asked {
  /** Only the variables of OpenMP, MPI and Slurm that name CPUs or memory. */
  readonly environment: Reading<Readonly<Record<string, string>>>;
  /** The nearest control group that limits CPUs or nodes; null: none does. */
  readonly cpuset: { readonly path: string; readonly cpus: string | null; readonly mems: string | null } | null;
}
