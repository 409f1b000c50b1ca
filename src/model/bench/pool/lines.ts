/** Pools for the terminal: a table a load, a row a first touch, a column an order, and what the workers of the nearest first did. */

import { STEAL_ORDERS } from '../../cases/pool.ts';
import type { Result } from '../../run/run.ts';
import { capital, formatFigure, plural, scaleOf } from '../../text/format.ts';
import type { Topology } from '../../topology/topology.ts';
import { poolResults } from './evidence.ts';
import type { PoolResult } from './evidence.ts';
import { LOAD_WORDS, touchWords } from './labels.ts';
import { poolWordsOf } from './seen.ts';

const NOISY = '~';
const INVALID = '!';

function cell(one: PoolResult | undefined, factor: number): string {
  if (!one) return '';
  const { median, valid, noisy } = one.result;
  if (median === null) return INVALID;
  return formatFigure(median / factor) + (valid ? (noisy ? NOISY : '') : INVALID);
}

/** The first column flush left, the others flush right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `    ${row.map((words, at) => (at === 0 ? words.padEnd(widths[0] ?? 0) : words.padStart(widths[at] ?? 0))).join('  ')}`.trimEnd(),
  );
}

function table(own: readonly PoolResult[]): string[] {
  const [first] = own;
  if (!first) return [];
  const { factor, unit } = scaleOf(first.result.metric, Math.max(0, ...own.map(({ result }) => result.median ?? 0)));
  const orders = STEAL_ORDERS.filter((order) => own.some(({ one }) => one.order === order));
  const touches = [...new Set(own.map(({ one }) => touchWords(one.touch, one.node)))];
  const at = (touch: string, order: string): PoolResult | undefined =>
    own.find(({ one }) => touchWords(one.touch, one.node) === touch && one.order === order);
  const told = own.find(({ one }) => one.order === 'hierarchical') ?? first;
  const across = `${plural(first.one.cpus.length, 'worker')} on ${plural(first.nodes, 'node')}`;
  return [
    `  ${capital(LOAD_WORDS[first.one.load])}, ${unit}, ${across}`,
    ...aligned([
      ['', ...orders],
      ...touches.map((touch) => [touch, ...orders.map((order) => cell(at(touch, order), factor))]),
    ]),
    ...poolWordsOf(told.result).map(
      (words) => `    ${told.one.order}, ${touchWords(told.one.touch, told.one.node)}: ${words}`,
    ),
  ];
}

/** Null for fewer than two results, which a line each says best. */
export function poolLines(topology: Topology, results: readonly Result[]): string[] | null {
  const all = poolResults(topology, results);
  if (all.length < 2 || all.length < results.length) return null;
  const groups = new Map<string, PoolResult[]>();
  for (const one of all) {
    const key = `${one.one.load} ${one.one.cpus.join()} ${one.one.pages} ${String(one.one.sizeBytes)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const marks = [
    ...(all.some(({ result }) => result.valid && result.noisy) ? [`${NOISY} noisy`] : []),
    ...(all.some(({ result }) => !result.valid) ? [`${INVALID} does not count`] : []),
    ...(all.some(({ result }) => result.emulated) ? ['emulated'] : []),
  ];
  const wrong = new Map<string, string>();
  for (const { result, one } of all)
    if (!result.valid)
      wrong.set(LOAD_WORDS[one.load], wrong.get(LOAD_WORDS[one.load]) ?? result.why ?? 'the placement slipped');
  const rounds = Math.max(...all.map(({ result }) => result.repetitions.length));
  return [
    ...[...groups.values()].flatMap(table),
    `  Medians of ${plural(rounds, 'round')}${marks.length > 0 ? `; ${marks.join('; ')}` : ''}.`,
    ...[...wrong].map(([load, why]) => `  ! ${load}: ${why}`),
  ];
}
