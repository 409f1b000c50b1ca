/** A NUMA node: its name, its memory as a bar, and what the bar is made of. */

import { formatBytes } from '../text/format.ts';
import type { Box } from '../layout/box.ts';
import { SMALLEST_TYPE, textWidth } from '../layout/label.ts';
import type { HugePool } from '../topology/topology.ts';
import { barToken, isNarrow } from './bar-token.ts';
import { freeBytesOf, insideOf, isLow, toldOn, wordsOn } from './bar-words.ts';
import type { NodeFace, Told } from './bar-words.ts';
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

const bytesIn = (pages: readonly HugePool[], key: 'total' | 'free'): number =>
  pages.reduce((all, one) => all + (one[key] ?? 0) * one.sizeBytes, 0);

function memoryOf(face: NodeFace): Memory {
  const { node, sample } = face;
  const pages = sample?.hugepages ?? node.hugepages;
  const free = freeBytesOf(face);
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
/** px of a node bar below which its name and its meter come nearer to each other, and below which there is no meter. */
const LOWEST = 31;
const BARE = 19;

/** Where the name stands, and the meter below it: px from the upper edge. In a very low bar there is only the name, or nothing. */
function linesOf(h: number): { readonly name: number | null; readonly meter: number; readonly high: number } {
  // From near there is room for more of the meter.
  if (h >= LOWEST) return { name: 15, meter: 21, high: METER + Math.max(0, Math.min(h - TALL, 12)) };
  if (h < BARE) return { name: h < SMALLEST_TYPE + 1 ? null : h / 2 + 4, meter: 0, high: 0 };
  const high = Math.min(METER, Math.max(3, h - 19));
  return { name: (h - high) / 2 + 3, meter: h - high - 3, high };
}

/** Where the meter stands, and with it what stands below: no meter, no height. */
export function meterOf(box: Box): Box {
  const { meter, high } = linesOf(box.h);
  const x = box.x + (isNarrow(box) ? 4 : 8);
  return { x, y: box.y + meter, w: box.w - 2 * (x - box.x), h: high === 0 ? 0 : box.y + box.h - 5 - (box.y + meter) };
}

const TOUCHED = 'memory: first touch';

/** What stands at the right end below the meter: where memory will lie is worth more words than what it costs. */
function endOf(touched: boolean, measured: readonly string[], room: number): { words: string; classes: string } | null {
  const [all, classes] = touched ? [[TOUCHED], '.t10.e.touch-t'] : [measured, '.t10.e.d'];
  const words = all.find((some) => textWidth(some, 10) <= room);
  return words === undefined ? null : { words, classes };
}

/** @param told how much of its first line it tells: by itself as much as it has room for. */
export function nodeMarks(
  box: Box,
  face: NodeFace,
  ids: Readonly<Record<string, string>> = {},
  told: Told = toldOn([[box, face]]),
): Mark[] {
  const { node, occupied, touched, figure, measured } = face;
  const memory = memoryOf(face);
  const { x, w } = insideOf(box, face);
  const low = isLow(box);
  const { name, more, right } = wordsOn(box, face, told);
  const look = `${node.allowed ? '' : ' barred'}${node.inferred ? ' made' : ''}`;
  const lines = linesOf(box.h);
  const key = box.y + lines.meter + lines.high + 14.5;
  const end = low ? null : endOf(touched !== null, measured, w);
  return [
    mark('rect', { ...crisp(box), ...ids, class: `${ids['class'] ?? `node${occupied ? ' occ' : ''}`}${look}` }),
    ...(lines.name === null
      ? []
      : [
          text(
            '',
            x,
            box.y + lines.name,
            mark('tspan.s', {}, `${name} `),
            more === '' ? null : mark('tspan.d', { dx: 4.5 }, `${more} `),
          ),
          right === '' ? mark('g') : word(figure === null ? '.e' : '.e.s', x + w, box.y + lines.name, right),
        ]),
    ...(lines.high === 0 ? [] : bar(memory, x, box.y + lines.meter, w, lines.high)),
    ...(low ? [] : keyLine(memory, x, key, w - (end ? textWidth(end.words, 10) : 0))),
    ...(end ? [word(end.classes, x + w, key, end.words)] : []),
    ...barToken(box, face),
  ];
}
