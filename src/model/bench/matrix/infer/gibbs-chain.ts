/**
 * One way in which all that was not measured may be, and from one to the next: Gibbs sampling (Geman and Geman 1984) of what a
 * class costs, times an effect of each core, times an error, all in logarithms. Most effects and errors are small and
 * normal; now and then a core is odd, or a figure out of line (a mixture of two normals, George and McCulloch 1993).
 */

import { median, randomFrom } from '../../../run/statistics.ts';

/** Relative effect of a core and error of a figure as published machines have them; worth this many measured ones. */
const CORE = 0.02;
const ERROR = 0.012;
const BELIEF = 3;
/** How many are out of line (one core in 16, one figure in 100), and by how much in logarithms. */
const ODD_CORES = { share: 0.06, deviation: 0.2 };
const OUTLIERS = { share: 0.01, deviation: 1 };
const SEED = 1;

export interface Known {
  readonly group: number;
  /** Its cores; one for two threads of a core, which share what other pairs know nothing of. */
  readonly effects: readonly number[];
}

/** Normal figures and those of a scale, from uniform ones. */
function chance(random: () => number): { uniform: () => number; normal: () => number; scale: (of: number) => number } {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return {
    uniform: random,
    normal,
    /** A draw of chi-squared (Wilson and Hilferty 1931). */
    scale(freedom) {
      const part = 2 / (9 * freedom);
      return freedom * Math.max(0.05, 1 - part + normal() * Math.sqrt(part)) ** 3;
    },
  };
}

/** The state of the chain: one way in which all may be. */
export class Chain {
  readonly bases: Float64Array;
  readonly effects: Float64Array;
  /** Variance each effect and each error is drawn with. */
  readonly #ofEffect: Float64Array;
  readonly #ofError: Float64Array;
  readonly #left: Float64Array;
  readonly #known: readonly Known[];
  readonly #users: readonly (readonly number[])[];
  readonly #members: readonly (readonly number[])[];
  readonly #chance: ReturnType<typeof chance>;

  constructor(known: readonly Known[], values: readonly number[], groups: number, effects: number) {
    this.#known = known;
    this.#chance = chance(randomFrom(SEED));
    const places = (has: (one: Known) => boolean): number[] => known.flatMap((one, i) => (has(one) ? [i] : []));
    this.#members = Array.from({ length: groups }, (_, of) => places(({ group }) => group === of));
    this.#users = Array.from({ length: effects }, (_, of) => places((one) => one.effects.includes(of)));
    const logs = values.map(Math.log);
    this.bases = Float64Array.from(this.#members, (own) => median(own.map((i) => logs[i] ?? NaN)));
    this.effects = new Float64Array(effects);
    this.#ofEffect = new Float64Array(effects).fill(CORE ** 2);
    this.#ofError = new Float64Array(known.length).fill(ERROR ** 2);
    this.#left = Float64Array.from(known, ({ group }, i) => (logs[i] ?? NaN) - (this.bases[group] ?? NaN));
  }

  sweep(): void {
    this.#members.forEach((own, group) => {
      const step = this.#draw(own, 0, 0);
      this.bases[group] = (this.bases[group] ?? NaN) + step;
      for (const i of own) this.#take(i, step);
    });
    this.#users.forEach((own, core) => {
      const old = this.effects[core] ?? 0;
      const now = this.#draw(own, old, 1 / (this.#ofEffect[core] ?? NaN));
      this.effects[core] = now;
      for (const i of own) this.#take(i, now - old);
    });
    for (const { effects } of this.#known) if (effects.length === 2) this.#swap(effects[0] ?? 0, effects[1] ?? 0);
    this.#judge(this.effects, this.#ofEffect, ODD_CORES, CORE);
    this.#judge(this.#left, this.#ofError, OUTLIERS, ERROR);
  }

  #take(i: number, step: number): void {
    this.#left[i] = (this.#left[i] ?? NaN) - step;
  }

  /** One figure that is in all of `own`, given the others. */
  #draw(own: readonly number[], old: number, belief: number): number {
    let [sum, mass] = [0, belief];
    for (const i of own) {
      const weight = 1 / (this.#ofError[i] ?? NaN);
      sum += ((this.#left[i] ?? NaN) + old) * weight;
      mass += weight;
    }
    return sum / mass + this.#chance.normal() / Math.sqrt(mass);
  }

  /** Which of the two cores of a pair is the odd one is seldom found out one core at a time (Metropolis). */
  #swap(a: number, b: number): void {
    const step = (this.effects[b] ?? 0) - (this.effects[a] ?? 0);
    const moved = (core: number, other: number, by: number): (readonly [number, number])[] =>
      (this.#users[core] ?? []).flatMap((i) => (this.#known[i]?.effects.includes(other) ? [] : [[i, by] as const]));
    const changes = [...moved(a, b, step), ...moved(b, a, -step)];
    let gain = 0;
    for (const [i, by] of changes) {
      const left = this.#left[i] ?? NaN;
      gain += (left ** 2 - (left - by) ** 2) / (2 * (this.#ofError[i] ?? NaN));
    }
    if (Math.log(1 - this.#chance.uniform()) >= gain) return;
    for (const [i, by] of changes) this.#take(i, by);
    for (const list of [this.effects, this.#ofEffect]) [list[a], list[b]] = [list[b] ?? 0, list[a] ?? 0];
  }

  /** Which figures are out of line, and how far the others spread. */
  #judge(figures: Float64Array, variances: Float64Array, odd: typeof ODD_CORES, prior: number): void {
    const wide = odd.deviation ** 2;
    let narrow = prior ** 2;
    for (const variance of variances) if (variance !== wide) narrow = variance;
    let [squares, count] = [BELIEF * prior ** 2, BELIEF];
    figures.forEach((figure, i) => {
      const out = (odd.share / odd.deviation) * Math.exp(-(figure ** 2) / 2 / wide);
      const usual = ((1 - odd.share) / Math.sqrt(narrow)) * Math.exp(-(figure ** 2) / 2 / narrow);
      const isOut = this.#chance.uniform() * (out + usual) < out;
      variances[i] = isOut ? wide : narrow;
      if (isOut) return;
      squares += figure ** 2;
      count++;
    });
    const now = squares / this.#chance.scale(count);
    variances.forEach((variance, i) => (variances[i] = variance === wide ? wide : now));
  }
}
