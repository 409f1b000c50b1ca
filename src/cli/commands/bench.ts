/** `bench`: the bundled benchmarks, each with its own file. */

import type { Command } from 'commander';
import { addBenchAlternate } from './bench-alternate.ts';
import { addBenchMatrix } from './bench-matrix.ts';
import { addBenchMemory } from './bench-memory.ts';
import { addBenchNodes } from './bench-nodes.ts';
import { addBenchPool } from './bench-pool.ts';
import { addBenchSeparation } from './bench-separation.ts';
import { addBenchSpsc } from './bench-spsc.ts';

export function addBench(program: Command, signal: AbortSignal): void {
  const bench = program.command('bench').description('benchmark a placement');
  addBenchSpsc(bench, signal);
  addBenchAlternate(bench, signal);
  addBenchMatrix(bench, signal);
  addBenchMemory(bench, signal);
  addBenchNodes(bench, signal);
  addBenchPool(bench, signal);
  addBenchSeparation(bench, signal);
}
