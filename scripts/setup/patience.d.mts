// The types of patience.mjs, for the strictly typed tests that import it.
export interface Load {
  readonly load: number;
  readonly cpus: number;
  readonly stealShare: number;
}
export function slowness(load: Load): number;
export function watchLimit(limitMs: number, late: (minutes: number) => void, read?: () => Load): () => void;
