/** What is told of one worker's victims, class by class. */

export interface VictimClass {
  /** "same L3", "node at distance 21". */
  readonly words: string;
  /** Under a colour: "L3", "d21". */
  readonly short: string;
  /** The place of its first victim in the whole order, from 1. */
  readonly first: number;
  /** In their order. */
  readonly cpus: readonly number[];
}

export interface Victims {
  readonly thief: number;
  /** The nearest first; none where nobody else works. */
  readonly classes: readonly VictimClass[];
}

/** "1", "2–8": the places of its victims. */
export function placesOf({ first, cpus }: VictimClass): string {
  const last = first + cpus.length - 1;
  return last === first ? String(first) : `${String(first)}–${String(last)}`;
}
