/** Figures that stand side by side as heat: which step each has, and what the steps mean. */

export interface Bin {
  /** 1 to 6. */
  readonly step: number;
  /** Least and largest figure of the step. */
  readonly from: number;
  readonly to: number;
}

const STEPS = 6;
/** With few values the steps lie apart, so that neighbours are told from one another. */
const FEW: Readonly<Record<number, readonly number[]>> = {
  1: [2],
  2: [1, 4],
  3: [1, 3, 5],
  4: [1, 2, 4, 6],
  5: [1, 2, 3, 5, 6],
};

/** A step for each value where there are at most six, else equal ratios between the least and the largest. Ascending. */
export function colourScale(values: readonly number[]): Bin[] {
  const own = [...new Set(values.filter((value) => value > 0))].sort((a, b) => a - b);
  if (own.length <= STEPS)
    return own.map((value, at) => ({ step: FEW[own.length]?.[at] ?? at + 1, from: value, to: value }));
  const [least = 1, most = 1] = [own[0], own.at(-1)];
  const ratio = Math.log(most / least);
  const shades: Bin[] = [];
  for (const value of own) {
    const step = 1 + Math.min(STEPS - 1, Math.floor((Math.log(value / least) / ratio) * STEPS));
    const last = shades.at(-1);
    if (last?.step === step) shades[shades.length - 1] = { ...last, to: value };
    else shades.push({ step, from: value, to: value });
  }
  return shades;
}

/** 0 where the value is in none. */
export function binOf(shades: readonly Bin[], value: number): number {
  return shades.find(({ from, to }) => value >= from && value <= to)?.step ?? 0;
}
