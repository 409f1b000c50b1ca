/** CPU and node sets in the kernel's list format ("0-3,8,10-11"), both ways. */

/** Ids above this are refused: no kernel has them, and a hostile "0-4294967295" must not fill memory. */
export const MAX_ID = 65_535;

export class CpuListError extends Error {
  override name = 'CpuListError';
}

/**
 * Ids named by a list, ascending and without repeats. "" is the empty set. Strides ("0-31:1/2"), as the kernel
 * accepts them on its command line, are not part of what it prints and are refused.
 * @throws CpuListError naming the part that is wrong.
 */
export function parseCpuList(text: string): number[] {
  const ids = new Set<number>();
  for (const part of text.trim().split(',')) {
    const piece = part.trim();
    if (piece === '') continue;
    const match = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(piece);
    if (!match) throw new CpuListError(`"${piece.slice(0, 40)}" is not a CPU list; write for example 0-3,8`);
    const low = Number(match[1]);
    const high = match[2] === undefined ? low : Number(match[2]);
    if (high < low) throw new CpuListError(`"${piece}" counts down; write ${String(high)}-${String(low)}`);
    if (high > MAX_ID) throw new CpuListError(`"${piece}" is beyond the largest id, ${String(MAX_ID)}`);
    for (let id = low; id <= high; id++) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b);
}

/** The shortest list of the ids, as the kernel prints it: [0,1,2,5] is "0-2,5". */
export function formatCpuList(ids: Iterable<number>): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length;) {
    let j = i;
    while (j + 1 < sorted.length && sorted[j + 1] === (sorted[j] ?? 0) + 1) j++;
    parts.push(i === j ? String(sorted[i]) : `${String(sorted[i])}-${String(sorted[j])}`);
    i = j + 1;
  }
  return parts.join(',');
}
