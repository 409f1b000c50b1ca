/** The words of the command line that measure pool cases again: lists that name at least them. */

import { storesNothing } from '../../cases/pool.ts';
import type { PoolCase } from '../../cases/pool.ts';
import type { Timing } from '../bench.ts';

export function poolWords(cases: readonly PoolCase[], { rounds, durationMs }: Timing): (string | number)[] {
  const all = <T extends string | number>(of: (one: PoolCase) => readonly T[]): T[] => [...new Set(cases.flatMap(of))];
  const nodes = all(({ node }) => (node === undefined ? [] : [node]));
  const split = all(({ dispatchers }) => (dispatchers === undefined ? [] : [dispatchers]));
  const sizes = all(({ load, sizeBytes }) => (storesNothing(load) ? [] : [sizeBytes]));
  return [
    ...['bench', 'pool', '--cpu', [...all(({ cpus }) => cpus)].sort((a, b) => a - b).join()],
    ...['--load', all(({ load }) => [load]).join(), '--orders', all(({ order }) => [order]).join()],
    ...['--touch', all(({ touch }) => [touch]).join()],
    ...(nodes.length === 0 ? [] : ['--node', nodes.join()]),
    ...(split.length === 0 ? [] : ['--dispatchers', split.join()]),
    ...['--pages', all(({ pages }) => [pages]).join()],
    ...(sizes.length === 0 ? [] : ['--size', sizes.join()]),
    ...['--duration', `${String(durationMs)}ms`, '--repeat', rounds],
  ];
}
