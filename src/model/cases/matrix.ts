/** What a matrix of CPU pairs measured. */

export const MATRIX_KINDS = ['latency', 'throughput', 'bandwidth'] as const;
export type MatrixKind = (typeof MATRIX_KINDS)[number];

/** All pairs of these CPUs. (Bandwidth is measured as memory cases, from a CPU of each node to each node.) */
export interface MatrixCase {
  readonly kind: 'matrix';
  readonly matrix: Exclude<MatrixKind, 'bandwidth'>;
  readonly cpus: string;
  /** `first`: the memory between two CPUs lies on the first one's node. `unknown`: whoever measured did not say. */
  readonly line: 'first' | 'unknown';
  /** Name of the file whose figures stood in for a clock, or null. */
  readonly simulated: string | null;
}
