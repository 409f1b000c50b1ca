/** Owns what the panel shows of two pools: the table that decides, what is said against it, what each layout was measured to do, and every repetition at one load. */

import { COUNTER_OF, counterWords } from '../../model/bench/separation/counter-words.ts';
import { decide } from '../../model/bench/separation/decision.ts';
import type { Decision } from '../../model/bench/separation/decision.ts';
import { LAYOUT_WORDS, SCENARIO_WORDS } from '../../model/bench/separation/labels.ts';
import { signWords } from '../../model/bench/separation/sign-words.ts';
import {
  CELL_MARKS,
  layoutResults,
  layoutsMeasured,
  layoutsWrong,
  layoutTables,
  SIGNS_OF,
} from '../../model/bench/separation/tables.ts';
import type { LayoutResult, LayoutTable } from '../../model/bench/separation/tables.ts';
import type { Scenario } from '../../model/cases/separation.ts';
import { figuresOf } from '../../model/run/run.ts';
import type { RunSummary } from '../../model/run/run.ts';
import { capital } from '../../model/text/format.ts';
import { el } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { note, section, table } from './elements.ts';
import { repetitions } from './figures.ts';

/** As heads of columns: the panel is narrow. */
const SHORT: Readonly<Record<Scenario, string>> = {
  '60%': '60 %',
  '100%': '100 %',
  '200%': '200 %',
  traversal: 'walks',
  distance: 'dist.',
};
/** Measures in sight: throughput, and the tail of the latency. */
const FIRST: readonly string[] = ['separation', 'separation-p99'];

function signs(decision: Decision): HTMLElement {
  const rows = decision.rows.map((row): Child[] => {
    const { title, value, interval, thresholds, says } = signWords(row);
    return [
      [title, el('div.dim.sm.at', {}, thresholds)],
      [el(row.value === null ? 'span' : 'b.strong', {}, value), interval !== '' && el('div.dim.sm', {}, interval)],
      row.says === null ? el('span.dim.sm', {}, says) : el('b.says', { 'data-says': row.says }, says),
    ];
  });
  return table(
    'The decision',
    [{ name: 'sign, thresholds' }, { name: 'value, 95 %', num: true }, { name: 'says' }],
    rows,
  );
}

/** Each argument with its figure, and the answer below: a sentence needs the width. */
function counter(decision: Decision): HTMLElement {
  return el(
    'ul.counter',
    { 'aria-label': COUNTER_OF },
    decision.counter.map((row) => {
      const [title, value = '', interval = '', says] = counterWords(row);
      return el(
        'li',
        { 'data-argument': row.argument },
        el('div.argument', {}, el('span', {}, title), value !== '' && el('b.strong', {}, value)),
        el('div.sm', {}, says, interval !== '' && el('span.dim', {}, ` 95\u00a0% ${interval}.`)),
      );
    }),
  );
}

function measured({ title, scenarios, rows }: LayoutTable): HTMLElement {
  const head = (scenario: Scenario): HTMLElement => el('span', { title: SCENARIO_WORDS[scenario] }, SHORT[scenario]);
  return table(
    title,
    [{ name: title }, ...scenarios.map((scenario) => ({ name: head(scenario), num: true }))],
    rows.map(({ layout, cells }) => [LAYOUT_WORDS[layout], ...cells]),
  );
}

/** At full load where that was measured: mixed pools first, against which the others stand. */
function strips(results: readonly LayoutResult[], width: number): Child {
  const own = results.filter(({ benchmark }) => benchmark === 'separation');
  const scenario =
    own.find((one) => one.placement.scenario === '100%')?.placement.scenario ?? own[0]?.placement.scenario;
  const shown = own.filter((one) => one.placement.scenario === scenario && figuresOf(one).length > 0);
  if (scenario === undefined || shown.length === 0) return null;
  return [
    el('h3', {}, `Requests, ${SCENARIO_WORDS[scenario]}`),
    repetitions(
      shown.map((one) => {
        const { layout } = one.placement;
        return [layout === 'mixed' ? 'against' : 'of', LAYOUT_WORDS[layout], one];
      }),
      width,
      null,
    ),
  ];
}

/** Null for a run of no layouts. */
export function layouts(run: RunSummary, width: number): HTMLElement[] | null {
  const results = layoutResults(run.results);
  if (results.length === 0) return null;
  const all = layoutTables(results);
  const first = all.filter(({ measure }) => FIRST.includes(measure.benchmark));
  const more = all.filter((one) => !first.includes(one));
  const decision = decide(run.results, run.thresholds);
  return [
    section('The decision', el('div.in.signs', {}, signs(decision), el('div.dim.sm', {}, `${SIGNS_OF}.`))),
    ...(decision.counter.length > 0 ? [section(COUNTER_OF, el('div.in', {}, counter(decision)))] : []),
    section(
      'Layouts',
      el('div.in.layouts', {}, first.map(measured)),
      more.length > 0 &&
        el(
          'details.in.layouts',
          { 'data-key': 'layout-measures' },
          el('summary', { 'data-action': 'layout-measures' }, `More measures (${more.length})`),
          more.map(measured),
        ),
      el('div.in', {}, strips(results, width)),
      el('div.in.dim.sm', {}, `${layoutsMeasured(results)} ${capital(CELL_MARKS)}.`),
      layoutsWrong(results).map((why) => note('warn', `Does not count: ${why}`)),
    ),
  ];
}
