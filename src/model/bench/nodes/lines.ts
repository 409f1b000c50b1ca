/** Node × node for the terminal: a table a measure, and a row a pair that sets it beside what firmware says. */

import { formatBytes, formatFigure, formatMetric, plural, scaleOf } from '../../text/format.ts';
import type { Result } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { pairFacts, pairWords, slitSentence, SLIT_LOCAL } from './firmware.ts';
import type { PairFacts, Ratio } from './firmware.ts';
import { nodeGrid, pairsOf } from './grid.ts';
import type { NodeGrid, NodeMeasure } from './grid.ts';

export const MEASURE_TITLES: Readonly<Record<NodeMeasure, string>> = { latency: 'Latency', bandwidth: 'Bandwidth' };

const NOISY = '~';
const INVALID = '!';

/** All figures of a measure in one unit. */
export function scaleOfMeasure(grid: NodeGrid, measure: NodeMeasure): { factor: number; unit: string } {
  const results = pairsOf(grid).map(([from, to]) => grid.at(measure, from, to));
  const metric = results[0]?.metric ?? '';
  return scaleOf(metric, Math.max(0, ...results.map((result) => result?.median ?? 0)));
}

function cell(result: Result | null, factor: number): string {
  if (result?.median === null || result?.median === undefined) return result?.repetitions.length ? INVALID : 'none';
  const mark = result.valid ? (result.noisy ? NOISY : '') : INVALID;
  return formatFigure(result.median / factor) + mark;
}

/** Columns as wide as their widest cell, all flush right but the last, which is prose. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((words, column) => words.padStart(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

function table(grid: NodeGrid, measure: NodeMeasure): string[] {
  const { factor, unit } = scaleOfMeasure(grid, measure);
  const rows = grid.from.map((from) => [
    `node ${from}`,
    ...grid.to.map((to) => cell(grid.at(measure, from, to), factor)),
  ]);
  return [
    `${MEASURE_TITLES[measure]}, ${unit}, from the CPUs of a node (row) to the memory of a node (column)`,
    ...aligned([['', ...grid.to.map((to) => `node ${to}`)], ...rows]),
  ];
}

/** "1.75 × (1.72 … 1.79)"; where the interval holds 1, only that: "0.97 … 1.04 ×, not shown". */
function ratioWords(ratio: Ratio | null): string {
  if (!ratio) return '';
  const [low, high] = ratio.interval ?? [];
  if (low !== undefined && high !== undefined && low <= 1 && high >= 1)
    return `${formatFigure(low)} … ${formatFigure(high)} ×, not shown`;
  const bounds = ratio.interval ? ` (${ratio.interval.map(formatFigure).join(' … ')})` : '';
  return `${formatFigure(ratio.value)} ×${bounds}`;
}

const figure = (value: number | null | undefined, metric: string): string =>
  value === null || value === undefined ? '' : formatMetric(value, metric);

/** "140 ns, measured 1.02 ×": how many times the rated figure was measured. */
function ratedWords(rated: number | null, result: Result | null, metric: string): string {
  if (rated === null) return '';
  const median = result?.valid === true ? result.median : null;
  const times = median === null ? '' : `, measured ${formatFigure(median / rated)} ×`;
  return formatMetric(rated, metric) + times;
}

/** Heads and cells of the pairs; columns that say nothing are left out. */
export function pairColumns(facts: readonly PairFacts[]): { head: string[]; rows: string[][] } {
  const columns: [head: string, cell: (one: PairFacts) => string][] = [
    ['pair', pairWords],
    ['latency', ({ latency }) => figure(latency?.median, 'ns')],
    ['× own node', ({ timesLatency }) => ratioWords(timesLatency)],
    ['SLIT ÷ 10', ({ slit }) => (slit === null ? '' : `${formatFigure(slit / SLIT_LOCAL)} ×`)],
    ['rated latency', ({ ratedNs, latency }) => ratedWords(ratedNs, latency, 'ns')],
    ['bandwidth', ({ bandwidth }) => figure(bandwidth?.median, 'B/s')],
    ['× own node', ({ shareOfBandwidth }) => ratioWords(shareOfBandwidth)],
    ['rated bandwidth', ({ ratedBytesPerSecond, bandwidth }) => ratedWords(ratedBytesPerSecond, bandwidth, 'B/s')],
  ];
  const filled = columns.filter(([, of]) => facts.some((one) => of(one) !== ''));
  return { head: filled.map(([head]) => head), rows: facts.map((one) => filled.map(([, of]) => of(one))) };
}

/** Each pair that has something wrong with it. */
function slipped(grid: NodeGrid): string[] {
  return grid.measures.flatMap((measure) =>
    pairsOf(grid).flatMap(([from, to]) => {
      const result = grid.at(measure, from, to);
      if (!result || result.valid) return [];
      return [
        `  ! ${MEASURE_TITLES[measure]} of ${pairWords({ from, to })} does not count: ${result.why ?? 'the placement slipped'}`,
      ];
    }),
  );
}

/** What all cases had in common: "5 rounds; pages thp, 256 MB; bandwidth of 18 CPUs together". */
function common(grid: NodeGrid): string {
  const results = grid.measures.flatMap((measure) =>
    pairsOf(grid).flatMap(([from, to]) => grid.at(measure, from, to) ?? []),
  );
  const cases = results.flatMap(({ placement }) => (placement.kind === 'memory' ? [placement] : []));
  const some = (of: (one: (typeof cases)[number]) => string): string => [...new Set(cases.map(of))].join(' or ');
  const rounds = Math.max(0, ...results.map(({ repetitions }) => repetitions.length));
  const loading = cases.filter(({ what }) => what === 'bandwidth').map(({ cpus }) => cpus.length);
  const together =
    loading.length === 0
      ? []
      : [`bandwidth of ${[...new Set(loading)].map((count) => plural(count, 'CPU')).join(' or ')} of a node together`];
  return [
    plural(rounds, 'round'),
    `${some(({ pages }) => pages)} pages, ${some((one) => formatBytes(one.sizeBytes))}`,
    ...together,
  ].join('; ');
}

/** Null where the results are no table of nodes. */
export function nodeLines(topology: Topology, results: readonly Result[]): string[] | null {
  const grid = nodeGrid(topology, results);
  if (!grid) return null;
  const facts = pairFacts(topology, grid);
  const all = pairsOf(grid).flatMap(([from, to]) => grid.measures.map((measure) => grid.at(measure, from, to)));
  const marks = [
    ...(all.some((result) => result?.valid === true && result.noisy) ? [`${NOISY} noisy`] : []),
    ...(all.some((result) => result?.valid === false) ? [`${INVALID} does not count, see below`] : []),
  ];
  const emulated = all.some((result) => result?.emulated === true) ? ['emulated'] : [];
  const { head, rows } = pairColumns(facts);
  const sentence = slitSentence(facts);
  return [
    ...grid.measures.flatMap((measure) => table(grid, measure)),
    `  Medians${marks.length > 0 ? `; ${marks.join('; ')}` : ''}. ${[...emulated, common(grid)].join('; ')}.`,
    'Beside what firmware says, with 95 % intervals',
    ...aligned([head, ...rows]),
    ...(sentence === null ? [] : [`  ${sentence}`]),
    ...slipped(grid),
  ];
}
