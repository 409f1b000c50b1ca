/** Owns the panel of a run: question, verdict, one large figure, the figures behind it, every repetition. */

import { hasLinks } from '../../model/board/questions.ts';
import { IN_LIST, lineCaption } from '../../model/bench/matrix/line.ts';
import { boundsLabel, weightOf } from '../../model/run/compare.ts';
import {
  capital,
  formatBound,
  formatChange,
  formatCount,
  formatInterval,
  formatMetric,
  plural,
  scaleOf,
} from '../../model/text/format.ts';
import { doubtOf, figuresOf } from '../../model/run/run.ts';
import type { Result, RunSummary } from '../../model/run/run.ts';
import { runConditions } from '../../model/verdict/conditions.ts';
import type { Actions } from '../state/actions.ts';
import { el, kbd } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button, disable } from '../ui/elements.ts';
import { figures, medianCell, repetitions, several } from './figures.ts';
import type { Named } from './figures.ts';
import { resultName, resultNames } from '../../model/verdict/names.ts';
import { marksOf, pairLabels } from '../state/labels.ts';
import { isRecorded, pair, runBlocked } from '../state/select.ts';
import type { State } from '../state/store.ts';
import type { Arrow } from '../ui/strip.ts';
import { between, nodesButton } from '../tables/between.ts';
import { copyButton } from './copy.ts';
import { found } from './guide.ts';
import { layouts } from './layouts.ts';
import { orders } from './orders.ts';
import { candidates } from './race.ts';
import { courseOf } from './course.ts';
import { command, note, section, table, verdict } from './elements.ts';

function badges(run: RunSummary, of: Result): HTMLElement[] {
  const words = [...(of.emulated ? ['emulated host'] : []), ...marksOf(run)];
  return words.map((word) => el('span.badge', {}, word));
}

/** The one large figure, if the evidence carries one; else between which bounds it lies, where the verdict does not say that. */
export function large(
  run: RunSummary,
  of: Result,
  against: string,
  how = run.results.length > 1 ? 'interleaved' : null,
): Child {
  const { comparison } = run;
  const rounds = [plural(of.repetitions.length, 'round'), how].filter((words) => words !== null).join(', ');
  const marks = badges(run, of);
  const below = marks.length > 0 && el('div', {}, marks);
  if (!comparison) {
    if (of.median === null) return null;
    const range = of.interval?.map((end) => formatMetric(end, of.metric)).join(' to ');
    // What is noisy, or does not count, the table has beside its interval.
    const large = of.valid && doubtOf(of) !== 'noisy';
    const head = large && el('strong', {}, formatMetric(of.median, of.metric));
    const interval = range === undefined ? null : `95 % ${range}`;
    return el('div.big', {}, head, el('div.sm.dim', {}, interval, interval && el('br'), rounds, below));
  }
  const shown = weightOf(run) === 'shown';
  const interval = formatInterval(comparison.interval);
  const bounds = boundsLabel(run);
  const said = bounds === null || comparison.interval.every((end) => run.verdict?.sentence.includes(formatBound(end)));
  return el(
    'div.big',
    {},
    shown && el('strong', { class: run.verdict?.tone ?? 'neutral' }, formatChange(comparison.change)),
    !said && el('strong.range', {}, bounds),
    el(
      'div.sm.dim',
      {},
      `against ${against}`,
      el('br'),
      shown && [`95\u00a0% interval ${interval}`, el('br')],
      rounds,
      below,
    ),
  );
}

/** Results that share no metric with the first one stay in the table only. */
function drawn(run: RunSummary, width: number): Child {
  const { of, against } = pair(run);
  if (!of || figuresOf(of).length === 0) return null;
  const names = pairLabels(run);
  const { comparison } = run;
  const arrow: Arrow | null =
    comparison && weightOf(run) === 'shown'
      ? { words: formatChange(comparison.change), tone: run.verdict?.tone ?? 'neutral' }
      : null;
  const second = against?.metric === of.metric ? against : null;
  return repetitions(
    [['of', names.of, of], ...(second ? ([['against', names.against, second]] as const) : [])],
    width,
    arrow,
  );
}

/** Letters that a headline has at most: as many as are taken in at a glance. */
const HEADLINE = 120;

/** The answer to what was compared may take several sentences: the first is the headline, or its first part where it is long. "Yes." alone is none. */
function headlined({ verdict: answer }: RunSummary): HTMLElement[] {
  const [sentence = '', ...more] = (answer?.sentence ?? '').split(/(?<=(?<!^(?:Yes|No))\.) (?=[A-Z\d])/);
  const mark = sentence.includes('; ') ? '; ' : ': ';
  const [part = '', ...parts] = sentence.length > HEADLINE ? sentence.split(mark) : [sentence];
  const first = parts.length > 0 ? `${part}.` : part;
  const others = parts.length > 0 ? [capital(parts.join(mark)), ...more] : more;
  return [...verdict(answer?.question ?? 'Measured', first), ...others.map((words) => el('p.more', {}, words))];
}

