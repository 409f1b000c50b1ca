/** What stands in the first line of a node's bar; bars of a kind all tell the same, or one would think that the others have none of it. */

import { formatBytes } from '../text/format.ts';
import type { Box } from '../layout/box.ts';
import { textWidth } from '../layout/label.ts';
import type { NodeSample } from '../live/sample.ts';
import { NO_NUMA } from '../topology/counts.ts';
import type { NumaNode } from '../topology/topology.ts';
import { isNarrow, tokenRoom } from './bar-token.ts';
import type { BarToken } from './bar-token.ts';

export interface NodeFace extends BarToken {
  readonly node: NumaNode;
  readonly sample: NodeSample | null;
  readonly bare: boolean;
  /** What the measure says, where nodes are what it counts; it takes the place of free memory. */
  readonly figure: string | null;
  /** What was measured from its own CPUs to its memory, in words, the longest first; empty where nothing was. */
  readonly measured: readonly string[];
}

/** Memory that this session may not take, in full where it fits. */
export const FORBIDDEN = 'outside the cpuset';
const SHORT_FORBIDDEN = 'not allowed';

/** Bars lower than this have no line below the meter. */
const LOW = 44;
export const isLow = ({ h }: Pick<Box, 'h'>): boolean => h < LOW;

/** Where the words of a bar are, beside its token (px). */
export function insideOf(box: Box, face: BarToken): { readonly x: number; readonly w: number } {
  const small = isNarrow(box);
  const dx = tokenRoom(box, face);
  return { x: box.x + (small ? 4 : 8) + dx, w: box.w - (small ? 8 : 16) - dx };
}

export const freeBytesOf = ({ node, sample }: NodeFace): number | null => sample?.freeBytes ?? node.freeBytes;

/** What stands at the right end beside the name, the longest first: what may not be used is worth more words than what is free. */
function rightsOf(face: NodeFace, low: boolean): readonly string[] {
  const { node, figure, measured } = face;
  if (figure !== null) return [figure];
  if (!node.allowed) return [FORBIDDEN, SHORT_FORBIDDEN];
  const bytes = freeBytesOf(face);
  const free = bytes === null || node.memoryBytes === 0 ? [] : [`${formatBytes(bytes)} free`];
  // A low bar has no other line for it.
  const [all, ...shorter] = low ? measured : [];
  return all === undefined ? free : [...free.map((words) => `${words}, ${all}`), all, ...shorter];
}

/** Beside the name, all of it and only the first. */
function moresOf({ node, occupied, setting, bare }: NodeFace): readonly string[] {
  const size = node.memoryBytes === 0 ? 'no memory' : node.memoryBytes === null ? '' : formatBytes(node.memoryBytes);
  const about = [
    occupied ? (setting?.words ?? '') : '',
    size,
    bare ? 'no CPUs' : '',
    node.inferred ? NO_NUMA : '',
  ].filter((words) => words !== '');
  return about.map((_, i) => about.slice(0, about.length - i).join(', '));
}

function namesOf({ node }: NodeFace): readonly string[] {
  return node.inferred ? ['Memory', 'Mem'] : [`NUMA node ${node.id}`, `Node ${node.id}`, String(node.id)];
}

export interface BarWords {
  readonly name: string;
  readonly more: string;
  readonly right: string;
}

/** How short each of the words of a bar is, 0 for the longest; null: not told. */
export interface Told {
  readonly name: number | null;
  readonly more: number | null;
  readonly right: number | null;
}

const pick = (all: readonly string[], at: number | null): string =>
  at === null ? '' : (all[Math.min(at, all.length - 1)] ?? '');

export function wordsOn(box: Box, face: NodeFace, told: Told): BarWords {
  return {
    name: pick(namesOf(face), told.name),
    more: pick(moresOf(face), told.more),
    right: pick(rightsOf(face, isLow(box)), told.right),
  };
}

function fits(box: Box, face: NodeFace, told: Told): boolean {
  const { name, more, right } = wordsOn(box, face, told);
  const beside = (words: string, gap: number): number => (words === '' ? 0 : textWidth(words, 11) + gap);
  return textWidth(name, 12) + beside(more, 8) + beside(right, 12) <= insideOf(box, face).w;
}

/** The number alone is a name only where what stands beside it must: a figure, "not allowed", what was measured. */
const isUrgent = (box: Box, { figure, node, measured }: NodeFace): boolean =>
  figure !== null || !node.allowed || (isLow(box) && measured.length > 0);

const upTo = (most: number): number[] => Array.from({ length: most }, (_, i) => i);

/** All that there is to choose from, the best first. */
function choices(rights: number, mores: number, urgent: boolean): Told[] {
  const names = [0, 1];
  return [
    ...upTo(rights).flatMap((right) => upTo(mores).flatMap((more) => names.map((name) => ({ name, more, right })))),
    ...upTo(rights).flatMap((right) => names.map((name) => ({ name, more: null, right }))),
    ...(urgent ? upTo(rights).map((right) => ({ name: 2, more: null, right })) : []),
    ...upTo(mores).flatMap((more) => names.map((name) => ({ name, more, right: null }))),
    ...upTo(3).map((name) => ({ name, more: null, right: null })),
  ];
}

/** The most that all these bars have room for. */
export function toldOn(bars: readonly (readonly [Box, NodeFace])[]): Told {
  const rights = Math.max(0, ...bars.map(([box, face]) => rightsOf(face, isLow(box)).length));
  const mores = Math.max(0, ...bars.map(([, face]) => moresOf(face).length));
  const urgent = bars.some(([box, face]) => isUrgent(box, face));
  const found = choices(rights, mores, urgent).find((told) => bars.every(([box, face]) => fits(box, face, told)));
  return found ?? { name: null, more: null, right: null };
}

/** For each bar what it tells: those with a token have less room and tell what they can, all others what all of their kind can. */
export function toldAlike(bars: readonly (readonly [Box, NodeFace])[]): Told[] {
  const kindOf = ([box, face]: readonly [Box, NodeFace]): string | null =>
    tokenRoom(box, face) > 0 ? null : `${face.bare} ${isLow(box)}`;
  const kinds = new Map<string, Told>();
  return bars.map((bar) => {
    const kind = kindOf(bar);
    if (kind === null) return toldOn([bar]);
    const told = kinds.get(kind) ?? toldOn(bars.filter((other) => kindOf(other) === kind));
    kinds.set(kind, told);
    return told;
  });
}
