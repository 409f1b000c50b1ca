/**
 * What of a pool run is held against what: under each load the order of the nearest first against every other one, and the first touch
 * by worker against every other one; all with intervals that hold at once.
 */

import type { PoolCase } from '../../cases/pool.ts';
import { compareJointly, roundsNeeded } from '../../run/jointly.ts';
import type { Placed } from '../../run/jointly.ts';
import type { Comparison, Result } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { nodesOf } from './cases.ts';
import { isNegligible } from '../negligible.ts';

export interface PoolResult extends Placed {
  readonly one: PoolCase;
  /** Of its workers. */
  readonly nodes: number;
}

export type Aspect = 'order' | 'touch';

/** How far the figures carry it. `worse`, `better`: of the nearest first, or of the first touch by worker. */
export type Standing = 'better' | 'worse' | 'negligible' | 'open' | 'invalid' | 'too-few';

export interface PoolEvidence {
  readonly aspect: Aspect;
  readonly of: PoolResult;
  readonly against: PoolResult;
  readonly comparison: Comparison | null;
  readonly standing: Standing;
  /** Either is noisy: the interval alone may be told. */
  readonly noisy: boolean;
}

export interface PoolFound {
  readonly all: readonly PoolEvidence[];
  /** Rounds that so many comparisons need, and those there were. */
  readonly needed: number;
  readonly rounds: number;
}

export function poolResults(topology: Topology, results: readonly Result[]): PoolResult[] {
  return results.flatMap((result, index) => {
    const { placement: one } = result;
    if (one.kind !== 'pool') return [];
    return [{ index, result, one, nodes: nodesOf(topology, one.cpus).length }];
  });
}

/** Alike in all but what is asked. */
const rest = ({ order, touch, ...others }: PoolCase, aspect: Aspect): string =>
  JSON.stringify({ ...others, node: null, ...(aspect === 'order' ? { touch } : { order }) });

/** Workers of one node touch the same memory, whichever of them does. */
function asks({ of, against, aspect }: Pick<PoolEvidence, 'of' | 'against' | 'aspect'>, withMemory: number): boolean {
  if (aspect === 'order') return of.one.cpus.length > 1;
  const elsewhere = against.one.touch === 'interleave' || against.one.touch === 'bind';
  return withMemory > 1 && (of.nodes > 1 || elsewhere);
}

function standingOf(of: Result, against: Result, comparison: Comparison | null): Standing {
  if (!of.valid || !against.valid) return 'invalid';
  if (!comparison) return 'too-few';
  if (isNegligible(comparison.interval)) return 'negligible';
  if (!comparison.shown) return 'open';
  return comparison.change > 0 ? 'better' : 'worse';
}

/** The order is asked where every worker touches its own memory first, else where the run has nothing else; the touch likewise. */
export function poolEvidence(topology: Topology, results: readonly Result[]): PoolFound {
  const own = poolResults(topology, results);
  const withMemory = topology.nodes.filter(({ memoryBytes }) => memoryBytes !== 0).length;
  const touch = own.some(({ one }) => one.touch === 'worker') ? 'worker' : own[0]?.one.touch;
  const order = own.some(({ one }) => one.order === 'hierarchical') ? 'hierarchical' : own[0]?.one.order;
  const base = own.filter(({ one }) => one.touch === touch && one.order === order);
  const pairs = base.flatMap((of) =>
    (['order', 'touch'] as const).flatMap((aspect) =>
      own
        .filter((against) => against !== of && rest(against.one, aspect) === rest(of.one, aspect))
        .map((against) => ({ aspect, of, against }))
        .filter((pair) => asks(pair, withMemory)),
    ),
  );
  const all = pairs.map(({ aspect, of, against }): PoolEvidence => {
    const comparison = compareJointly(of, against, pairs.length);
    return {
      ...{ aspect, of, against, comparison },
      standing: standingOf(of.result, against.result, comparison),
      noisy: of.result.noisy || against.result.noisy,
    };
  });
  const rounds = Math.max(0, ...own.map(({ result }) => result.repetitions.length));
  return { all, needed: roundsNeeded(pairs.length), rounds };
}
