/** Owns the list of runs: Enter shows one, Space takes one into a comparison, B makes one the baseline of the next. */

import { changeLabel } from '../../model/run/compare.ts';
import { formatFigure, formatMetric, scaleOf } from '../../model/text/format.ts';
import type { Result, RunSummary } from '../../model/run/run.ts';
import type { Actions } from '../state/actions.ts';
import { el } from '../ui/dom.ts';
import { letterOf, marksOf, runLabel, whenOf } from '../state/labels.ts';
import { canBeBaseline, comparedRuns, pair } from '../state/select.ts';
import type { State } from '../state/store.ts';
import { moreRuns } from './no-runs.ts';

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
  const at = state.view.picked.indexOf(run.id);
  const kept = state.board?.kept?.includes(run.id) ?? false;
  const pick = el(
    'span.pick',
    { 'aria-hidden': 'true', title: 'Compare', 'data-pick': run.id },
    at < 0 ? '' : letterOf(at),
  );
  pick.classList.toggle('picked', at >= 0);
  pick.classList.toggle('first', at === 0);
  const made = el(
    'div.r',
    {
      role: 'option',
      'aria-selected': String(shown),
      'aria-checked': String(at >= 0),
      tabindex: shown || (!anyShown && first) ? 0 : -1,
      'data-run': run.id,
      'data-key': `run-${run.id}`,
    },
    pick,
    el(
      'b',
      {},
      el('span', { 'aria-hidden': 'true' }, shown ? '\u25b8' : ''),
      base ? [el('span.unseen', {}, 'Baseline '), el('span', { 'aria-hidden': 'true' }, 'B')] : '',
    ),
    el(
      'span',
      { title: `${name}, ${whenOf(run)}` },
      at >= 0 && el('span.unseen', {}, `Compared as ${letterOf(at)}: `),
      name,
      ' ',
      marks(run),
    ),
    el('span.num', {}, many ? '' : figure(of, scale)),
    el('span.num', { class: base ? 'num dim' : 'num' }, base ? 'baseline' : changeLabel(run)),
  );
  made.addEventListener('click', (event) => {
    const several = event.ctrlKey || event.metaKey || event.shiftKey || event.target === pick;
    if (several) actions.kept.pick(run.id);
    else actions.show(shown && at < 0 ? null : run.id);
  });
  made.addEventListener('keydown', (event) => {
    const key = event.key.toLowerCase();
    if (key === 'enter') actions.show(shown ? null : run.id);
    else if (key === ' ') actions.kept.pick(run.id);
    else if (key === 'f2' && kept) actions.kept.name(run.id);
    else if (key === 'delete' && kept) actions.kept.remove(run.id);
    else if (key === 'b' && canBeBaseline(state, run)) actions.baseline(base ? null : run.id);
    else if (key === 'arrowdown' || key === 'arrowup') step(key === 'arrowdown' ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return made;
}

/** What the first pick waits for. */
function picking(state: State): HTMLElement | null {
  return comparedRuns(state).length === 1 ? el('div.in.hint', {}, 'Choose another run to compare A with.') : null;
}

/** Newest first, as the board has them. */
export function runList(state: State, actions: Actions): HTMLElement {
  const all = state.board?.runs ?? [];
  const scale = sharedScale(all);
  const baseline = all.some((run) => canBeBaseline(state, run));
  const emulated = all.some((run) => run.results.some((one) => one.emulated)) ? ['emulated'] : [];
  const list = el('div', {
    role: 'listbox',
    'aria-label': `Runs: Enter shows, Space compares${baseline ? ', B sets the baseline' : ''}`,
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
    picking(state),
    moreRuns(state, actions),
  );
}
