/** Owns a machine's picture as text: what stands where, in letters, and what is said on it. To be read, and compared line by line. */

import { bottomOf, rightOf } from '../../../src/model/layout/box.ts';
import type { Box, Point } from '../../../src/model/layout/box.ts';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import type { Area } from '../../../src/model/layout/layout.ts';
import { scaleLayout } from '../../../src/model/layout/scale.ts';
import type { Layout } from '../../../src/model/layout/types.ts';
import { SPSC_SLOTS } from '../../../src/model/bench/spsc/slots.ts';
import { chipBox } from '../../../src/model/svg/chip.ts';
import type { Mark } from '../../../src/model/svg/marks.ts';
import { memoryFaces } from '../../../src/model/svg/run-face.ts';
import type { RunFace } from '../../../src/model/svg/run-face.ts';
import { runRoute } from '../../../src/model/svg/run-marks.ts';
import { drawing } from '../../../src/model/svg/topology-svg.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { placed } from '../../support/slots.ts';

/** px a letter stands for. */
const LETTER = { w: 8, h: 16 };

class Sheet {
  readonly #rows: string[][];

  constructor(width: number, height: number) {
    const [columns, rows] = [Math.ceil(width / LETTER.w), Math.ceil(height / LETTER.h)];
    this.#rows = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ' '));
  }

  put(x: number, y: number, letter: string): void {
    const row = this.#rows[Math.floor(y / LETTER.h)];
    const column = Math.floor(x / LETTER.w);
    if (row && column >= 0 && column < row.length) row[column] = letter;
  }

  fill(box: Box, letter: string): void {
    for (let y = Math.floor(box.y / LETTER.h); y <= (bottomOf(box) - 1) / LETTER.h; y++)
      for (let x = Math.floor(box.x / LETTER.w); x <= (rightOf(box) - 1) / LETTER.w; x++)
        this.put(x * LETTER.w, y * LETTER.h, letter);
  }

  frame(box: Box, letter: string): void {
    const { x, y, w, h } = box;
    for (const edge of [
      { x, y, w, h: 1 },
      { x, y: y + h - 1, w, h: 1 },
      { x, y, w: 1, h },
      { x: x + w - 1, y, w: 1, h },
    ])
      this.fill(edge, letter);
  }

  line(points: readonly Point[], letter: string): void {
    points.slice(1).forEach(([x, y], i) => {
      const [x0, y0] = points[i] ?? [x, y];
      this.fill({ x: Math.min(x, x0), y: Math.min(y, y0), w: Math.abs(x - x0) + 1, h: Math.abs(y - y0) + 1 }, letter);
    });
  }

  get text(): string {
    return this.#rows.map((row) => row.join('').trimEnd()).join('\n');
  }
}

const boxWords = ({ x, y, w, h }: Box): string => [x, y, w, h].map(Math.round).join(' ');

/** Every word that is read on it, with how often; of threads only how many are named. */
function said(marks: readonly Mark[]): string[] {
  const counts = new Map<string, number>();
  let named = 0;
  const plain = (mark: Mark): string =>
    mark.children.map((child) => (typeof child === 'string' ? child : plain(child))).join('');
  const walk = (mark: Mark, inCell: boolean): void => {
    const cell = inCell || String(mark.attrs['class'] ?? '').startsWith('cell ');
    if (mark.tag === 'text') {
      const words = `${plain(mark).trim()}${/t\d\d/.exec(String(mark.attrs['class']))?.[0].replace('t', ' @') ?? ''}`;
      if (cell) named += words === '' ? 0 : 1;
      else if (!words.startsWith(' ') && words !== '') counts.set(words, (counts.get(words) ?? 0) + 1);
      return;
    }
    for (const child of mark.children) if (typeof child !== 'string' && child.tag !== 'title') walk(child, cell);
  };
  for (const mark of marks) walk(mark, false);
  return [...[...counts].map(([words, count]) => `${count} × ${words}`), `${named} × the name of a thread`];
}

function sheetOf(layout: Layout, face: RunFace): string {
  const sheet = new Sheet(layout.width, layout.height);
  for (const body of layout.bodies) if (body.frame) sheet.frame(body, ':');
  for (const box of layout.packages) sheet.frame(box, '.');
  for (const link of layout.links) sheet.line([link.from, link.to], '-');
  for (const cache of layout.caches) if (cache.over !== 'core') sheet.fill(cache, '~');
  for (const node of layout.nodes) if (!node.folded) sheet.fill(node, '=');
  for (const pu of layout.pus) sheet.fill(pu, 'o');
  for (const box of [layout.matrix, layout.fold, layout.strip]) if (box) sheet.frame(box, '+');
  const route = runRoute(layout, face);
  if (route) sheet.line(route.points, '*');
  if (route && face.chip) sheet.fill(chipBox(route, face.chip), '%');
  return sheet.text;
}

/** With a queue from the first CPU to the last, its memory on the first node, and what that was measured to give. */
export function pictureOf(topology: Topology, area: Area): string {
  const base = layoutMachine(topology, area);
  const layout = scaleLayout(base, base.scale);
  const [first, last] = [topology.cpus[0]?.id ?? 0, topology.cpus.at(-1)?.id ?? 0];
  const placement = placed({ producer: first, consumer: last, memory: topology.nodes[0]?.id ?? null });
  const face: RunFace = {
    slots: SPSC_SLOTS,
    placement,
    memory: memoryFaces(topology, SPSC_SLOTS, placement),
    baseline: null,
    line: 'solid',
    chip: { head: '\u221258 %', tone: 'loss', lines: ['21.5 M items/s'] },
  };
  const route = runRoute(layout, face);
  const [pu] = layout.pus;
  const listed = (name: string, boxes: readonly (Box | null)[]): string[] =>
    boxes.flatMap((box) => (box ? [`${name} ${boxWords(box)}`] : []));
  return [
    `board ${area.width} × ${area.height}, drawn at ${Math.round(base.scale * 1000) / 1000}`,
    `${layout.pus.length} threads of ${pu ? `${Math.round(pu.w * 10) / 10} × ${Math.round(pu.h * 10) / 10}` : 'nothing'}`,
    '',
    sheetOf(layout, face),
    '',
    ...listed('body', layout.bodies),
    ...listed('package', layout.packages),
    ...listed('node', layout.nodes),
    ...listed('table', [layout.matrix]),
    ...listed('empty nodes', [layout.fold]),
    ...listed('offline', [layout.strip]),
    ...listed('figure', [route && face.chip ? chipBox(route, face.chip) : null]),
    `line ${(route?.points ?? []).map((point) => point.map(Math.round).join(',')).join(' ')}`,
    '',
    ...said(drawing(topology, layout, face, { costs: null, links: [] })),
    '',
  ].join('\n');
}
