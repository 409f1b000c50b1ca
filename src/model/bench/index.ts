/** The benchmarks there are, and those that a board offers. A new one is a row here. */

import type { Benchmark, Case, CaseKind } from '../cases/case.ts';
import type { Bench, Figure } from './bench.ts';
import type { Offer, Plan } from './offer.ts';
import { MATRIX } from './matrix/bench.ts';
import { MEMORY } from './memory/bench.ts';
import { MEMORY_OFFER } from './memory/offer.ts';
import type { MemoryWorkload } from './memory/workload.ts';
import { NODES_OFFER } from './node-to-node/offer.ts';
import type { NodesWorkload } from './node-to-node/workload.ts';
import { POOL } from './pool/bench.ts';
import { POOL_OFFER } from './pool/offer.ts';
import type { PoolWorkload } from './pool/workload.ts';
import { PROGRAM } from './program/bench.ts';
import type { Run } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';
import { SEPARATION } from './separation/bench.ts';
import { SEPARATION_OFFER } from './separation/offer.ts';
import type { SeparationWorkload } from './separation/workload.ts';
import { SPSC } from './spsc/bench.ts';
import { SPSC_OFFER } from './spsc/offer.ts';
import type { SpscWorkload } from './spsc/workload.ts';

const BENCHES: { readonly [K in CaseKind]: Bench<Extract<Case, { kind: K }>> } = {
  spsc: SPSC,
  memory: MEMORY,
  matrix: MATRIX,
  pool: POOL,
  separation: SEPARATION,
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
export type Workload = SpscWorkload | MemoryWorkload | NodesWorkload | PoolWorkload | SeparationWorkload;
export type OfferKind = Workload['kind'];

const OFFERS: { readonly [K in OfferKind]: Offer<Case, Extract<Workload, { kind: K }>> } = {
  spsc: SPSC_OFFER,
  memory: MEMORY_OFFER,
  nodes: NODES_OFFER,
  separation: SEPARATION_OFFER,
  pool: POOL_OFFER,
};
export const OFFER_KINDS = Object.keys(OFFERS) as OfferKind[];

export const offerOf = ({ kind }: { readonly kind: OfferKind }): Offer<Case, Workload> => OFFERS[kind];

/** What measures such a run, and has its tokens on the board; null: nothing that a board offers. */
export function offerKindOf(
  topology: Topology,
  { results, comparison }: Pick<Run, 'results' | 'comparison'>,
): OfferKind | null {
  // A guided run is about the two that it compares.
  const about = comparison ? [comparison.of, comparison.against].flatMap((at) => results[at] ?? []) : results;
  return OFFER_KINDS.find((kind) => OFFERS[kind].measured(topology, about)) ?? null;
}

/** What measuring a plan takes, roughly. */
export function planMs({ cases, rounds, ms }: Plan, workload: Workload): number {
  const { setUpMs } = offerOf(workload);
  const each = (one: Case): number => workload.durationMs + (setUpMs?.(one) ?? 0);
  return ms ?? (rounds ?? workload.rounds) * cases.reduce((sum, one) => sum + each(one), 0);
}
