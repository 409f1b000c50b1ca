/** A NUMA node: its name, its memory as a bar, and what the bar is made of. */

import { formatBytes } from '../text/format.ts';
import type { Box } from '../layout/box.ts';
import { textWidth } from '../layout/label.ts';
import type { NodeSample } from '../live/sample.ts';
import { NO_NUMA } from '../topology/counts.ts';
import type { HugePool, NumaNode } from '../topology/topology.ts';
import { barToken, isNarrow, tokenRoom } from './bar-token.ts';
import type { BarToken } from './bar-token.ts';
import { crisp, mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

/** Bytes; null where the host does not say. */
interface Memory {
  readonly total: number | null;
  readonly used: number | null;
  readonly file: number | null;
  readonly huge: number;
  readonly hugeFree: number;
  readonly free: number | null;
}

export interface NodeFace extends BarToken {
  readonly node: NumaNode;
  readonly sample: NodeSample | null;
  readonly bare: boolean;
  /** What the measure says, where nodes are what it counts; it takes the place of free memory. */
  readonly figure: string | null;
  /** What was measured from its own CPUs to its memory, in words, the longest first; empty where nothing was. */
  readonly measured: readonly string[];
}

const bytesIn = (pages: readonly HugePool[], key: 'total' | 'free'): number =>
  pages.reduce((all, one) => all + (one[key] ?? 0) * one.sizeBytes, 0);

function memoryOf({ node, sample }: NodeFace): Memory {
  const pages = sample?.hugepages ?? node.hugepages;
  const free = sample?.freeBytes ?? node.freeBytes;
  const total = node.memoryBytes;
  const taken = sample?.usedBytes ?? (total === null || free === null ? null : total - free);
  const file = sample?.fileBytes ?? null;
  const huge = bytesIn(pages, 'total');
  // Reserved huge pages and page cache are part of what is not free.
  const used = taken === null ? null : Math.max(0, taken - (file ?? 0) - huge);
  return { total, used, file, huge, hugeFree: bytesIn(pages, 'free'), free };
}

const TICKS = 7;

function bar(memory: Memory, x: number, y: number, w: number, h: number): Mark[] {
  const { total } = memory;
  if (total === null || total === 0) return [];
  const marks: Mark[] = [mark('rect.meter', { x: x - 1, y: y - 1, width: w + 2, height: h + 2 })];
  let at = x;
  for (const kind of ['used', 'file', 'huge'] as const) {
    const width = Math.min(((memory[kind] ?? 0) / total) * w, x + w - at);
    if (width <= 0.2) continue;
    marks.push(mark(`rect.${kind}`, { x: at, y, width, height: h }));
    at += width;
    if (kind !== 'huge' || width < 2 * TICKS) continue;
    for (let i = 1; i <= TICKS; i++) {
      const tick = at - (width * i) / (TICKS + 1);
      marks.push(mark('line.tick', { x1: tick, x2: tick, y1: y, y2: y + h }));
    }
  }
  return marks;
}

function keyLine(memory: Memory, x: number, y: number, w: number): Mark[] {
  const marks: Mark[] = [];
  let at = x;
  for (const kind of ['used', 'file', 'huge'] as const) {
    const bytes = memory[kind];
    if (bytes === null || bytes === 0) continue;
    const more = kind === 'huge' ? ` (${formatBytes(memory.hugeFree)} free)` : '';
    const words = `${kind} ${formatBytes(bytes)}`;
    const room = x + w - at - 10;
    const shown = textWidth(words + more, 10) <= room ? words + more : words;
    if (textWidth(shown, 10) > room) break;
    marks.push(mark(`rect.${kind}`, { x: at, y: y - 6.5, width: 6, height: 6 }), word('.t10.d', at + 10, y, shown));
    at += 24 + textWidth(shown, 10);
  }
  return marks;
}

/** Ends in a blank that is not drawn: pieces that stand apart are not read as one word. */
function word(classes: string, x: number, y: number, words: string): Mark {
  return text(classes, x, y, `${words} `);
}

/** px of the bar of memory, in a node bar of usual height. */
const METER = 8;
const TALL = 50;

/** Memory that this session may not take, in full where it fits. */
export const FORBIDDEN = 'outside the cpuset';
const SHORT_FORBIDDEN = 'not allowed';

const TOUCHED = 'memory: first touch';

/** What stands at the right end below the meter: where memory will lie is worth more words than what it costs. */
function endOf(touched: boolean, measured: readonly string[], room: number): { words: string; classes: string } | null {
  const [all, classes] = touched ? [[TOUCHED], '.t10.e.touch-t'] : [measured, '.t10.e.d'];
  const words = all.find((some) => textWidth(some, 10) <= room);
  return words === undefined ? null : { words, classes };
}

/** What stands at the right end beside the name, the longest first: what may not be used is worth more words than what is free. */
function rightsOf({ node, figure, measured }: NodeFace, free: string, low: boolean): readonly string[] {
  if (figure !== null) return [figure];
  if (!node.allowed) return [FORBIDDEN, SHORT_FORBIDDEN];
  // A low bar has no other line for it.
  const [all, ...shorter] = low ? measured : [];
  return all === undefined ? [free] : [...(free === '' ? [] : [`${free}, ${all}`]), all, ...shorter];
}

export function nodeMarks(box: Box, face: NodeFace, ids: Readonly<Record<string, string>> = {}): Mark[] {
  const { node, occupied, setting, touched, bare, figure, measured } = face;
  const memory = memoryOf(face);
  const small = isNarrow(box);
  const dx = tokenRoom(box, face);
  const x = box.x + (small ? 4 : 8) + dx;
  const w = box.w - (small ? 8 : 16) - dx;
  const size = node.memoryBytes === 0 ? 'no memory' : node.memoryBytes === null ? '' : formatBytes(node.memoryBytes);
  const about = [
    occupied ? (setting?.words ?? '') : '',
    size,
    bare ? 'no CPUs' : '',
    node.inferred ? NO_NUMA : '',
  ].filter((words) => words !== '');
  const free = memory.free === null || memory.total === 0 ? '' : `${formatBytes(memory.free)} free`;
  const low = box.h < 44;
  const rights = rightsOf(face, free, low);
  const names = node.inferred ? ['Memory', 'Mem'] : [`NUMA node ${node.id}`, `Node ${node.id}`, String(node.id)];
  // What the measure says, that the node may not be used, and what was measured go before a long name.
  const first = figure ?? (node.allowed ? (low ? (measured.at(-1) ?? null) : null) : SHORT_FORBIDDEN);
  const beside = first === null ? 0 : textWidth(first, 11) + 12;
  const fits = (words: string, room: number): boolean => textWidth(words, 12) <= room;
  const name = names.find((words) => fits(words, w - beside)) ?? names.find((words) => fits(words, w)) ?? '';
  const left = textWidth(name, 12);
  const right = rights.find((words) => left + textWidth(words, 11) + 12 <= w) ?? '';
  const showRight = right !== '';
  const mores = about.map((_, i) => about.slice(0, about.length - i).join(', '));
  const room = w - left - 8 - (showRight ? textWidth(right, 11) + 12 : 0);
  const more = mores.find((words) => textWidth(words, 11) <= room) ?? '';
  const showMore = more !== '';
  const look = `${node.allowed ? '' : ' barred'}${node.inferred ? ' made' : ''}`;
  // From near there is room for more of it.
  const meter = METER + Math.max(0, Math.min(box.h - TALL, 12));
  const end = low ? null : endOf(touched !== null, measured, w);
  return [
    mark('rect', { ...crisp(box), ...ids, class: `${ids['class'] ?? `node${occupied ? ' occ' : ''}`}${look}` }),
    text(
      '',
      x,
      box.y + 15,
      mark('tspan.s', {}, `${name} `),
      showMore ? mark('tspan.d', { dx: 4.5 }, `${more} `) : null,
    ),
    showRight ? word(figure === null ? '.e' : '.e.s', x + w, box.y + 15, right) : mark('g'),
    ...bar(memory, x, box.y + 21, w, meter),
    ...(low ? [] : keyLine(memory, x, box.y + 35.5 + meter, w - (end ? textWidth(end.words, 10) : 0))),
    ...(end ? [word(end.classes, x + w, box.y + 35.5 + meter, end.words)] : []),
    ...barToken(box, face),
  ];
}
