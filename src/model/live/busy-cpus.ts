/** Owns which CPUs have other work to do, told calmly: what is chosen by it must not change with every sample. */

import type { Sample } from './sample.ts';

/** Mean share of the time that each CPU was busy, newer samples counting more, and who is called busy for it. */
export interface Load {
  readonly mean: ReadonlyMap<number, number>;
  readonly busy: readonly number[];
}

export const NO_LOAD: Load = { mean: new Map(), busy: [] };

/** Weight of the newest sample. */
const NEWEST = 0.3;
/** A CPU is called busy from the first share on, until it falls below the second. */
const BUSY = 0.2;
const QUIET = 0.1;

export function loadAfter({ mean, busy }: Load, { cpus }: Pick<Sample, 'cpus'>): Load {
  const now = new Map(
    cpus.map(({ id, busy: share }) => {
      const before = mean.get(id) ?? share;
      return [id, before + NEWEST * (share - before)];
    }),
  );
  const limit = (id: number): number => (busy.includes(id) ? QUIET : BUSY);
  return { mean: now, busy: [...now].filter(([id, share]) => share >= limit(id)).map(([id]) => id) };
}
