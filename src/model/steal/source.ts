/** Steal orders as tables to paste into a scheduler, in C, Rust and Go: a whole file of each, which compiles as it is. */

import { PinboardError } from '../problem.ts';
import type { StealOrders } from './order.ts';

export const LANGUAGES = ['c', 'rust', 'go'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Lengths stand in the text by their names. */
interface Table {
  readonly name: string;
  readonly comment: string;
  /** What there is one of in each row; null: the table is a single row, of the workers. */
  readonly row: 'others' | 'classes' | null;
  readonly rows: readonly (readonly number[])[];
}

interface Dialect {
  readonly head: (workers: number, classes: number) => readonly string[];
  readonly table: (table: Table) => readonly string[];
  readonly comment: (line: string) => string;
}

const numbers = (row: readonly number[] = []): string => row.join(', ');
const upper = (name: string): string => name.toUpperCase();
const camel = (name: string): string => name.replaceAll(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());

const DIALECTS: Readonly<Record<Language, Dialect>> = {
  c: {
    comment: (line) => `/* ${line} */`,
    head: (workers, classes) => [
      '#include <stdint.h>',
      '',
      `enum { STEAL_WORKERS = ${String(workers)}, STEAL_CLASSES = ${String(classes)} };`,
    ],
    table: ({ name, row, rows }) => {
      const inner = { others: '[STEAL_WORKERS - 1]', classes: '[STEAL_CLASSES]' };
      const start = `static const uint16_t ${name}[STEAL_WORKERS]${row === null ? '' : inner[row]} = {`;
      return row === null
        ? [`${start}${numbers(rows[0])}};`]
        : [start, ...rows.map((one) => `    {${numbers(one)}},`), '};'];
    },
  },
  rust: {
    comment: (line) => `// ${line}`,
    head: (workers, classes) => [
      `pub const STEAL_WORKERS: usize = ${String(workers)};`,
      `pub const STEAL_CLASSES: usize = ${String(classes)};`,
    ],
    table: ({ name, row, rows }) => {
      const inner = { others: '[u16; STEAL_WORKERS - 1]', classes: '[u16; STEAL_CLASSES]' };
      const start = `pub static ${upper(name)}: [${row === null ? 'u16' : inner[row]}; STEAL_WORKERS] = [`;
      return row === null
        ? [`${start}${numbers(rows[0])}];`]
        : [start, ...rows.map((one) => `    [${numbers(one)}],`), '];'];
    },
  },
  go: {
    comment: (line) => `// ${line}`,
    head: (workers, classes) => [
      'package steal',
      '',
      'const (',
      `\tStealWorkers = ${String(workers)}`,
      `\tStealClasses = ${String(classes)}`,
      ')',
    ],
    table: ({ name, row, rows }) => {
      const inner = { others: '[StealWorkers - 1]', classes: '[StealClasses]' };
      const start = `var ${camel(name)} = [StealWorkers]${row === null ? '' : inner[row]}uint16{`;
      return row === null
        ? [`${start}${numbers(rows[0])}}`]
        : [start, ...rows.map((one) => `\t{${numbers(one)}},`), '}'];
    },
  },
};

/** What a comment may hold in each of the languages. */
const plain = (line: string): string => line.replaceAll(/[^\w ,.:;()+-]/g, '');

/**
 * @param about for the comment at the top, a line each.
 * @throws PinboardError `unsupported` where nobody has a victim.
 */
export function stealOrderSource(
  { classes, workers }: StealOrders,
  language: Language,
  about: readonly string[],
): string {
  if (workers.length < 2)
    throw new PinboardError('unsupported', 'One worker has nobody to steal from: there is no order to paste.');
  const place = new Map(workers.map(({ cpu }, at) => [cpu, at]));
  const tables: readonly Table[] = [
    { name: 'steal_cpu', comment: 'The CPU of each worker.', row: null, rows: [workers.map(({ cpu }) => cpu)] },
    {
      name: 'steal_victims',
      comment: 'By worker: the workers that it steals from, the nearest first. Numbers of workers, not of CPUs.',
      row: 'others',
      rows: workers.map(({ victims }) => victims.map((cpu) => place.get(cpu) ?? 0)),
    },
    {
      name: 'steal_ends',
      comment: 'By worker and class: how many of its victims are in this class or a nearer one.',
      row: 'classes',
      rows: workers.map((list) => classes.map((_, at) => list.classes.filter((one) => one <= at).length)),
    },
  ];
  const { comment, head, table } = DIALECTS[language];
  return [
    ...[...about, ...classes.map(({ words }, at) => `Class ${String(at)}: ${words}`)].map((line) =>
      comment(plain(line)),
    ),
    ...head(workers.length, classes.length),
    ...tables.flatMap((one) => ['', comment(one.comment), ...table(one)]),
    '',
  ].join('\n');
}
