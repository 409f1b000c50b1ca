/** Layouts for the terminal: a table a measure, a row a layout, a column a scenario; then the signs that the decision goes by. */

import { LAYOUTS, SCENARIOS } from '../../cases/separation.ts';
import type { SeparationCase } from '../../cases/separation.ts';
import type { Result } from '../../run/run.ts';
import { formatFigure, formatNs, formatPercent, plural, scaleOf } from '../../text/format.ts';
import { decide } from './decision.ts';
import { LAYOUT_WORDS, SCENARIO_WORDS } from './labels.ts';
import { MEASURES } from './measures.ts';
import type { Measure } from './measures.ts';
import { aligned, signLines } from './sign-lines.ts';

type Taken = Result & { readonly placement: SeparationCase };
const isTaken = (result: Result): result is Taken => result.placement.kind === 'separation';

function table({ benchmark, metric, title }: Measure, results: readonly Taken[]): string[] {
  const own = results.filter((result) => result.benchmark === benchmark);
  if (own.every(({ median }) => median === null)) return [];
  const percent = metric === '%';
  const { factor, unit } = scaleOf(metric, Math.max(0, ...own.map(({ median }) => median ?? 0)));
  const layouts = LAYOUTS.filter((layout) => own.some(({ placement }) => placement.layout === layout));
  const scenarios = SCENARIOS.filter((scenario) => own.some(({ placement }) => placement.scenario === scenario));
  const cell = (layout: string, scenario: string): string => {
    const found = own.find(({ placement }) => placement.layout === layout && placement.scenario === scenario);
    if (found?.median == null) return found?.valid === false ? '!' : '';
    if (metric === 'ns') return `${formatNs(found.median)}${found.noisy ? '~' : ''}`;
    const figure = percent ? formatPercent(found.median / 100) : formatFigure(found.median / factor);
    return `${figure}${found.valid ? (found.noisy && !percent ? '~' : '') : '!'}`;
  };
  return [
    `  ${title}${metric.endsWith('/s') ? `, ${unit}` : ''}`,
    ...aligned([
      ['', ...scenarios.map((scenario) => SCENARIO_WORDS[scenario])],
      ...layouts.map((layout) => [LAYOUT_WORDS[layout], ...scenarios.map((scenario) => cell(layout, scenario))]),
    ]),
  ];
}

/** Null where the results are of no layouts. */
export function separationLines(all: readonly Result[]): string[] | null {
  const results = all.filter(isTaken);
  const [first] = results;
  if (!first) return null;
  const rounds = Math.max(...results.map(({ repetitions }) => repetitions.length));
  const { walkers, workers } = first.placement;
  const { rows } = decide(all);
  const wrong = new Set(
    results.flatMap(({ benchmark, valid, why }) =>
      valid || benchmark !== 'separation' ? [] : [why ?? 'the placement slipped'],
    ),
  );
  return [
    ...MEASURES.flatMap((measure) => table(measure, results)),
    `  Medians of ${plural(rounds, 'round')}; walks by ${plural(walkers.length, 'worker')}, distances by ${String(workers.length)}${first.emulated ? '; emulated' : ''}.`,
    ...[...wrong].map((why) => `  ! does not count: ${why}`),
    ...(rows.some(({ value }) => value !== null)
      ? ['  Signs, of the mixed layout at 100 % load', ...signLines(rows)]
      : []),
  ];
}
