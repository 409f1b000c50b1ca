/**
 * Which pair of a class to measure next: one whose cores, parts and blocks were measured least so far, among a few
 * drawn at random. Spread out like this a sample says more than one drawn blindly: what single cores add evens out.
 */

import type { Pair } from '../../../cases/matrix.ts';
import type { Site } from './sites.ts';

/** Drawn at random; the best of them is taken. With 12 the worst published class is 0.9 % off for 0.7, with 1 1.2 %. */
const CANDIDATES = 48;

export interface Chooser {
  /** Place in the class of a pair that was not measured yet; null when all were. */
  next(): number | null;
  /** Pairs that were not measured yet. */
  readonly left: readonly number[];
}

/** What a pair uses up: to have been used before counts alike for each. */
function usesOf(one: Site, two: Site): readonly string[] {
  const block = (part: 'core' | 'L3' | 'cluster' | 'L2'): string =>
    `${part} ${[one[part], two[part]].sort((a, b) => a - b).join('-')}`;
  return [
    // Threads of two cores cost the same whichever of their threads meet.
    block('core'),
    block('L2'),
    block('cluster'),
    block('L3'),
    `core ${String(one.core)}`,
    `core ${String(two.core)}`,
  ];
}

export function chooser(
  pairs: readonly Pair[],
  sites: ReadonlyMap<number, Site>,
  measured: ReadonlySet<number>,
  random: () => number,
): Chooser {
  const uses = pairs.map(([a, b]) => {
    const [one, two] = [sites.get(a), sites.get(b)];
    return one && two ? usesOf(one, two) : [];
  });
  // How often a key comes up in the class: use is held against that share.
  const offered = new Map<string, number>();
  for (const own of uses) for (const key of own) offered.set(key, (offered.get(key) ?? 0) + 1);
  const used = new Map<string, number>();
  const use = (at: number): void => {
    for (const key of uses[at] ?? []) used.set(key, (used.get(key) ?? 0) + 1);
  };
  const left: number[] = [];
  pairs.forEach((_, at) => {
    if (measured.has(at)) use(at);
    else left.push(at);
  });
  const score = (at: number): number => {
    let sum = 0;
    for (const key of uses[at] ?? []) {
      const share = ((used.get(key) ?? 0) + 0.5) / (offered.get(key) ?? 1);
      sum += share * pairs.length;
    }
    return sum;
  };
  return {
    left,
    next() {
      let [best, where] = [Infinity, -1];
      for (let i = 0; i < Math.min(CANDIDATES, left.length); i++) {
        const candidate = left.length <= CANDIDATES ? i : Math.floor(random() * left.length);
        // A little chance among equals, so that no order of numbering decides.
        const found = score(left[candidate] ?? -1) + random() * 1e-6;
        if (found < best) [best, where] = [found, candidate];
      }
      const chosen = left[where];
      if (chosen === undefined) return null;
      left[where] = left.at(-1) ?? chosen;
      left.pop();
      use(chosen);
      return chosen;
    },
  };
}
