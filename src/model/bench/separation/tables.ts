/** Layouts as tables, a row a layout and a column a load: the same in a terminal, on a board and on a page. */

import { LAYOUTS, SCENARIOS } from '../../cases/separation.ts';
import type { Layout, Scenario, SeparationCase } from '../../cases/separation.ts';
import type { Result } from '../../run/run.ts';
import { formatFigure, formatPercent, plural, scaleOf, timeScale } from '../../text/format.ts';
import { MEASURES } from './measures.ts';
import type { Measure } from './measures.ts';

export type LayoutResult = Result & { readonly placement: SeparationCase };

export const layoutResults = (all: readonly Result[]): LayoutResult[] =>
  all.filter((result): result is LayoutResult => result.placement.kind === 'separation');

export interface LayoutTable {
  readonly measure: Measure;
  /** With the unit where a cell has none. */
  readonly title: string;
  readonly scenarios: readonly Scenario[];
  readonly rows: readonly { readonly layout: Layout; readonly cells: readonly string[] }[];
}

/** Behind a figure: noisy; the placement slipped. */
export const CELL_MARKS = '~ noisy, ! does not count';

function tableOf(measure: Measure, results: readonly LayoutResult[]): LayoutTable[] {
  const { benchmark, metric, title } = measure;
  const own = results.filter((result) => result.benchmark === benchmark);
  if (own.every(({ median }) => median === null)) return [];
  const percent = metric === '%';
  const most = Math.max(0, ...own.map(({ median }) => median ?? 0));
  const { factor, unit } = metric === 'ns' ? timeScale(most) : scaleOf(metric, most);
  const scenarios = SCENARIOS.filter((scenario) => own.some(({ placement }) => placement.scenario === scenario));
  const cell = (layout: Layout, scenario: Scenario): string => {
    const found = own.find(({ placement }) => placement.layout === layout && placement.scenario === scenario);
    if (found?.median == null) return found?.valid === false ? '!' : '';
    const figure = percent ? formatPercent(found.median / 100) : formatFigure(found.median / factor);
    return `${figure}${found.valid ? (found.noisy && !percent ? '~' : '') : '!'}`;
  };
  const rows = LAYOUTS.filter((layout) => own.some(({ placement }) => placement.layout === layout)).map((layout) => ({
    layout,
    cells: scenarios.map((scenario) => cell(layout, scenario)),
  }));
  return [{ measure, title: metric === 'ns' || metric.endsWith('/s') ? `${title}, ${unit}` : title, scenarios, rows }];
}

export const layoutTables = (results: readonly LayoutResult[]): LayoutTable[] =>
  MEASURES.flatMap((measure) => tableOf(measure, results));

/** What the figures are of. */
export function layoutsMeasured(results: readonly LayoutResult[]): string {
  const rounds = Math.max(0, ...results.map(({ repetitions }) => repetitions.length));
  const { walkers, workers } = results[0]?.placement ?? { walkers: [], workers: [] };
  const emulated = results.some((result) => result.emulated) ? '; emulated' : '';
  return `Medians of ${plural(rounds, 'round')}; walks by ${plural(walkers.length, 'worker')}, distances by ${String(workers.length)}${emulated}.`;
}

/** Why of some layouts nothing counts, each reason once. */
export const layoutsWrong = (results: readonly LayoutResult[]): string[] => [
  ...new Set(
    results.flatMap(({ benchmark, valid, why }) =>
      valid || benchmark !== 'separation' ? [] : [why ?? 'the placement slipped'],
    ),
  ),
];

/** Of what the decision's signs are read off. */
export const SIGNS_OF = 'Signs, of the mixed layout at 100 % load';
