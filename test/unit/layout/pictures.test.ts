// The pictures of machines of every shape, as they were looked at and found good: a change to one is seen, not found out later.
//
// To renew one that was changed on purpose: read NAME-changed.txt beside it in test/fixtures/pictures/, as you would look at the board,
// and move it over NAME.txt. A new shape starts in the same way.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { pictureOf } from './picture.ts';
import {
  fakeNuma,
  FOUR_AND_CXL,
  graceHopper,
  inOneNode,
  l3AsNuma,
  machine,
  TWO_SOCKETS,
  withoutDistances,
} from './topologies.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/pictures/', import.meta.url));

/** What is left for the machine of windows of 1440 × 900, 1000 × 700, 2560 × 1440 and, at 400 % zoom, 320 × 225 px. */
const USUAL = { width: 912, height: 766 };
const MEDIUM = { width: 656, height: 612 };
const WIDE = { width: 2040, height: 1340 };
const SMALL = { width: 320, height: 176 };

const dense = machine({ packages: 2, coresPerNode: 96, threads: 2, l3PerNode: 12 });

const SHAPES: Readonly<Record<string, readonly [Topology, typeof USUAL]>> = {
  'one-socket-2': [machine({ packages: 1, coresPerNode: 2 }), USUAL],
  'one-socket-2-at-400-percent': [machine({ packages: 1, coresPerNode: 2 }), SMALL],
  'two-sockets-72': [TWO_SOCKETS, USUAL],
  'two-sockets-72-wide': [TWO_SOCKETS, WIDE],
  'two-sockets-40-wide': [machine({ packages: 2, coresPerNode: 10, threads: 2 }), WIDE],
  'two-sockets-384': [dense, USUAL],
  'two-sockets-384-no-distance': [withoutDistances(dense), USUAL],
  'two-sockets-one-node-8': [inOneNode(machine({ packages: 2, coresPerNode: 4 })), USUAL],
  'two-sockets-one-node-384': [
    inOneNode(machine({ packages: 2, coresPerNode: 96, threads: 2, diesPerPackage: 12 })),
    USUAL,
  ],
  'eight-sockets-one-node-64': [inOneNode(machine({ packages: 8, coresPerNode: 4, threads: 2 })), MEDIUM],
  'dies-72': [machine({ packages: 2, diesPerPackage: 3, coresPerNode: 12, threads: 2, l3PerNode: 3 }), USUAL],
  'four-sockets-and-cxl-96': [FOUR_AND_CXL, USUAL],
  'l3-as-numa-256': [l3AsNuma(8), USUAL],
  'eight-sockets-256': [machine({ packages: 8, coresPerNode: 16, threads: 2 }), MEDIUM],
  'many-sockets-192': [machine({ packages: 24, coresPerNode: 4, threads: 2 }), MEDIUM],
  'sub-numa-1024': [machine({ packages: 4, nodesPerPackage: 2, coresPerNode: 64, threads: 2, l3PerNode: 8 }), USUAL],
  'grace-hopper-288': [graceHopper(4), USUAL],
  'fake-numa-8': [fakeNuma(8, 4), USUAL],
};

for (const [name, [topology, board]] of Object.entries(SHAPES)) {
  test(`${name} looks as it did`, () => {
    const [golden, changed] = [`${FOLDER}${name}.txt`, `${FOLDER}${name}-changed.txt`];
    const now = pictureOf(topology, board);
    if (existsSync(golden) && readFileSync(golden, 'utf8') === now) {
      rmSync(changed, { force: true });
      return;
    }
    writeFileSync(changed, now);
    assert.fail(`The picture changed. If it is as it should be: mv ${changed} ${golden}`);
  });
}
