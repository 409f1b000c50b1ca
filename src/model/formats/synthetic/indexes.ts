/** "indexes=" of hwloc's notation: how the objects of a level are numbered by the operating system. */

import { MAX_ID } from '../../text/cpulist.ts';
import { refuse, typeOf } from './notation.ts';
import type { Level } from './notation.ts';

/** Counts up by one each `step` objects, and starts anew after `count`. */
interface Loop {
  readonly step: number;
  readonly count: number;
}

/** "2*4:1*2". */
function writtenLoops(text: string): Loop[] {
  return text.split(':').map((piece) => {
    const [, step = '0', count = '0'] = /^(\d{1,6})\*(\d{1,6})$/.exec(piece) ?? [];
    if (Number(step) === 0 || Number(count) === 0) refuse(`"${piece.slice(0, 40)}" in indexes= is no STEP*COUNT.`);
    return { step: Number(step), count: Number(count) };
  });
}

/** "core:numa": first along the cores of a node, then along the nodes. `widths` are objects by level, outermost first. */
function namedLoops(text: string, levels: readonly Level[], widths: readonly number[], total: number): Loop[] {
  const depths = text.split(':').map((word) => {
    const named = typeOf(word);
    const depth = levels.findIndex(
      ({ type, cache }) =>
        type === named?.type && (!cache || (cache.level === named.level && cache.type === named.cacheType)),
    );
    if (!named || depth === -1) refuse(`"${word.slice(0, 40)}" in indexes= is no level further out.`);
    return depth;
  });
  if (new Set(depths).size < depths.length) refuse(`indexes=${text.slice(0, 60)} names a level twice.`);
  return depths.map((depth) => {
    const outer = Math.max(-1, ...depths.filter((other) => other < depth));
    const width = widths[depth] ?? 1;
    return { step: total / width, count: width / (outer === -1 ? 1 : (widths[outer] ?? 1)) };
  });
}

/**
 * Number of each of `total` objects of a level, in the order of the hierarchy; `outer` are the levels around it.
 * @throws PinboardError `bad-file` where lstopo would silently ignore what is written: it names no such level, or numbers
 *   objects twice.
 */
export function numbersOf(indexes: string | null, outer: readonly Level[], total: number): number[] {
  const plain = Array.from({ length: total }, (_, i) => i);
  if (indexes === null) return plain;
  if (/^[\d,]+$/.test(indexes)) {
    const numbers = indexes.split(',').map(Number);
    if (numbers.length !== total) refuse(`indexes= gives ${numbers.length} numbers for ${total} objects.`);
    return checked(numbers, MAX_ID);
  }
  let width = 1;
  const widths = outer.map(({ count }) => (width *= count));
  const loops = /^\d/.test(indexes) ? writtenLoops(indexes) : namedLoops(indexes, outer, widths, total);
  const covered = loops.reduce((product, { count }) => product * count, 1);
  const rest = total / covered;
  if (rest !== 1) {
    if (Math.min(total, ...loops.map(({ step }) => step)) !== rest)
      refuse(`indexes=${indexes.slice(0, 60)} covers ${covered} of ${total} objects.`);
    loops.push({ step: 1, count: rest });
  }
  const numbers = plain.map((i) => {
    let number = 0;
    let times = 1;
    for (const { step, count } of loops) {
      number += (Math.floor(i / step) % count) * times;
      times *= count;
    }
    return number;
  });
  return checked(numbers, total - 1);
}

function checked(numbers: number[], most: number): number[] {
  if (new Set(numbers).size < numbers.length) refuse('indexes= gives a number twice.');
  if (numbers.some((number) => number > most)) refuse(`indexes= gives a number above ${most}.`);
  return numbers;
}
