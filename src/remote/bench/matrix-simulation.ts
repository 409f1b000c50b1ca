/** `bench matrix --simulate`: a run whose figures come from a file instead of a clock. */

import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { readGrid } from '../../model/bench/matrix/csv.ts';
import type { Grid } from '../../model/bench/matrix/csv.ts';
import { simulateMatrix } from '../../model/bench/matrix/simulate.ts';
import type { Run } from '../../model/run/run.ts';
import { buildRun } from '../../model/verdict/build-run.ts';
import { repeatCommand } from '../../model/text/command-line.ts';
import { readWhole } from '../store/files.ts';
import type { Host } from '../host.ts';
import { cpusWords, matrixCpus } from './matrix-cpus.ts';

/** A square of 4,096 CPUs, 18 digits a cell. */
const MAX_BYTES = 320 * 1024 * 1024;

async function gridFile(path: string): Promise<Grid> {
  return readGrid(await readWhole(path, MAX_BYTES, 'a matrix', 'Give a matrix as core-to-core-latency writes it.'));
}

export interface Simulation {
  readonly file: string;
  /** Where the machine's topology was read from, for the record. */
  readonly from: string | null;
  /** Pairs that may be looked up; null: a tenth of all, or 400 where that is more. */
  readonly pairs: number | null;
  /** Only these; absent: all. */
  readonly cpus?: readonly number[];
}

/** @throws PinboardError `bad-file` for a file that is no matrix, or one of another machine. */
export async function simulateRun(host: Host, { file, from, pairs, cpus }: Simulation): Promise<Run> {
  const time = new Date();
  const start = performance.now();
  const { topology, environment } = await host.discover();
  const result = simulateMatrix(topology, await gridFile(file), pairs, basename(file), matrixCpus(topology, cpus));
  const words = ['bench', 'matrix', '--what', 'latency', '--simulate', file, ...cpusWords(cpus)];
  return buildRun({
    time,
    seconds: (performance.now() - start) / 1000,
    random: randomBytes(4).toString('hex'),
    host: { name: host.transport.name, transport: 'local' },
    repeat: repeatCommand(
      [...words, ...(pairs === null ? [] : ['--budget', pairs]), ...(from === null ? [] : ['--from', from])],
      null,
    ),
    topology,
    environment,
    results: [result],
    question: 'What does it cost to cross this machine?',
    partial: null,
  });
}
