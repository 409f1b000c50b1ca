/** Owns the panel of runs side by side: what was set otherwise, then the figures on one axis, with what the difference cannot tell. */

import { casesBetween, isTold } from '../../model/gate/between.ts';
import type { CaseChange, Difference } from '../../model/gate/between.ts';
import { casesSentence, sideBySide } from '../../model/gate/side-by-side.ts';
import type { Beside } from '../../model/gate/side-by-side.ts';
import { weightOf } from '../../model/run/compare.ts';
import { figuresOf } from '../../model/run/run.ts';
import type { Result, RunSummary } from '../../model/run/run.ts';
import { betterOf } from '../../model/run/better.ts';
import { formatChange, formatFigure, formatInterval, formatMetric, scaleOf } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import { comparisonOf } from '../state/comparison.ts';
import type { Comparison } from '../state/comparison.ts';
import { letterOf, runLabel, whenOf } from '../state/labels.ts';
import { comparedRuns } from '../state/select.ts';
import type { State } from '../state/store.ts';
import { el, kbd } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import type { Arrow } from '../ui/strip.ts';
import { note, section, table, verdict } from './elements.ts';
import { figures, repetitions } from './figures.ts';
import type { Named } from './figures.ts';
import { large } from './result.ts';

/** Strips of several runs. */
const MOST_STRIPS = 8;
/** Cases of two runs that are told one by one; the terminal tells all. */
const MOST_CASES = 60;

/** Which run is which: its letter, what it is called, when it was. */
function legend(state: State, runs: readonly RunSummary[]): HTMLElement {
  const topology = state.board?.topology ?? null;
  return el(
    'div.legend-runs',
    {},
    runs.map((run, at) => [
      el(at === 0 ? 'b.letter.first' : 'b.letter', {}, letterOf(at)),
      el('span', {}, runLabel(topology, run), ' ', el('span.when.dim.sm', {}, whenOf(run))),
    ]),
  );
}

/** Each value once, with the runs that have it. */
function byValue({ values }: Difference): HTMLElement[] {
  return [...new Set(values)].map((value) => {
    const letters = values.flatMap((other, at) => (other === value ? letterOf(at) : []));
    return el('div', {}, value, el('span.dim.sm', {}, ` ${letters.join(' ')}`));
  });
}

/** Two stand side by side; of more there is no room for a column each. */
function differences(title: string, found: readonly Difference[], count: number): HTMLElement {
  const rows = found.map((one): Child[] => [one.name, ...(count === 2 ? one.values : [byValue(one)])]);
  const columns = count === 2 ? ['', letterOf(0), letterOf(1)] : ['', 'values, and whose'];
  const named = columns.map((name) => ({ name: name === '' ? el('span.unseen', {}, 'setting') : name }));
  return el('div.differs', {}, table(title, named, rows));
}

function change(one: CaseChange): Child {
  const { verdict: judged, change: by, interval } = one;
  const bounds = interval ? formatInterval(interval) : 'too few rounds';
  if (isTold(one))
    return [
      el('b.strong', {}, formatChange(by)),
      el('div.dim.sm', {}, `${bounds}${judged === 'different' ? '' : `, ${judged}`}`),
    ];
  return [el('span.dim', {}, judged === 'not shown' ? 'not shown' : 'too noisy'), el('div.dim.sm', {}, bounds)];
}

type CasesOfBoth = ReturnType<typeof casesBetween>;

/** In a word; the run itself says why. */
const marked = ({ marks }: CaseChange): string =>
  [...new Set(marks.map((mark) => (mark.startsWith('not valid') ? 'not valid' : mark)))].join(', ');

/** B first, as what A is held against. */
function cases(found: CasesOfBoth): Child {
  if (found.cases.length === 0) return null;
  const rows = found.cases
    .slice(0, MOST_CASES)
    .map((one) => [
      [one.name, one.marks.length > 0 && el('div.dim.sm', {}, marked(one))],
      [formatMetric(one.after, one.metric), el('div.dim.sm', {}, formatMetric(one.before, one.metric))],
      change(one),
    ]);
  const more = found.cases.length - rows.length;
  const only = found.onlyAfter.length + found.onlyBefore.length;
  const columns = [{ name: 'case' }, { name: 'A, below B', num: true }, { name: 'A against B', num: true }];
  return section(
    `Cases of both (${found.cases.length})`,
    el('div.in', {}, table('Cases that both runs measured', columns, rows)),
    (more > 0 || only > 0) &&
      el(
        'div.in.dim.sm',
        {},
        [
          more > 0 ? `${more} more; numa-pinboard compare tells all.` : '',
          only > 0 ? `${only} only in one of them.` : '',
        ]
          .filter((words) => words !== '')
          .join(' '),
      ),
  );
}

