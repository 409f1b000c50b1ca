/**
 * What a person may type for a place, into a field of the board or a list of the editor: `cpu 18`, `18`, `P#18`, `L#12`, `node 1`;
 * for a token on many also `0-17,36`, `node:1`, `l3:0`, `all`.
 */

import { toProblem } from '../problem.ts';
import { CpuListError, formatCpuList, parseCpuList } from '../text/cpulist.ts';
import { cpuOfLogical } from '../topology/numbering.ts';
import type { NumberKind } from '../topology/numbering.ts';
import type { Topology } from '../topology/topology.ts';
import { resolveCpus } from './cpu-set.ts';
import { refusal } from './placement.ts';
import type { Slot } from './slots.ts';

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

const WRONG_KIND = {
  cpu: 'Threads run on a CPU: type cpu 18.',
  node: 'Memory is placed on a node: type node 1.',
} as const;

function parseOne(on: Slot['on'], text: string, topology: Topology): Typed {
  const [kind, example] = on === 'nodes' ? (['node', 'node 1'] as const) : (['cpu', 'cpu 18'] as const);
  const match = PLACE.exec(text);
  if (!match) return { wrong: `Type ${example}, or the number alone.` };
  const named = match[1] === undefined ? kind : match[1].endsWith('node') ? 'node' : 'cpu';
  if (named !== kind) return { wrong: WRONG_KIND[kind] };
  if (match[1] !== 'l#') return { ids: [Number(match[2])] };
  const target = cpuOfLogical(topology, Number(match[2]));
  return target === null ? { wrong: `No CPU here is L#${match[2] ?? ''}.` } : { ids: [target] };
}

function parseNodes(text: string): Typed {
  const [, word = '', list] = /^([a-z ]*?)\s*(\d[\d,\s-]*)$/.exec(text) ?? [];
  if (list === undefined) return { wrong: 'Type nodes 0-1, or the numbers alone.' };
  if (!/^(?:(?:numa )?nodes?)?$/.test(word)) return { wrong: WRONG_KIND.node };
  try {
    return { ids: parseCpuList(list) };
  } catch (error) {
    return { wrong: error instanceof CpuListError ? `${error.message}.` : 'Type nodes 0-1.' };
  }
}

/** As the command line takes them, behind "cpus" as the field itself writes them. */
function parseCpus(text: string, topology: Topology): Typed {
  try {
    return { ids: resolveCpus(topology, text.replace(/^(?:cpus?|pus?|p#)\s*/, '')) };
  } catch (error) {
    const { message, hint } = toProblem(error);
    return { wrong: hint === null ? message : `${message} ${hint}` };
  }
}

function parse({ on, many }: Slot, text: string, topology: Topology): Typed {
  if (!many || /^l#\s*\d+$/.test(text)) return parseOne(on, text, topology);
  return on === 'nodes' ? parseNodes(text) : parseCpus(text, topology);
}

/** Where the token is to go, as far as it may go there; else what is wrong. */
export function parseTarget(slot: Slot, typed: string, topology: Topology): Typed {
  const text = typed.trim().toLowerCase();
  if (text === '') return { ids: [] };
  const parsed = parse(slot, text, topology);
  if ('wrong' in parsed) return parsed;
  const no = refusal(topology, slot, parsed.ids);
  return no ? { wrong: no.message } : parsed;
}

/** "cpu 18", "cpus 0-3,8", "node 1". */
export const idsWords = ({ on }: Pick<Slot, 'on'>, ids: readonly number[]): string =>
  `${on === 'nodes' ? 'node' : 'cpu'}${ids.length > 1 ? 's' : ''} ${formatCpuList(ids)}`;
