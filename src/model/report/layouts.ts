/** Two pools on a run's page: the table that decides, and what was measured layout by layout. */

import { COUNTER_HEAD, COUNTER_OF, counterWords } from '../bench/separation/counter-words.ts';
import { decide } from '../bench/separation/decision.ts';
import { LAYOUT_WORDS, SCENARIO_WORDS } from '../bench/separation/labels.ts';
import { SIGN_HEAD, signWords } from '../bench/separation/sign-words.ts';
import {
  CELL_MARKS,
  layoutResults,
  layoutsMeasured,
  layoutsWrong,
  layoutTables,
  SIGNS_OF,
} from '../bench/separation/tables.ts';
import type { Run } from '../run/run.ts';
import { markdownText as text } from './escape.ts';
import { table } from './sections.ts';

/** Empty where the run is of no layouts. */
export function layouts(run: Run): string[] {
  const results = layoutResults(run.results);
  if (results.length === 0) return [];
  const emulated = results.some((result) => result.emulated) ? ' (emulated)' : '';
  const decision = decide(run.results, run.thresholds);
  const rows = decision.rows.map((row) => {
    const { title, value, interval, thresholds, says } = signWords(row);
    const mark = row.value === null ? '' : emulated;
    return [
      title,
      `**${text(value)}**${mark}`,
      text(interval),
      text(thresholds),
      row.says ? `**${says}**` : text(says),
    ];
  });
  const wrong = layoutsWrong(results).map((why) => `- ! does not count: ${text(why)}`);
  return [
    `## The decision${emulated}`,
    '',
    `${text(SIGNS_OF)}:`,
    '',
    ...table(SIGN_HEAD, rows),
    ...(decision.counter.length > 0
      ? [
          `## ${COUNTER_OF}${emulated}`,
          '',
          ...table(
            COUNTER_HEAD,
            decision.counter.map((row) => {
              const [title = '', figure = '', ...rest] = counterWords(row).map(text);
              return [title, figure === '' ? '' : `**${figure}**${emulated}`, ...rest];
            }),
          ),
        ]
      : []),
    `## Layouts${emulated}`,
    '',
    ...layoutTables(results).flatMap(({ title, scenarios, rows: own }) =>
      table(
        [`**${text(title)}**`, ...scenarios.map((scenario) => SCENARIO_WORDS[scenario])],
        own.map(({ layout, cells }) => [LAYOUT_WORDS[layout], ...cells.map(text)]),
      ),
    ),
    `${text(layoutsMeasured(results))} ${text(CELL_MARKS)}.`,
    '',
    ...(wrong.length > 0 ? [...wrong, ''] : []),
  ];
}
