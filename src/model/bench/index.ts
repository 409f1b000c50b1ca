/** The benchmarks there are, and those that a board offers. A new one is a row here. */

import type { Benchmark, Case, CaseKind } from '../cases/case.ts';
import type { Bench, Figure } from './bench.ts';
import type { Offer } from './offer.ts';
import { MATRIX } from './matrix/bench.ts';
import { MEMORY } from './memory/bench.ts';
import { MEMORY_OFFER } from './memory/offer.ts';
import type { MemoryWorkload } from './memory/workload.ts';
import { PROGRAM } from './program/bench.ts';
import { SPSC } from './spsc/bench.ts';
import { SPSC_OFFER } from './spsc/offer.ts';
import type { SpscWorkload } from './spsc/workload.ts';

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

/** What the board measures, beside where; `kind` names the benchmark. */
export type Workload = SpscWorkload | MemoryWorkload;
export type OfferKind = Workload['kind'];

const OFFERS: { readonly [K in OfferKind]: Offer<Case, Extract<Workload, { kind: K }>> } = {
  spsc: SPSC_OFFER,
  memory: MEMORY_OFFER,
};
export const OFFER_KINDS = Object.keys(OFFERS) as OfferKind[];

export const offerOf = ({ kind }: { readonly kind: OfferKind }): Offer<Case, Workload> => OFFERS[kind];
