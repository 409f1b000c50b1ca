/**
 * Reads inputs one by one and tells its parent of each: `[seed] [first] [beyond] [folder]`. The parent watches time and memory,
 * for a process that hangs cannot say so.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readGrid } from '../../src/model/bench/matrix/csv.ts';
import { PinboardError } from '../../src/model/problem.ts';
import { topologySchema } from '../../src/protocol/topology.ts';
import { openRecorded } from '../../src/remote/recorded/importers/index.ts';
import { inputOf, MATRIX_KIND } from './inputs.ts';
import { randomOf } from './random.ts';

/** What it tells its parent; `rss` in bytes. */
export type WorkerMessage =
  | { event: 'begun'; index: number }
  | { event: 'crashed'; index: number; why: string }
  | { event: 'done'; index: number; kind: string; outcome: string; rss: number }
  | { event: 'finished' };

const [seed = 1, first = 0, beyond = 0] = process.argv.slice(2, 5).map(Number);
const folder = process.argv[5] ?? '.';
const tell = (message: WorkerMessage): void => {
  process.send?.(message);
};

async function openAsMachine(path: string): Promise<void> {
  const host = await openRecorded(path);
  const { topology } = await host.discover();
  v.parse(topologySchema, topology);
  await host.close();
}

for (let index = first; index < beyond; index++) {
  const { kind, given } = inputOf(randomOf(seed, index), index);
  const file = join(folder, 'input');
  // What fails is found here, also by one who had to end this process.
  writeFileSync(file, given);
  tell({ event: 'begun', index });
  let outcome = 'read';
  try {
    if (kind === MATRIX_KIND) readGrid(given.toString());
    else await openAsMachine(typeof given === 'string' && !given.startsWith('/') ? given : file);
  } catch (error) {
    outcome = error instanceof PinboardError ? 'refused' : 'crashed';
    if (outcome === 'crashed')
      tell({ event: 'crashed', index, why: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  tell({ event: 'done', index, kind, outcome, rss: process.memoryUsage.rss() });
}
tell({ event: 'finished' });
process.disconnect();