/** Of a matrix: what each class of pairs costs, and how much of it was measured. */
function classes(state: State, run: RunSummary, actions: Actions): Child {
  const costs = state.board?.costs.find((one) => one.run === run.id);
  if (!costs) return null;
  const { factor, unit } = scaleOf(costs.metric, Math.max(0, ...costs.classes.map(({ median }) => median ?? 0)));
  const rows = costs.classes.map(({ name, median, interval, pairs, measuredPairs }) => [
    name,
    medianCell({ median, interval }, factor),
    `${formatCount(measuredPairs)} of ${formatCount(pairs)}`,
  ]);
  const columns = [
    { name: costs.metric === 'ns' ? 'one way, 95 %' : 'median, 95 %' },
    { name: unit, num: true },
    { name: 'pairs measured', num: true },
  ];
  const { topology } = state.board ?? {};
  const further = topology && hasLinks(topology) && nodesButton(state, actions);
  const words = costs.metric === 'ns' ? 'Pick up a token: every CPU shows what dropping it there would cost. ' : '';
  const { placement } = pair(run).of ?? {};
  const line = placement?.kind === 'matrix' ? ` ${lineCaption(placement, IN_LIST)}` : '';
  return [
    table(`Classes of the run of ${run.time}`, columns, rows),
    el('div.dim.sm', {}, `${words}Pairs that were not measured are inferred.${line}`),
    !state.view.matrix &&
      el(
        'div.acts',
        {},
        button('show-matrix', 'secondary', () => actions.matrix(), ['Show every pair', kbd('X')]),
      ),
    further,
  ];
}

export function result(state: State, run: RunSummary, actions: Actions, width: number): Child {
  const { of, against } = pair(run);
  if (!of) return [section(null, el('div.in', {}, verdict('This run', 'Nothing was measured.'), run.partial ?? ''))];
  const names = pairLabels(run);
  const named: Named[] = against
    ? [
        [names.of, of],
        [names.against, against],
      ]
    : [[resultName(of), of]];
  // Its classes stay with the session; the page has what they cost.
  const matrix = of.measuredPairs !== undefined;
  // Without a pair to compare, a guided run has no one figure: its cases are of two metrics; nor has a table of nodes.
  const { topology = null } = state.board ?? {};
  const nodes = topology && between(topology, run);
  const laid = layouts(run, width) ?? (topology && orders(topology, run));
  const asked = run.guide !== undefined || run.race !== undefined;
  const mixed = nodes !== null || laid !== null || (asked && run.comparison === null);
  const many = !asked && !matrix && laid === null && run.comparison === null && run.results.length > 1;
  // Medians over a program before and after it was moved are of neither.
  const moved = of.course !== undefined && of.course.marks.length > 0;
  const again = button('run-again', 'secondary', () => actions.run(), 'Run again');
  disable(again, runBlocked(state) !== null);
  const wrote = state.exported?.run === run.id ? state.exported : null;
  return [
    el(
      'section.open',
      {},
      el(
        'div.in',
        {},
        headlined(run),
        matrix || mixed || many ? badges(run, of) : large(run, of, names.against),
        run.partial !== null && el('div.hint', {}, run.partial),
        nodes ??
          (matrix
            ? classes(state, run, actions)
            : many
              ? !moved && several(run, width, !of.course)
              : !mixed && figures(run, named)),
      ),
    ),
    ...(laid ?? []),
    ...found(state, run),
    ...candidates(run),
    courseOf(of, width),
    section(
      null,
      el(
        'div.in',
        {},
        !mixed && !many && !of.course && drawn(run, width),
        el(
          'div.acts',
          {},
          button('export', 'secondary', () => actions.export(), ['Export page', kbd('E')]),
          state.board?.kept?.includes(run.id) && [
            button('rename-run', 'secondary', () => actions.kept.name(run.id), 'Rename'),
            button('delete-run', 'secondary', () => actions.kept.remove(run.id), 'Delete'),
          ],
          !matrix &&
            !run.guide &&
            !run.race &&
            of.placement.kind !== 'program' &&
            (nodes === null || state.board?.workload.kind === 'nodes') &&
            !isRecorded(state) &&
            again,
        ),
        wrote !== null && written(run, wrote, actions),
      ),
    ),
  ];
}

/** Where the page is: to open, and to copy. */
function written(
  run: RunSummary,
  { folder, opens, reveals }: NonNullable<State['exported']>,
  actions: Actions,
): HTMLElement {
  const path = el('code.command', { 'data-exported': '' }, folder);
  return el(
    'div',
    { role: 'status' },
    el(
      'div.repeat.wrote',
      {},
      el('div.hint', {}, 'Page written to'),
      el(
        'span',
        {},
        opens && button('open-export', 'link', () => actions.openExport(run.id, 'page'), 'Open Page'),
        reveals && button('reveal-export', 'link', () => actions.openExport(run.id, 'place'), 'Reveal'),
        copyButton('copy-export', 'Copy the path of the page', folder, path),
      ),
    ),
    path,
  );
}

function repeat(words: string): Child {
  const line = command(words);
  const copy = copyButton('copy-command', 'Copy the command', words, line);
  return [el('div.repeat', {}, el('div.hint', {}, 'To repeat it:'), copy), line];
}

export function heldWhile(run: RunSummary): HTMLElement | null {
  if (run.results.length === 0) return null;
  const lines = [
    ...runConditions(run, resultNames).map(({ kind, text }) => note(kind, text)),
    ...(run.notes ?? []).map((words) => note('warn', words)),
  ];
  return section('Held while measuring', lines, el('div.in', {}, repeat(run.repeat)));
}