function two(found: Comparison, shared: CasesOfBoth, settings: HTMLElement | null, width: number): Child {
  const { run } = found;
  const [of, against] = run?.results ?? [];
  // Where no one result stands for all, its cases may still answer.
  if (!run || !of || !against) {
    const many = shared.cases.length > 0 || found.of === null || found.against === null;
    return [verdict('A against B', many ? casesSentence(shared) : (found.why ?? '')), settings];
  }
  const named: Named[] = [
    ['A', of],
    ['B', against],
  ];
  const arrow: Arrow | null =
    run.comparison && weightOf(run) === 'shown'
      ? { words: formatChange(run.comparison.change), tone: run.verdict?.tone ?? 'neutral' }
      : null;
  return [
    verdict('A against B', run.verdict?.sentence ?? ''),
    settings,
    large(run, of, 'B', 'not in turn'),
    figures(run, named),
    figuresOf(of).length > 0 &&
      figuresOf(against).length > 0 &&
      repetitions(
        [
          ['of', 'A', of],
          ['against', 'B', against],
        ],
        width,
        arrow,
      ),
  ];
}

function factor({ factor: held }: Beside<RunSummary>): Child {
  if (held === null) return el('span.dim', {}, '1 \u00d7');
  if ('why' in held) return el('span.dim.sm', {}, held.why);
  const shown = held.weight === 'shown';
  return [
    el(shown ? 'b.strong' : 'span.dim', {}, held.words),
    held.bounds !== null && el('div.dim.sm', {}, held.bounds),
  ];
}

function several(runs: readonly Beside<RunSummary>[], settings: HTMLElement | null, width: number): Child {
  const metric = runs[0]?.result?.metric ?? '';
  const better = betterOf(metric);
  const alike = runs.every(({ result }) => result === null || result.metric === metric);
  const scale = scaleOf(metric, Math.max(0, ...runs.map(({ result }) => result?.median ?? 0)));
  const rows = runs.map((beside, at) => {
    const { result } = beside;
    return [
      el(at === 0 ? 'b.letter.first' : 'b.letter', {}, letterOf(at)),
      figure(result, alike ? scale : null),
      factor(beside),
    ];
  });
  const columns = [
    { name: el('span.unseen', {}, 'run') },
    { name: alike ? `${scale.unit}, 95 %` : 'median, 95 %', num: true },
    { name: 'times A, 95 %', num: true },
  ];
  const drawn = runs.flatMap(({ result }, at) =>
    result?.metric === metric && figuresOf(result).length > 0
      ? [[at === 0 ? 'of' : 'against', letterOf(at), result] as const]
      : [],
  );
  const word = better === null ? '' : better === 'less' ? ' Less is better.' : ' More is better.';
  return [
    verdict('Side by side', `${runs.length} runs, each against A.${word}`),
    settings,
    table('Runs side by side', columns, rows),
    drawn.length > 1 && repetitions(drawn.slice(0, MOST_STRIPS), width, null),
  ];
}

/** In the unit of the column; without one, each in its own. */
function figure(result: Result | null, scale: { readonly factor: number } | null): Child {
  if (result?.median == null) return el('span.dim', {}, 'no one figure');
  const words = (value: number): string =>
    scale ? formatFigure(value / scale.factor) : formatMetric(value, result.metric);
  const { interval } = result;
  return [
    el('b.strong', {}, words(result.median)),
    interval && el('div.dim.sm', {}, `${words(interval[0])} to ${words(interval[1])}`),
  ];
}

export function comparing(state: State, actions: Actions, width: number): Child {
  const runs = comparedRuns(state);
  const { settings, conditions, runs: beside } = sideBySide(runs);
  const found = comparisonOf(state);
  const shared = found && casesBetween(found.b, found.a);
  const set =
    settings.length > 0
      ? differences('Settings that differ', settings, runs.length)
      : el('div.hint.differs', {}, 'Nothing was set otherwise.');
  return [
    el(
      'section.open',
      { 'aria-label': 'Comparison', 'data-comparison': '' },
      el(
        'div.in',
        {},
        legend(state, runs),
        found && shared ? two(found, shared, set, width) : several(beside, set, width),
        el(
          'div.acts',
          {},
          runs.length === 2 && button('swap', 'secondary', () => actions.kept.swap(), 'Swap A and B'),
          button('unpick', 'secondary', () => actions.kept.unpick(), ['Close', kbd('Esc')]),
        ),
      ),
    ),
    shared && cases(shared),
    section(
      'What the difference cannot tell',
      note('info', 'The runs were not measured in turn: what changed on the machine between them is in it, too'),
      settings.length > 1 && note('info', 'More than one setting differs: which of them made the difference is open'),
      conditions.length > 0 && el('div.in', {}, differences('Conditions that differ', conditions, runs.length)),
    ),
  ];
}
