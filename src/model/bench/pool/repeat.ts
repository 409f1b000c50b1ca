/** The words of the command line that measure pool cases again: lists that name at least them. */

import { storesNothing } from '../../cases/pool.ts';
import type { PoolCase } from '../../cases/pool.ts';
import type { Timing } from '../bench.ts';

/** @param nodesOf how many nodes CPUs are on. */
export function poolWords(
  cases: readonly PoolCase[],
  nodesOf: (cpus: readonly number[]) => number,
  { rounds, durationMs }: Timing,
): (string | number)[] {
  const all = <T extends string | number>(of: (one: PoolCase) => readonly T[]): T[] => [...new Set(cases.flatMap(of))];
  const nodes = all(({ node }) => (node === undefined ? [] : [node]));
  const split = all(({ dispatchers }) => (dispatchers === undefined ? [] : [dispatchers]));
  const sizes = all(({ load, sizeBytes }) => (storesNothing(load) ? [] : [sizeBytes]));
  // In their order, by which flat lists go; two pools have theirs put apart.
  const listed = cases.filter(({ dispatchers }) => dispatchers === undefined).flatMap(({ cpus: own }) => own);
  const cpus = listed.length > 0 ? [...new Set(listed)] : all(({ cpus: own }) => own).sort((a, b) => a - b);
  const across = all(({ cpus: own }) => [nodesOf(own)]);
  return [
    ...['bench', 'pool', '--cpu', cpus.join()],
    ...(across.length > 1 ? ['--across', across.join()] : []),
    ...['--load', all(({ load }) => [load]).join(), '--orders', all(({ order }) => [order]).join()],
    ...['--touch', all(({ touch }) => [touch]).join()],
    ...(nodes.length === 0 ? [] : ['--node', nodes.join()]),
    ...(split.length === 0 ? [] : ['--dispatchers', split.join()]),
    ...['--pages', all(({ pages }) => [pages]).join()],
    ...(sizes.length === 0 ? [] : ['--size', sizes.join()]),
    ...['--duration', `${String(durationMs)}ms`, '--repeat', rounds],
  ];
}
