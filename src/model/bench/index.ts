/** The benchmarks there are. A new one is a row here. */

import type { Benchmark, Case, CaseKind } from '../cases/case.ts';
import type { Bench, Figure } from './bench.ts';
import { MATRIX } from './matrix/bench.ts';
import { MEMORY } from './memory/bench.ts';
import { PROGRAM } from './program/bench.ts';
import { SPSC } from './spsc/bench.ts';

const BENCHES: { readonly [K in CaseKind]: Bench<Extract<Case, { kind: K }>> } = {
  spsc: SPSC,
  memory: MEMORY,
  matrix: MATRIX,
  program: PROGRAM,
};

/** The benchmark that a case is of. */
export function benchOf({ kind }: Case): Bench {
  return BENCHES[kind];
}

/** What a figure is called and drawn as. */
export function figureOf(benchmark: Benchmark): Figure | null {
  return (
    Object.values(BENCHES)
      .flatMap(({ figures }) => figures)
      .find((one) => one.benchmark === benchmark) ?? null
  );
}
