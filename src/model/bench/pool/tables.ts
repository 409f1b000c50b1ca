/** Pools as tables, one a load and set of workers, a row a first touch, a column an order: the same in a terminal and on a board. */

import { STEAL_ORDERS } from '../../cases/pool.ts';
import type { StealOrder } from '../../cases/pool.ts';
import type { Result } from '../../run/run.ts';
import { capital, formatFigure, plural, scaleOf } from '../../text/format.ts';
import type { Topology } from '../../topology/topology.ts';
import { poolResults } from './evidence.ts';
import type { PoolResult } from './evidence.ts';
import { LOAD_WORDS, touchWords } from './labels.ts';
import { poolWordsOf } from './seen.ts';

const NOISY = '~';
const INVALID = '!';

export interface PoolTable {
  /** Load, unit, and who worked. */
  readonly title: string;
  readonly orders: readonly StealOrder[];
  readonly rows: readonly { readonly touch: string; readonly cells: readonly string[] }[];
  /** What the workers of the nearest first did. */
  readonly did: readonly string[];
}

function cell(one: PoolResult | undefined, factor: number): string {
  if (!one) return '';
  const { median, valid, noisy } = one.result;
  if (median === null) return INVALID;
  return formatFigure(median / factor) + (valid ? (noisy ? NOISY : '') : INVALID);
}

function tableOf(own: readonly PoolResult[]): PoolTable[] {
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
    {
      title: `${capital(LOAD_WORDS[first.one.load])}, ${unit}, ${across}`,
      orders,
      rows: touches.map((touch) => ({ touch, cells: orders.map((order) => cell(at(touch, order), factor)) })),
      did: poolWordsOf(told.result).map(
        (words) => `${told.one.order}, ${touchWords(told.one.touch, told.one.node)}: ${words}`,
      ),
    },
  ];
}

/** Null where not all results are of pools, or there are fewer than two, which stand for themselves. */
export function poolTables(topology: Topology, results: readonly Result[]): PoolTable[] | null {
  const all = poolResults(topology, results);
  if (all.length < 2 || all.length < results.length) return null;
  const groups = new Map<string, PoolResult[]>();
  for (const one of all) {
    const key = `${one.one.load} ${one.one.cpus.join()} ${one.one.pages} ${String(one.one.sizeBytes)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap(tableOf);
}

/** "Medians of 11 rounds; ~ noisy; emulated." */
export function poolsMeasured(topology: Topology, results: readonly Result[]): string {
  const all = poolResults(topology, results);
  const marks = [
    ...(all.some(({ result }) => result.valid && result.noisy) ? [`${NOISY} noisy`] : []),
    ...(all.some(({ result }) => !result.valid) ? [`${INVALID} does not count`] : []),
    ...(all.some(({ result }) => result.emulated) ? ['emulated'] : []),
  ];
  const rounds = Math.max(0, ...all.map(({ result }) => result.repetitions.length));
  return `Medians of ${plural(rounds, 'round')}${marks.length > 0 ? `; ${marks.join('; ')}` : ''}.`;
}

/** Why something of a load does not count, a sentence a load. */
export function poolsWrong(topology: Topology, results: readonly Result[]): string[] {
  const wrong = new Map<string, string>();
  for (const { result, one } of poolResults(topology, results)) {
    const load = LOAD_WORDS[one.load];
    if (!result.valid && !wrong.has(load)) wrong.set(load, result.why ?? 'the placement slipped');
  }
  return [...wrong].map(([load, why]) => `${load}: ${why}`);
}
