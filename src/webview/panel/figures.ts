/** Owns the figures of a run: as a table with median and interval, and every repetition as a strip. */

import { figureOf } from '../../model/bench/index.ts';
import { formatFigure, formatMetric, scaleOf } from '../../model/text/format.ts';
import { figuresOf } from '../../model/run/run.ts';
import type { Result, RunSummary } from '../../model/run/run.ts';
import { el } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { resultNames } from '../../model/verdict/names.ts';
import { strip } from '../ui/strip.ts';
import type { Arrow, Series } from '../ui/strip.ts';
import { table } from './elements.ts';

export type Named = readonly [name: string, result: Result];

/** A median with its interval, both in the unit of the column. */
export function medianCell({ median, interval }: Pick<Result, 'median' | 'interval'>, factor: number): Child {
  if (median === null) return 'not measured';
  const [low, high] = interval?.map((end) => formatFigure(end / factor)) ?? [];
  return [
    el('b.strong', {}, formatFigure(median / factor)),
    low !== undefined && high !== undefined && el('span.dim.sm', {}, ` ${low} \u2026 ${high}`),
  ];
}

export function figures(run: RunSummary, named: readonly Named[]): HTMLElement {
  const metric = named[0]?.[1].metric ?? '';
  const { factor, unit } = scaleOf(metric, Math.max(0, ...named.map(([, result]) => result.median ?? 0)));
  const rate = metric === 'items/s';
  const rows = named.map(([name, result]) => [
    name,
    medianCell(result, factor),
    ...(rate ? [result.median === null || result.median === 0 ? '' : formatFigure(1e9 / result.median)] : []),
  ]);
  const columns = [
    { name: 'median, 95 %' },
    { name: unit, num: true },
    ...(rate ? [{ name: 'ns per item', num: true }] : []),
  ];
  return table(`Figures of the run of ${run.time}`, columns, rows);
}

/** Every repetition of results that share a metric; the second kind of mark is what the others are held against. */
export function repetitions(
  named: readonly (readonly [kind: Series['kind'], ...Named])[],
  width: number,
  arrow: Arrow | null,
): Child {
  const metric = named[0]?.[2].metric ?? '';
  const lines = named.map(([kind, label, result]): Series => {
    const { median, interval } = result;
    return { kind, label, values: figuresOf(result), median, interval };
  });
  const { unit } = scaleOf(metric, Math.max(...lines.flatMap((line) => line.values)));
  const said = lines
    .map((line) => `${line.label}: ${line.values.map((value) => formatMetric(value, metric)).join(', ')}`)
    .join('. ');
  return [
    strip(lines, metric, width, arrow, `Every repetition. ${said}`),
    el('div.sm.dim', {}, `${unit}, every repetition; the tall line is the median, the shade its 95 % interval`),
  ];
}

/** Strips of one figure; the others are in the table. */
const MOST_STRIPS = 8;

/** Of what the user's own program is measured by its name alone says what it is. */
const titleOf = ({ benchmark, metric }: Result): string =>
  figureOf(benchmark)?.title ?? (metric === 's' ? 'Time' : metric);

/** Of a run that compares more than two: one figure after the other. @param strips whether every repetition is drawn. */
export function several(run: RunSummary, width: number, strips: boolean): Child {
  const kindOf = ({ benchmark, metric }: Result): string => `${benchmark} ${metric}`;
  const kinds = new Map(run.results.map((result) => [kindOf(result), result]));
  return [...kinds].map(([kind, one]) => {
    const results = run.results.filter((result) => kindOf(result) === kind);
    const labels = resultNames(results);
    const named = results.map((result, i): Named => [labels[i] ?? '', result]);
    const drawn = named.filter(([, result]) => figuresOf(result).length > 0).slice(0, MOST_STRIPS);
    return [
      kinds.size > 1 && el('h3', {}, titleOf(one)),
      figures(run, named),
      strips &&
        drawn.length > 0 &&
        repetitions(
          drawn.map(([name, result], i) => [i === 0 ? 'against' : 'of', name, result]),
          width,
          null,
        ),
    ];
  });
}
