/** The table of nodes: what was measured between them, else the distances that firmware tells. */

import { max, min } from 'd3-array';
import { formatFigure, scaleOf } from '../text/format.ts';
import { originOf } from '../bench/nodes/costs.ts';
import type { NodeCost } from '../bench/nodes/costs.ts';
import { MATRIX_CELL, MATRIX_HEAD, matrixSize } from '../layout/matrix.ts';
import { nodesInOrder } from '../topology/logical.ts';
import type { Layout } from '../layout/types.ts';
import type { NumaNode, Topology } from '../topology/topology.ts';
import { mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

/** Firmware's distance of a node to itself (ACPI). */
const LOCAL = 10;

/** Share of its size below which a row is lower than its type. */
const READABLE = 0.75;

interface Table {
  readonly title: string;
  at(from: number, to: number): { readonly words: string; readonly strong: boolean } | null;
}

function distanceTable(nodes: readonly NumaNode[]): Table | null {
  const known = nodes.filter((node) => Object.keys(node.distances).length > 0);
  if (known.length === 0) return null;
  const far = known.flatMap((node) => Object.values(node.distances)).filter((distance) => distance > LOCAL);
  // Weight tells the farthest pairs from the others; where all are equal there are none.
  const largest = new Set(far).size > 1 ? max(far) : undefined;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return {
    title: 'Distances, from firmware',
    at: (from, to) => {
      const distance = byId.get(from)?.distances[String(to)];
      return distance === undefined ? null : { words: String(distance), strong: distance === largest };
    },
  };
}

/** Two digits are what a cell has room for; the tables have more. */
const short = (value: number): string => (value < 10 ? formatFigure(value) : String(Math.round(value)));

const FIGURES = [
  { metric: 'ns', of: ({ ns }: NodeCost) => ns, worst: max },
  { metric: 'B/s', of: ({ bytesPerSecond }: NodeCost) => bytesPerSecond, worst: min },
] as const;

/** Latency, else bandwidth, in one unit; null where no pair of two nodes was measured. */
function measuredTable(links: readonly NodeCost[]): Table | null {
  for (const { metric, of, worst } of FIGURES) {
    const known = links.flatMap((link) => of(link) ?? []);
    if (!links.some((link) => link.from !== link.to && of(link) !== null)) continue;
    const { factor, unit } = scaleOf(metric, Math.max(...known));
    const most = worst(known);
    const pairs = new Map(links.map((link) => [`${link.from} ${link.to}`, of(link)]));
    return {
      title: `Memory, ${unit}, ${originOf(links.some(({ emulated }) => emulated))}`,
      at: (from, to) => {
        const value = pairs.get(`${from} ${to}`) ?? null;
        return value === null ? null : { words: short(value / factor), strong: value === most };
      },
    };
  }
  return null;
}

/**
 * @param marked nodes at the two ends of the line, whose cell is outlined.
 * @param links what was measured; it takes the place of distances.
 */
export function matrixMarks(
  topology: Topology,
  { matrix }: Layout,
  marked: readonly [number, number] | null,
  links: readonly NodeCost[],
): Mark[] {
  const nodes = nodesInOrder(topology);
  const shown = measuredTable(links) ?? distanceTable(nodes);
  if (!matrix || !shown || topology.cpus.length === 0) return [];
  // On a board too small for the machine the table is smaller too, as long as its figures can be read.
  const k = Math.min(1, matrix.h / matrixSize(nodes.length).h);
  if (k < READABLE) return [];
  const cellSize = { w: MATRIX_CELL.w * k, h: MATRIX_CELL.h * k };
  const x = matrix.x + MATRIX_HEAD.w * k;
  const y = matrix.y + MATRIX_HEAD.h * k;
  const title = text('.d', matrix.x, matrix.y + 9, shown.title);
  const rows = nodes.flatMap((from, i) => {
    const middle = y + i * cellSize.h + cellSize.h / 2 + 4;
    const cells = nodes.flatMap((to, j) => {
      const cell = shown.at(from.id, to.id);
      const on = marked?.[0] === from.id && marked[1] === to.id;
      const box = {
        x: x + j * cellSize.w,
        y: y + i * cellSize.h,
        width: cellSize.w - 1,
        height: cellSize.h - 1,
      };
      const weight = cell?.strong ? '.s' : i === j ? '.d' : '';
      return [
        mark(on ? 'rect.matrix.on' : 'rect.matrix', box),
        text(`.m${weight}`, box.x + box.width / 2, middle, cell?.words ?? ''),
      ];
    });
    return [
      text('.t10.d.m', x + i * cellSize.w + cellSize.w / 2, y - 4, String(from.id)),
      text('.t10.d.e', x - 6, middle, String(from.id)),
      ...cells,
    ];
  });
  return [mark('g', {}, title, ...rows)];
}
