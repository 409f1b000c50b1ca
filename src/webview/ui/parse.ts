/** Owns what the tray's fields accept: `cpu 18`, `18`, `P#18`, `L#12`, `node 1`, or nothing. */

import { CpuListError, formatCpuList, parseCpuList } from '../../model/text/cpulist.ts';
import { cpuOfLogical } from '../../model/topology/numbering.ts';
import type { NumberKind } from '../../model/topology/numbering.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Slot } from '../../model/placement/slots.ts';

const PLACE = /^(?:(cpu|pu|p#|l#|node|numa node)\s*)?(\d{1,6})$/;

/**
 * What the board's finder accepts. A number alone is a CPU, by the numbers that the board shows.
 * @returns null where it is nothing of the kind; an `id` of null is a CPU that the machine does not have.
 */
export function parsePlace(
  typed: string,
  topology: Topology,
  numbers: NumberKind,
): { readonly kind: 'cpu' | 'node'; readonly id: number | null } | null {
  const match = PLACE.exec(typed.trim().toLowerCase());
  if (!match) return null;
  if (match[1]?.endsWith('node')) return { kind: 'node', id: Number(match[2]) };
  const logical = match[1] === 'l#' || (match[1] === undefined && numbers === 'L');
  return { kind: 'cpu', id: logical ? cpuOfLogical(topology, Number(match[2])) : Number(match[2]) };
}

/** No ids: back into the tray. */
export type Typed = { readonly ids: readonly number[] } | { readonly wrong: string };

const LIST = /^(?:(cpus?|pus?|p#|nodes?|numa nodes?)\s*)?([\d,\s-]+)$/;

/** Several CPUs or nodes as a list, "0-3,8". */
function parseIds(text: string, kind: 'cpu' | 'node'): Typed {
  const example = kind === 'node' ? 'nodes 0-1' : 'cpus 0-3,8';
  const match = LIST.exec(text);
  if (!match) return { wrong: `Type ${example}, or the numbers alone.` };
  if (match[1] !== undefined && /nodes?$/.test(match[1]) !== (kind === 'node')) return { wrong: WRONG_KIND[kind] };
  try {
    return { ids: parseCpuList(match[2] ?? '') };
  } catch (error) {
    return { wrong: error instanceof CpuListError ? `${error.message}.` : `Type ${example}.` };
  }
}

const WRONG_KIND = {
  cpu: 'Threads run on a CPU: type cpu 18.',
  node: 'Memory is placed on a node: type node 1.',
} as const;

export function parseTarget({ on, many }: Pick<Slot, 'on' | 'many'>, typed: string, topology: Topology): Typed {
  const text = typed.trim().toLowerCase();
  if (text === '') return { ids: [] };
  const [kind, example] = on === 'nodes' ? (['node', 'node 1'] as const) : (['cpu', 'cpu 18'] as const);
  const match = PLACE.exec(text);
  if (!match) return many ? parseIds(text, kind) : { wrong: `Type ${example}, or the number alone.` };
  const named = match[1] === undefined ? kind : match[1].endsWith('node') ? 'node' : 'cpu';
  if (named !== kind) return { wrong: WRONG_KIND[kind] };
  if (match[1] !== 'l#') return { ids: [Number(match[2])] };
  const target = cpuOfLogical(topology, Number(match[2]));
  return target === null ? { wrong: `No CPU here is L#${match[2] ?? ''}.` } : { ids: [target] };
}

/** "cpu 18", "cpus 0-3,8", "node 1". */
export const idsWords = ({ on }: Pick<Slot, 'on'>, ids: readonly number[]): string =>
  `${on === 'nodes' ? 'node' : 'cpu'}${ids.length > 1 ? 's' : ''} ${formatCpuList(ids)}`;

/** A whole number within bounds; the words say what is wrong, for the line below the field. */
export function parseWhole(
  typed: string,
  low: number,
  high: number,
): { readonly value: number } | { readonly wrong: string } {
  const text = typed
    .trim()
    .replaceAll(',', '')
    .replace(/\s*items?$/, '');
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high)
    return { wrong: `Enter a whole number from ${low} to ${high}.` };
  return { value };
}

/** `1s`, `1 s`, `250 ms`, or a number of seconds; in milliseconds. */
export function parseDuration(typed: string): { readonly value: number } | { readonly wrong: string } {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s)?$/.exec(typed.trim().toLowerCase());
  const value = match ? Math.round(Number(match[1]) * (match[2] === 'ms' ? 1 : 1000)) : NaN;
  return value >= 10 && value <= 600_000 ? { value } : { wrong: 'Enter 10 ms to 600 s, such as 1 s or 250 ms.' };
}

const SIZE_FACTORS = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 } as const;

/** `64M`, `1 GB`, `1.5 GiB`; in bytes, of which there are 1,024 in a kilobyte. */
export function parseSize(typed: string): { readonly value: number } | { readonly wrong: string } {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/.exec(typed.trim().toLowerCase());
  const value = match ? Math.round(Number(match[1]) * SIZE_FACTORS[match[2] as keyof typeof SIZE_FACTORS]) : NaN;
  return value >= 65_536 && value <= 2 ** 40 ? { value } : { wrong: 'Enter 64 KB to 1 TB, such as 256 MB or 1 GB.' };
}

export const durationWords = (ms: number): string => (ms % 100 === 0 ? `${ms / 1000} s` : `${ms} ms`);
