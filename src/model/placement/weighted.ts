/** Weighted interleave: pages spread over nodes by weights of the kernel's. */

/** The first kernel that has it (fa3bea4e1f82, "introduce MPOL_WEIGHTED_INTERLEAVE"). */
export const WEIGHTED_SINCE = [6, 9] as const;

/** Null: this text names no version. */
export function hasWeightedInterleave(kernel: string): boolean | null {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})\b/.exec(kernel) ?? [];
  if (major === undefined || minor === undefined) return null;
  const [atLeast, and] = WEIGHTED_SINCE;
  return Number(major) > atLeast || (Number(major) === atLeast && Number(minor) >= and);
}
