/** What is typed into a plan's fields, as values; and values as they are typed, sizes without rounding. */

import type { BlockValues } from '../../model/plan/edit/change.ts';
import type { Block, GuestTopology, Plan } from '../../model/plan/plan.ts';
import { MAX_ID, parseCpuList } from '../../model/text/cpulist.ts';
import { parseSize, wrongName } from '../../protocol/plan.ts';
import { sizeOf } from '../../protocol/plan-write.ts';

/** What a field means: values of the block, in words too; or what is wrong with what was typed. */
export type Taken = { readonly to: BlockValues; readonly words: string } | { readonly wrong: string };

/** A list that is typed, or what is wrong with it. */
type Listed<T> = { readonly list: readonly T[] } | { readonly wrong: string };

export const blank = (words: string): boolean => words.trim() === '';

export function ids(words: string): readonly number[] | null {
  try {
    const list = parseCpuList(words.trim());
    return list.length > 0 ? list : null;
  } catch {
    return null;
  }
}

export const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** Between commas; what is empty is nothing. */
export const parts = (words: string): string[] =>
  words
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function each<T>(words: string, read: (part: string) => { readonly item: T } | { readonly wrong: string }): Listed<T> {
  const list: T[] = [];
  for (const part of parts(words)) {
    const one = read(part);
    if ('wrong' in one) return one;
    list.push(one.item);
  }
  return { list };
}

/** "eth0, nvme0n1 on node 1". */
export const devicesTyped = (words: string): Listed<Block['devices'][number]> =>
  each(words, (part) => {
    const [, name = '', node] = /^(.*?)(?:\s+(?:on\s+)?node\s+(\d{1,6}))?$/i.exec(part) ?? [];
    const wrong = wrongName(name);
    if (wrong !== '') return { wrong };
    if (node !== undefined && Number(node) > MAX_ID) return { wrong: `There is no node ${node}.` };
    return { item: { name, node: node === undefined ? null : Number(node) } };
  });
export const devicesWritten = (devices: Block['devices']): string =>
  devices.map(({ name, node }) => (node === null ? name : `${name} on node ${node}`)).join(', ');

/** "40GB on ssd, 1TB on hdd". */
export const sharesTyped = (words: string, { storage }: Pick<Plan, 'storage'>): Listed<Block['storage'][number]> =>
  each(words, (part) => {
    const [, size = '', on = ''] = /^(.*?)\s+(?:on|of)\s+(.+)$/i.exec(part) ?? [];
    if (on === '') return { wrong: 'Type a size and on which storage: 40GB on ssd.' };
    const read = parseSize(size);
    if ('wrong' in read) return read;
    const names = storage.map(({ name }) => name);
    if (names.includes(on)) return { item: { on, bytes: read.bytes } };
    const there = names.length === 0 ? 'Add it under Storage, below' : `There are ${quoted(names)}`;
    return { wrong: `The plan has no storage "${on}". ${there}.` };
  });
export const sharesWritten = (shares: Block['storage']): string =>
  shares.map(({ on, bytes }) => `${sizeOf(bytes)} on ${on}`).join(', ');

/** "hot tier 80GB, host 100GB". */
export function usesTyped(
  words: string,
): { readonly uses: Readonly<Record<string, number>> } | { readonly wrong: string } {
  const read = each(words, (part) => {
    const [, name = '', written = ''] = /^(.*?)\s*[:=]?\s+(\d[\d.]*\s?[a-z]+|0)$/i.exec(part) ?? [];
    const size = parseSize(written);
    if ('wrong' in size) return { wrong: 'Type what it is for and how much: host 100GB, spare 10GB.' };
    const wrong = wrongName(name);
    return wrong === '' ? { item: [name, size.bytes] as const } : { wrong };
  });
  return 'wrong' in read ? read : { uses: Object.fromEntries(read.list) };
}
export const usesWritten = (uses: Readonly<Record<string, number>>): string =>
  Object.entries(uses)
    .map(([name, bytes]) => `${name} ${sizeOf(bytes)}`)
    .join(', ');

/** "1 x 16 x 2", "2 x 8 x 2 on 2 nodes". */
export function guestTyped(words: string): { readonly guest: GuestTopology } | { readonly wrong: string } {
  const found =
    /^\s*(\d{1,4})\s*[x\u00d7*]\s*(\d{1,6})\s*[x\u00d7*]\s*(\d{1,2})(?:\s*(?:,|on)?\s*(\d{1,4}) nodes?)?\s*$/i.exec(
      words,
    );
  const [sockets, cores, threads, nodes] = [1, 2, 3, 4].map((at) => Number(found?.[at] ?? 1));
  if (!found || !sockets || !cores || !threads || !nodes)
    return { wrong: 'Type sockets x cores x threads: 1 x 16 x 2; with NUMA nodes 2 x 8 x 2 on 2 nodes.' };
  return { guest: { sockets, cores, threads, nodes } };
}
export const guestWritten = ({ sockets, cores, threads, nodes }: GuestTopology): string =>
  `${sockets} \u00d7 ${cores} \u00d7 ${threads}${nodes === 1 ? '' : ` on ${nodes} nodes`}`;

/** "80MB", "80-400MB", "80MB-400MB": one size, or the bounds of a range. */
export function rangeTyped(words: string): { readonly bytes: readonly [number, number] } | { readonly wrong: string } {
  const [first = '', second] = words.split(/\s*(?:-|\u2013|\bto\b)\s*/);
  const unit = /[a-z]+\s*$/i.exec(second ?? '')?.[0] ?? '';
  const low = parseSize((/[a-z]\s*$/i.test(first) ? first : first.trim() + unit).trim());
  const high = second === undefined ? low : parseSize(second.trim());
  if ('wrong' in low || 'wrong' in high)
    return { wrong: 'Give a size with its unit, such as 700MB, or a range: 140MB-700MB.' };
  if (low.bytes > high.bytes) return { wrong: 'The first of two sizes is the smaller.' };
  return { bytes: [low.bytes, high.bytes] };
}
export const rangeWritten = ([low, high]: readonly [number, number]): string =>
  low === high ? String(sizeOf(low)) : `${sizeOf(low)}\u2013${sizeOf(high)}`;
