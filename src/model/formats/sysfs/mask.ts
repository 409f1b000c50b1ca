/** CPU sets as the kernel's hexadecimal masks ("00000003,ffffffff"): what `thread_siblings`, `cpumap` … hold. */

import { MAX_ID } from '../../text/cpulist.ts';

/** Ids whose bit is set, ascending; null for what is no mask. Groups of 32 bits, most significant first, as `%*pb` prints. */
export function parseCpuMask(text: string): number[] | null {
  const groups = text.trim().split(',');
  if (groups.length > (MAX_ID + 1) / 32) return null;
  if (!groups.every((group) => /^[0-9a-f]{1,8}$/i.test(group))) return null;
  const ids: number[] = [];
  groups.reverse().forEach((group, i) => {
    const bits = Number.parseInt(group, 16);
    for (let bit = 0; bit < 32; bit++) if ((bits >>> bit) & 1) ids.push(i * 32 + bit);
  });
  return ids;
}
