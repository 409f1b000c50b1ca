/** Reading what the kernel counts: lines of a name and a number, and what became of them between two readings. */

import type { RawReading } from '../reading.ts';

/** "pgfree 123", "numa_hit 5", "Node 0 AnonPages: 123 kB" (in kB): the numbers by name. */
export function numbersIn(text: string | undefined): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of (text ?? '').split('\n')) {
    const [, name, number] = /^(?:Node \d+ )?([\w()]{1,60}):? +(\d{1,20})(?: kB)?$/.exec(line.trim()) ?? [];
    if (name !== undefined) found.set(name, Number(number));
  }
  return found;
}

/** How many a second, of a counter that only grows; null where either is not known. */
export function perSecond(before: number | undefined, after: number | undefined, seconds: number): number | null {
  return before === undefined || after === undefined || seconds <= 0 ? null : Math.max(0, after - before) / seconds;
}

/** Of counters in a file by name. */
export function rateIn(
  path: string,
  before: RawReading,
  after: RawReading,
  seconds: number,
): (name: string) => number | null {
  const [then, now] = [before, after].map(({ files }) => numbersIn(files.get(path)));
  return (name) => perSecond(then?.get(name), now?.get(name), seconds);
}

const OF_NODE = /^sys\/devices\/system\/node\/node(\d{1,5})\/([^/]{1,40})$/;

/** Something of each node, from the file of that name that each has; what is null is left out. */
export function byNode(
  { files }: RawReading,
  name: string,
  of: (path: string) => number | null,
): Record<string, number> {
  return Object.fromEntries(
    [...files.keys()].flatMap((path) => {
      const [, id, file] = OF_NODE.exec(path) ?? [];
      const value = id === undefined || file !== name ? null : of(path);
      return id === undefined || value === null ? [] : [[id, value]];
    }),
  );
}
