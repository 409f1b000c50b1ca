/** Owns the list of runs: Enter shows one, B makes one the baseline of the next. */

import { changeLabel } from '../../model/run/compare.ts';
import { formatFigure, formatMetric, scaleOf } from '../../model/text/format.ts';
import type { Result, RunSummary } from '../../model/run/run.ts';
import type { Actions } from '../state/actions.ts';
import { el } from '../ui/dom.ts';
import { marksOf, runLabel } from '../state/labels.ts';
import { canBeBaseline, pair } from '../state/select.ts';
import type { State } from '../state/store.ts';
import { section } from './elements.ts';

/** `emulated` stands over the list: a board shows the runs of one host. */
function marks(run: RunSummary): HTMLElement[] {
  return marksOf(run).map((word) => el('span.badge', {}, word));
}

/** One unit over the column where all runs share it, so that names get the room. */
function sharedScale(all: readonly RunSummary[]): { readonly factor: number; readonly unit: string } | null {
  const of = all.map((run) => pair(run).of);
  const metric = of[0]?.metric;
  if (metric === undefined || of.some((one) => one?.metric !== metric)) return null;
  return scaleOf(metric, Math.max(0, ...of.map((one) => one?.median ?? 0)));
}

function figure(of: Result | null, scale: ReturnType<typeof sharedScale>): string {
  const median = of?.median ?? null;
  if (of === null || median === null) return 'none';
  return scale ? formatFigure(median / scale.factor) : formatMetric(median, of.metric);
}

function row(
  run: RunSummary,
  scale: ReturnType<typeof sharedScale>,
  state: State,
  actions: Actions,
  step: (by: number) => void,
): HTMLElement {
  const shown = run.id === state.view.shown;
  const base = run.id === state.board?.baseline;
  const { of } = pair(run);
  // Of many cases that are not compared in pairs the first is no figure of the run.
  const many = run.comparison === null && run.results.length > 2 && of?.placement.kind !== 'program';
  const first = state.board?.runs[0]?.id === run.id;
  const anyShown = state.board?.runs.some((other) => other.id === state.view.shown) ?? false;
  const name = runLabel(state.board?.topology ?? null, run);
  const made = el(
    'div.r',
    {
      role: 'option',
      'aria-selected': String(shown),
      tabindex: shown || (!anyShown && first) ? 0 : -1,
      'data-run': run.id,
      'data-key': `run-${run.id}`,
    },
    el('span', { 'aria-hidden': 'true' }, shown ? '\u25b8' : ''),
    el('b', {}, base ? [el('span.unseen', {}, 'Baseline '), el('span', { 'aria-hidden': 'true' }, 'B')] : ''),
    el('span', { title: `${name}, ${run.time}` }, name, ' ', marks(run)),
    el('span.num', {}, many ? '' : figure(of, scale)),
    el('span.num', { class: base ? 'num dim' : 'num' }, base ? 'baseline' : changeLabel(run)),
  );
  made.addEventListener('click', () => actions.show(shown ? null : run.id));
  made.addEventListener('keydown', (event) => {
    const key = event.key.toLowerCase();
    if (key === 'enter' || key === ' ') actions.show(shown ? null : run.id);
    else if (key === 'b' && canBeBaseline(state, run)) actions.baseline(base ? null : run.id);
    else if (key === 'arrowdown' || key === 'arrowup') step(key === 'arrowdown' ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return made;
}

/** Newest first, as the board has them. */
export function runs(state: State, actions: Actions): HTMLElement {
  const all = state.board?.runs ?? [];
  if (all.length === 0) {
    const words = 'None yet. A run stores its topology, placement, raw figures and verdict in one file.';
    return section('Runs', el('div.in.dim', {}, words));
  }
  const scale = sharedScale(all);
  const baseline = all.some((run) => canBeBaseline(state, run));
  const emulated = all.some((run) => run.results.some((one) => one.emulated)) ? ['emulated'] : [];
  const list = el('div', {
    role: 'listbox',
    'aria-label': baseline ? 'Runs: Enter shows, B sets the baseline' : 'Runs: Enter shows',
  });
  const step = (by: number): void => {
    const rows = [...list.querySelectorAll<HTMLElement>('.r')];
    rows[Math.min(rows.length - 1, Math.max(0, rows.findIndex((one) => one === document.activeElement) + by))]?.focus();
  };
  list.append(...all.map((run) => row(run, scale, state, actions, step)));
  return el(
    'section.runs',
    { 'aria-label': 'Runs' },
    el(
      'h2',
      {},
      'Runs',
      el(
        'span',
        {},
        [...emulated, ...(scale ? [scale.unit] : []), ...(baseline ? ['B is the baseline'] : [])].join(', '),
      ),
    ),
    list,
  );
}
