/** The words of the command line that measure memory cases again: lists that name at least them. */

import type { MemoryCase } from '../../cases/memory.ts';
import type { Timing } from '../bench.ts';

type Word = string | number;

const unlessUsual = (option: string, words: readonly Word[], usual: string): Word[] =>
  words.length === 0 || words.join() === usual ? [] : [option, words.join()];

export function memoryWords(cases: readonly MemoryCase[], { rounds, durationMs }: Timing): Word[] {
  const all = <T extends Word>(of: (one: MemoryCase) => readonly T[]): T[] => [...new Set(cases.flatMap(of))];
  const [longest] = [...cases].sort((a, b) => b.cpus.length - a.cpus.length);
  // The order of those that measure together counts: the first so many of them do.
  const cpus = [...new Set([...(longest?.cpus ?? []), ...all(({ cpus: own }) => own)])];
  const bandwidth = cases.filter(({ what }) => what === 'bandwidth');
  const together = bandwidth.some(({ cpus: own }) => own.length > 1);
  const threads = [...new Set(bandwidth.map(({ cpus: own }) => own.length))];
  const whats = all(({ what }) => [what]);
  // What latency is without a load belongs to what it is under one.
  const idle =
    whats.includes('loaded-latency') && cases.every(({ what, cpus: [cpu] }) => what !== 'latency' || cpu === cpus[0]);
  const nodes = all(({ nodes: own }) => own);
  return [
    ...['bench', 'memory', '--cpu', cpus.join()],
    ...(together ? ['--together', ...unlessUsual('--threads', threads, String(cpus.length))] : []),
    ...(nodes.length === 0 ? [] : ['--node', nodes.join()]),
    ...unlessUsual(
      '--memory',
      all(({ policy }) => [policy]),
      'bind',
    ),
    ...['--pages', all(({ pages }) => [pages]).join(), '--size', all(({ sizeBytes }) => [sizeBytes]).join()],
    ...['--what', whats.filter((what) => !idle || what !== 'latency').join()],
    ...unlessUsual(
      '--kernel',
      all(({ kernel }) => (kernel === undefined ? [] : [kernel])),
      'triad',
    ),
    ...['--duration', `${durationMs}ms`, '--repeat', rounds],
  ];
}
