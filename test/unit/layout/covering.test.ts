// What stands on the machine covers none of it: the figure of a run, its line, and words, on shapes that leave them little room.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { overlaps } from '../../../src/model/layout/box.ts';
import type { Box, Point } from '../../../src/model/layout/box.ts';
import { textWidth } from '../../../src/model/layout/label.ts';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import { memoryRoute, routeBetween } from '../../../src/model/layout/route.ts';
import { scaleLayout } from '../../../src/model/layout/scale.ts';
import type { Layout } from '../../../src/model/layout/types.ts';
import { chipBox } from '../../../src/model/svg/chip.ts';
import { inOneNode, machine, TWO_SOCKETS, withoutDistances } from './topologies.ts';
import { varied } from '../../support/long.ts';

const CHIP = { head: '−58 %', tone: 'loss', lines: ['21.5 M items/s'] } as const;
const BOARDS = [
  { width: 912, height: 766 },
  { width: 656, height: 640 },
  { width: 2040, height: 1340 },
];

const big = machine({ packages: 2, coresPerNode: 96, threads: 2, l3PerNode: 12 });
const MACHINES = {
  'two sockets, no distance': withoutDistances(big),
  'two sockets in one node': inOneNode(machine({ packages: 2, coresPerNode: 96, threads: 2, diesPerPackage: 12 })),
  'two small sockets in one node': inOneNode(machine({ packages: 2, coresPerNode: 4 })),
  'eight sockets in one node': inOneNode(machine({ packages: 8, coresPerNode: 4, threads: 2 })),
  'one socket of many': machine({ packages: 1, coresPerNode: 128, threads: 2, l3PerNode: 16 }),
  'the usual': TWO_SOCKETS,
};

/** As it is painted: type keeps its size where all else is smaller. */
const painted = (layout: Layout): Layout => scaleLayout(layout, layout.scale);

const bound = (box: Box, by: number): Box => ({ x: box.x + by, y: box.y + by, w: box.w - 2 * by, h: box.h - 2 * by });

function segments(points: readonly Point[]): Box[] {
  return points.slice(1).map(([x, y], i) => {
    const [x0, y0] = points[i] ?? [x, y];
    return { x: Math.min(x, x0), y: Math.min(y, y0), w: Math.abs(x - x0), h: Math.abs(y - y0) };
  });
}

for (const [name, topology] of Object.entries(MACHINES)) {
  test(`${name}: the figure is whole and covers no thread, bar or cache; the line crosses no other package`, () => {
    for (const board of BOARDS) {
      const layout = painted(layoutMachine(topology, board));
      const cpu = fc.nat(layout.pus.length - 1).map((at) => layout.pus[at]?.cpu ?? 0);
      fc.assert(
        fc.property(cpu, cpu, (from, to) => {
          const route = from === to ? null : routeBetween(layout, from, to, 2);
          if (!route) return;
          const chip = chipBox(route, CHIP);
          assert.ok(chip.w >= textWidth(CHIP.head, 16), `${chip.w} px wide`);
          assert.ok(chip.x >= 0 && chip.y >= 0 && chip.x + chip.w <= board.width, 'on the board');
          assert.ok(chip.y + chip.h <= board.height, 'on the board');
          const covered = [...layout.pus, ...layout.nodes, ...layout.caches].filter((box) => overlaps(box, chip));
          assert.deepEqual(covered, []);
          const memory = memoryRoute(layout, topology.nodes[0]?.id ?? 0, to);
          for (const points of [route.points, memory?.points ?? []]) {
            const ends = [points[0], points.at(-1)];
            const foreign = layout.packages.filter(
              (box) => !ends.some((end) => end && overlaps(box, { x: end[0], y: end[1], w: 1, h: 1 })),
            );
            for (const part of segments(points)) {
              assert.deepEqual(
                foreign.filter((box) => overlaps(bound(box, 0.5), part)),
                [],
              );
            }
          }
        }),
        { numRuns: varied(20, 60) },
      );
    }
  });
}
