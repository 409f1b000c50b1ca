/** `--against KEY=VALUE,…`: another placement of the same queue, measured in turn; what is not named is as placed. */

import { InvalidArgumentError } from 'commander';
import { PADDINGS } from '../model/cases/spsc.ts';
import { PAGE_KINDS } from '../model/cases/pages.ts';
import type { MemoryTarget, SpscCase } from '../model/cases/spsc.ts';
import { cpuId, nodeId, powerOfTwo, wholeNumber } from './values.ts';

export function memoryTarget(text: string): MemoryTarget {
  if (text === 'producer' || text === 'consumer' || text === 'interleave') return text;
  try {
    return nodeId(text);
  } catch {
    throw new InvalidArgumentError('Give a node number, producer, consumer or interleave.');
  }
}

function oneOf<T extends string | number>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const found = values.find((value) => String(value) === text);
    if (found === undefined) throw new InvalidArgumentError(`Give one of ${values.join(', ')}.`);
    return found;
  };
}

const READERS: { readonly [K in Exclude<keyof SpscCase, 'kind'>]: (text: string) => SpscCase[K] } = {
  producer: cpuId,
  consumer: cpuId,
  memory: memoryTarget,
  pin: (text) => oneOf(['0', '1'])(text) === '1',
  padding: oneOf(PADDINGS),
  capacity: powerOfTwo,
  batch: wholeNumber(1, 65_536),
  pages: oneOf(PAGE_KINDS),
};

export function against(text: string): Partial<SpscCase> {
  const pairs = text.split(',').map((pair) => {
    const [key = '', value = ''] = pair.split('=', 2);
    if (!Object.hasOwn(READERS, key)) {
      throw new InvalidArgumentError(`Give KEY=VALUE,… with keys of ${Object.keys(READERS).join(', ')}.`);
    }
    return [key, READERS[key as keyof typeof READERS](value)];
  });
  return Object.fromEntries(pairs) as Partial<SpscCase>;
}
