/** What a matrix of CPU pairs measured. */

export const MATRIX_KINDS = ['latency', 'throughput', 'bandwidth'] as const;
export type MatrixKind = (typeof MATRIX_KINDS)[number];

/** On which node the memory between two CPUs lies: that of one of them, or one for all pairs. */
export type LineHome = 'first' | 'second' | number;

/** All pairs of these CPUs. (Bandwidth is measured as memory cases, from a CPU of each node to each node.) */
export interface MatrixCase {
  readonly kind: 'matrix';
  readonly matrix: Exclude<MatrixKind, 'bandwidth'>;
  readonly cpus: string;
  /** `unknown`: whoever measured did not say. */
  readonly line: LineHome | 'unknown';
  /** Each line lay in a page that no third CPU had touched; absent: pairs shared one page per node, as in earlier runs, or there is no line. */
  readonly freshPages?: true;
  /** Name of the file whose figures stood in for a clock, or null. */
  readonly simulated: string | null;
}

/** Two CPUs. Where order counts (`orderedPairs`), the line between them lies on the node of the first. */
export type Pair = readonly [a: number, b: number];

/** Pairs that cost the same, as far as known. */
export interface PairClass {
  readonly name: string;
  readonly pairs: readonly Pair[];
  /** Null where nothing of the class was measured. */
  readonly median: number | null;
  /** 95 % */
  readonly interval: readonly [low: number, high: number] | null;
  readonly measuredPairs: number;
  /** What each pair costs, by its place in `pairs`: as measured, else as inferred; empty where nothing was measured. */
  readonly figures: readonly number[];
  /** Places in `pairs` of those that were measured, ascending. */
  readonly measured: readonly number[];
}
