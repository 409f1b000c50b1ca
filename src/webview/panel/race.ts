/** Owns what the panel shows of a race: every candidate with its figure, and what became of it. */

import { candidateRows, finalWords, raceNotes } from '../../model/bench/race/lines.ts';
import type { RunSummary } from '../../model/run/run.ts';
import { formatFigure, formatMetric, scaleOf } from '../../model/text/format.ts';
import { el } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { section, table } from './elements.ts';

/** Nothing for a run that is no race. */
export function candidates(run: RunSummary): HTMLElement[] {
  if (!run.race) return [];
  const rows = candidateRows(run).map(({ name, why, fate }, at): Child[] => {
    const { median = null, interval = null, metric = '' } = run.results[at] ?? {};
    const { factor, unit } = scaleOf(metric, median ?? 0);
    const bounds = interval?.map((end) => formatFigure(end / factor)).join(' \u2026 ');
    const label = run.winner === at ? el('b.strong', {}, name) : name;
    return [
      [label, el('div.dim.sm', {}, why)],
      [
        median === null ? 'no figure' : el('b.strong', {}, formatMetric(median, metric)),
        bounds !== undefined && el('div.dim.sm', {}, `${bounds} ${unit}`),
        el('div.dim.sm.fate', {}, fate),
      ],
    ];
  });
  const columns = [{ name: 'candidate' }, { name: 'median, 95 %', num: true }];
  const notes = [finalWords(run), ...raceNotes(run)].flatMap((words) => (words === null ? [] : [el('div', {}, words)]));
  return [
    section(
      `Candidates (${rows.length})`,
      el('div.in', { 'data-race': '' }, table('Candidates of the race', columns, rows)),
      notes.length > 0 && el('div.in.dim.sm', {}, notes),
    ),
  ];
}
