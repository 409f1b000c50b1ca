/** hwloc's way to write a set of CPUs or nodes: "0x00000003,,0xffffffff", 32 bits a group, an empty group for 0. */

import { parseCpuMask } from '../sysfs/mask.ts';

/** Ids in the set, ascending; null for an infinite set ("0xf...f") and for what is no set. */
export function parseHwlocSet(text: string | undefined): number[] | null {
  if (text === undefined) return null;
  const groups = text.split(',').map((group) => (group === '' ? '0' : group.replace(/^0x/i, '')));
  return parseCpuMask(groups.join(','));
}

export function formatHwlocSet(ids: Iterable<number>): string {
  const groups: number[] = [];
  for (const id of ids) {
    const at = Math.floor(id / 32);
    while (groups.length <= at) groups.push(0);
    groups[at] = ((groups[at] ?? 0) | (1 << (id % 32))) >>> 0;
  }
  return (groups.length === 0 ? [0] : groups.reverse())
    .map((bits) => `0x${bits.toString(16).padStart(8, '0')}`)
    .join(',');
}
