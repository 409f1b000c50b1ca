/** What is measured and where: the board's tokens and fields, and the command line's options, as one value. */

export const PADDINGS = [0, 64, 128, 256] as const;
export type Padding = (typeof PADDINGS)[number];

export const PAGE_KINDS = ['4k', 'thp', '2m', '1g'] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

/** A node's id, or a policy: first touch by one end, or interleaved over all nodes with memory. */
export type MemoryTarget = number | 'producer' | 'consumer' | 'interleave';

/** Where the tokens sit; null is still in the tray. Memory in the tray means: on the producer's node. */
export interface Placement {
  readonly producer: number | null;
  readonly consumer: number | null;
  /** Node id. */
  readonly memory: number | null;
}

export const EMPTY_PLACEMENT: Placement = { producer: null, consumer: null, memory: null };

export type Role = keyof Placement;
/** Threads of a program that runs: these, `thread:#TID,TID`, or all of a name, `thread:NAME`. */
export type ThreadToken = `thread:${string}`;
/** Whatever can be carried over the machine. */
export type Token = Role | ThreadToken;
export const ROLES = ['producer', 'consumer', 'memory'] as const satisfies readonly Role[];

/** The fields of the board's "Measure" section. */
export interface Workload {
  /** Bytes between the ring's indices. */
  readonly padding: Padding;
  /** Items the ring holds, a power of two; an item is 8 bytes. */
  readonly capacity: number;
  /** Items published at once. */
  readonly batch: number;
  readonly pages: PageKind;
  readonly rounds: number;
  readonly durationMs: number;
  /** Round-trip latency instead of throughput. */
  readonly latency: boolean;
}

export const DEFAULT_WORKLOAD: Workload = {
  padding: 128,
  capacity: 4096,
  batch: 1,
  pages: '4k',
  rounds: 7,
  durationMs: 1000,
  latency: false,
};

/** One of the placements that a run measures in turn. */
export interface SpscCase {
  readonly producer: number;
  readonly consumer: number;
  readonly memory: MemoryTarget;
  /** False: the threads start there but may move; migrations are counted. */
  readonly pin: boolean;
  readonly padding: Padding;
  readonly capacity: number;
  readonly batch: number;
  readonly pages: PageKind;
}

export interface MemoryCase {
  readonly what: 'latency' | 'bandwidth';
  readonly cpu: number;
  readonly node: number;
  readonly pages: PageKind;
  readonly sizeBytes: number;
}

export const MATRIX_KINDS = ['latency', 'throughput', 'bandwidth'] as const;
export type MatrixKind = (typeof MATRIX_KINDS)[number];

/** All pairs of these CPUs. (Bandwidth is measured as memory cases, from a CPU of each node to each node.) */
export interface MatrixCase {
  readonly matrix: Exclude<MatrixKind, 'bandwidth'>;
  readonly cpus: string;
  /** `first`: the memory between two CPUs lies on the first one's node. `unknown`: whoever measured did not say. */
  readonly line: 'first' | 'unknown';
  /** Name of the file whose figures stood in for a clock, or null. */
  readonly simulated: string | null;
}

export function isMatrixCase(placement: object): placement is MatrixCase {
  return 'matrix' in placement;
}
