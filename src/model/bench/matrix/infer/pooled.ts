/**
 * What few measured pairs say of the many: where a class has a handful, all such classes of a machine are inferred
 * together, because a core that is dear in one of them is dear in the others. Of all that may hold, given what was measured
 * (`chain.ts`), many draws are taken, and in each every class has its median over all its pairs. So a lone odd figure may
 * mean a dear core or an outlier, as the other classes have it, and both count with what speaks for them.
 */

import { median, quantile } from '../../../run/statistics.ts';
import { Chain } from './gibbs-chain.ts';
import type { Known } from './gibbs-chain.ts';
import type { Pair, Site } from '../pairs.ts';

export interface Scarce {
  readonly pairs: readonly Pair[];
  /** Value by place in `pairs`; at least one. */
  readonly measured: ReadonlyMap<number, number>;
}

export interface Inferred {
  readonly median: number;
  /** 95 % */
  readonly interval: readonly [low: number, high: number];
  /** What each pair costs most likely, by its place. */
  readonly figures: readonly number[];
}

const SWEEPS = 1500;
/** Sweeps until the start is forgotten; of the others each third is looked at, as neighbours are much alike. */
const FORGET = 300;
const EVERY = 3;
/** Pairs that stand for all of a class in a draw: enough for 1 % of its spread. */
const MOST = 600;

/** @returns for each class in turn what is known of it, by all of them together. */
export function inferTogether(scarce: readonly Scarce[], sites: ReadonlyMap<number, Site>): Inferred[] {
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => numbers.get(key) ?? (numbers.set(key, numbers.size), numbers.size - 1);
  const rows = scarce.map(({ pairs }) =>
    pairs.map(([a, b]) => {
      const [one, two] = [sites.get(a)?.core, sites.get(b)?.core];
      return one === two
        ? [numberOf(`within ${String(one)}`)]
        : [numberOf(`core ${String(one)}`), numberOf(`core ${String(two)}`)];
    }),
  );
  const known = scarce.flatMap(({ measured }, group) =>
    [...measured.keys()].map((at): Known => ({ group, effects: rows[group]?.[at] ?? [] })),
  );
  const values = scarce.flatMap(({ measured }) => [...measured.values()]);
  const chain = new Chain(known, values, scarce.length, numbers.size);
  const medians = scarce.map((): number[] => []);
  const [bases, effects] = [new Float64Array(scarce.length), new Float64Array(numbers.size)];
  const predicted = (row: readonly number[], base: number, of: Float64Array): number =>
    Math.exp(row.reduce((sum, core) => sum + (of[core] ?? 0), base));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    chain.sweep();
    if (sweep < FORGET || sweep % EVERY !== 0) continue;
    chain.bases.forEach((base, i) => (bases[i] = (bases[i] ?? 0) + base));
    chain.effects.forEach((effect, i) => (effects[i] = (effects[i] ?? 0) + effect));
    scarce.forEach(({ measured }, group) => {
      const own = rows[group] ?? [];
      const step = Math.ceil(own.length / MOST);
      const base = chain.bases[group] ?? NaN;
      const figures: number[] = [];
      for (let at = 0; at < own.length; at += step) {
        figures.push(measured.get(at) ?? predicted(own[at] ?? [], base, chain.effects));
      }
      medians[group]?.push(median(figures));
    });
  }
  return scarce.map(({ measured }, group) => {
    const own = medians[group] ?? [];
    const base = (bases[group] ?? NaN) / own.length;
    const mean = effects.map((sum) => sum / own.length);
    return {
      median: median(own),
      interval: [quantile(own, 0.025), quantile(own, 0.975)],
      figures: (rows[group] ?? []).map((row, at) => measured.get(at) ?? predicted(row, base, mean)),
    };
  });
}
