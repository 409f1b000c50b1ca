/** Layouts for the terminal: a table a measure, a row a layout, a column a scenario; then the signs that the decision goes by. */

import type { Result } from '../../run/run.ts';
import { decide } from './decision.ts';
import { LAYOUT_WORDS, SCENARIO_WORDS } from './labels.ts';
import { aligned, signLines } from './sign-lines.ts';
import { COUNTER_HEAD, COUNTER_OF, counterWords } from './counter-words.ts';
import { layoutResults, layoutsMeasured, layoutsWrong, layoutTables, SIGNS_OF } from './tables.ts';
import { trafficLines } from './traffic.ts';
import type { LayoutTable } from './tables.ts';

const table = ({ title, scenarios, rows }: LayoutTable): string[] => [
  `  ${title}`,
  ...aligned([
    ['', ...scenarios.map((scenario) => SCENARIO_WORDS[scenario])],
    ...rows.map(({ layout, cells }) => [LAYOUT_WORDS[layout], ...cells]),
  ]),
];

/** Null where the results are of no layouts. */
export function separationLines(
  all: readonly Result[],
  thresholds: Readonly<Record<string, number>> = {},
): string[] | null {
  const results = layoutResults(all);
  if (results.length === 0) return null;
  const { rows, counter } = decide(all, thresholds);
  return [
    ...layoutTables(results).flatMap(table),
    `  ${layoutsMeasured(results)}`,
    ...layoutsWrong(results).map((why) => `  ! does not count: ${why}`),
    ...(rows.some(({ value }) => value !== null) ? [`  ${SIGNS_OF}`, ...signLines(rows)] : []),
    ...(counter.length > 0 ? [`  ${COUNTER_OF}`, ...aligned([COUNTER_HEAD, ...counter.map(counterWords)], true)] : []),
    ...trafficLines(results).map((line) => `  ${line}`),
  ];
}
