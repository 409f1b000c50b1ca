// Two pools under a layout: where the run says that threads and pages were, held against a look from outside and against its counts.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { PoolWorker } from '../../src/model/cases/pool.ts';
import type { SeparationCase } from '../../src/model/cases/separation.ts';
import type { Result } from '../../src/model/run/run.ts';
import type { Look } from './outside.ts';

export interface PoolsPlaced extends SeparationCase {
  readonly did: readonly PoolWorker[];
  /** Of the store, by node. */
  readonly bytes: Readonly<Record<string, number>>;
  /** Some worker did not get its CPU in the measured time: that says nothing of where it was, and asks for more time. */
  readonly starved: boolean;
}

const STARVED = /^(the worker got nothing done in the measured time|nothing was completed in the measured time)$/;

/** @throws AssertionError for one that is invalid for any other reason than want of a CPU. */
export function poolsPlaced({ benchmark, placement, seen, valid, why, workers = [] }: Result): PoolsPlaced[] {
  if (placement.kind !== 'separation' || benchmark !== 'separation') return [];
  const starved = !valid && (why ?? '').split('; ').every((one) => STARVED.test(one));
  assert.ok(valid || starved, `${placement.layout}: ${why ?? ''}`);
  assert.deepEqual(
    workers.map(({ cpu }) => cpu),
    [...placement.walkers, ...placement.workers],
  );
  return [{ ...placement, did: workers, bytes: inBytes(seen.nodes, seen.pageBytes ?? 0), starved }];
}

const inBytes = (pages: Readonly<Record<string, number>>, each: number): Record<string, number> =>
  Object.fromEntries(Object.entries(pages).map(([node, count]) => [node, count * each]));

/** A thread on each CPU, allowed there alone, and the store in one mapping, or one a node that has a copy. */
export function shows({ threads, mappings }: Look, { walkers, workers, bytes }: PoolsPlaced): boolean {
  const pinned = threads.filter(({ allowed }) => /^\d+$/.test(allowed));
  const cpus = (some: readonly number[]): number[] => [...some].sort((a, b) => a - b);
  const placed =
    pinned.every(({ allowed, cpu }) => allowed === String(cpu)) &&
    isDeepStrictEqual(cpus(pinned.map(({ cpu }) => cpu)), cpus([...walkers, ...workers]));
  const mapped = mappings.map(({ pages, pageKilobytes }) => inBytes(pages, pageKilobytes * 1024));
  const has = (some: Readonly<Record<string, number>>): boolean => mapped.some((one) => isDeepStrictEqual(one, some));
  return placed && (has(bytes) || Object.entries(bytes).every(([node, count]) => has({ [node]: count })));
}

const nodesOf = ({ did }: PoolsPlaced, cpus: readonly number[]): number[] =>
  [...new Set(did.filter(({ cpu }) => cpus.includes(cpu)).map(({ node }) => node))].sort((a, b) => a - b);

/** Nodes of those who walk, of those who take distances, and of the store. */
export const placesOf = (one: PoolsPlaced): string[] => [
  nodesOf(one, one.walkers).join(),
  nodesOf(one, one.workers).join(),
  Object.keys(one.bytes).join(),
];

/** What each worker ran and stole is of the nodes that its layout has. */
export function assertCounts(one: PoolsPlaced): void {
  const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
  const elsewhere = one.classes.findIndex((words) => words.startsWith('node at distance'));
  const [walking] = nodesOf(one, one.walkers);
  const separate = nodesOf(one, one.walkers).length === 1;
  for (const { cpu, node, polls, local, remote, tried, got } of one.did) {
    const words = `${one.layout}, CPU ${String(cpu)}`;
    assert.ok(Math.abs(local + remote - polls) <= 1, `${words}: each job ran on its own node or on another`);
    assert.ok(
      got.every((count, of) => count <= (tried[of] ?? 0)) && sum(got) <= polls + 1,
      `${words}: ${got.join()} of ${tried.join()} attempts, ${String(polls)} jobs`,
    );
    assert.ok(tried.length <= one.classes.length, `${words}: ${tried.join()} of ${one.classes.join('; ')}`);
    // All requests are those of the one node that walks.
    if (separate)
      assert.equal(node === walking ? remote : local, 0, `${words}: ${String(local)} and ${String(remote)}`);
    // Whoever has its whole pool on its own node steals there.
    const own = nodesOf(one, one.walkers.includes(cpu) ? one.walkers : one.workers);
    if (elsewhere >= 0 && own.length === 1) assert.equal(sum(tried.slice(elsewhere)), 0, `${words}: ${tried.join()}`);
  }
}
