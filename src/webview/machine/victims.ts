/** Owns how victims stand on the machine: each cell has its number in the order, coloured by class, and says so. */

import type { Victims } from '../../model/steal/victim-class.ts';
import { placesOf } from '../../model/steal/victim-class.ts';
import { stepsOf } from './cost.ts';
import type { Cost } from './cost.ts';

/** By CPU; the thief has none. What is near is quiet, as while a token is carried. */
export function victimCosts({ thief, classes }: Victims): Map<number, Cost> {
  const steps = stepsOf(classes.map((_, at) => at));
  return new Map(
    classes.flatMap(({ words, first, cpus }, at) =>
      cpus.map((cpu, i): [number, Cost] => {
        const place = String(first + i);
        return [
          cpu,
          {
            step: steps.get(at) ?? 0,
            short: place,
            words: `${place} in the steal order of cpu ${thief}: ${words}`,
            figure: null,
          },
        ];
      }),
    ),
  );
}

/** For the legend. */
export function victimClasses({ classes }: Victims): Cost[] {
  const steps = stepsOf(classes.map((_, at) => at));
  return classes.map(({ words, short }, at) => ({ step: steps.get(at) ?? 0, short, words, figure: null }));
}

/** Of the thief's own cell: "1 same core: cpu 8; 2–8 same L3: cpu 9 first". */
export const orderWords = (victims: Victims): string => `steals in this order: ${orderLines(victims).join('; ')}`;

/** A line a class. */
export const orderLines = ({ classes }: Victims): string[] =>
  classes.map((one) => `${placesOf(one)} ${one.words}: cpu ${one.cpus[0] ?? ''}${one.cpus.length > 1 ? ' first' : ''}`);
