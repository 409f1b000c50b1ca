/** The table of distances between nodes, as the firmware tells them. */

import { max } from 'd3-array';
import { MATRIX_CELL, MATRIX_HEAD } from '../layout/matrix.ts';
import { nodesInOrder } from '../topology/logical.ts';
import type { Layout } from '../layout/types.ts';
import type { Topology } from '../topology/topology.ts';
import { mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

/** Firmware's distance of a node to itself (ACPI). */
const LOCAL = 10;

/** @param marked nodes at the two ends of the line, whose cell is outlined. */
export function matrixMarks(topology: Topology, { matrix }: Layout, marked: readonly [number, number] | null): Mark[] {
  const { cpus } = topology;
  const nodes = nodesInOrder(topology);
  const known = nodes.filter((node) => Object.keys(node.distances).length > 0);
  if (!matrix || known.length === 0 || cpus.length === 0) return [];
  const x = matrix.x + MATRIX_HEAD.w;
  const y = matrix.y + MATRIX_HEAD.h;
  const far = known.flatMap((node) => Object.values(node.distances)).filter((distance) => distance > LOCAL);
  // Weight tells the farthest pairs from the others; where all are equal there are none.
  const largest = new Set(far).size > 1 ? max(far) : undefined;
  const title = text('.d', matrix.x, matrix.y + 9, 'Distances, from firmware');
  const rows = nodes.flatMap((from, i) => {
    const middle = y + i * MATRIX_CELL.h + 13;
    const cells = nodes.flatMap((to, j) => {
      const distance = from.distances[String(to.id)];
      const on = marked?.[0] === from.id && marked[1] === to.id;
      const box = {
        x: x + j * MATRIX_CELL.w,
        y: y + i * MATRIX_CELL.h,
        width: MATRIX_CELL.w - 1,
        height: MATRIX_CELL.h - 1,
      };
      const weight = i === j ? '.d' : distance !== undefined && distance === largest ? '.s' : '';
      return [
        mark(on ? 'rect.matrix.on' : 'rect.matrix', box),
        text(`.m${weight}`, box.x + box.width / 2, middle, distance === undefined ? '' : String(distance)),
      ];
    });
    return [
      text('.t10.d.m', x + i * MATRIX_CELL.w + MATRIX_CELL.w / 2, y - 4, String(from.id)),
      text('.t10.d.e', x - 6, middle, String(from.id)),
      ...cells,
    ];
  });
  return [mark('g', {}, title, ...rows)];
}
