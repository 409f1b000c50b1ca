/** Owns the panel while a run goes on: rounds and points, and no verdict. */

import type { Workload } from '../../model/bench/index.ts';
import type { Running } from '../../model/board/board.ts';
import { formatDuration, plural, scaleOf } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import { el, kbd } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { strip } from '../ui/strip.ts';
import type { Series } from '../ui/strip.ts';
import { section, verdict } from './elements.ts';

/** Strips at once: of more kinds of pairs the last ones say what the first do. */
const MOST = 12;

/** Of one metric, each label a line; what has no figure yet has none. */
function landed({ labels, points, metrics, at }: Running, metric: string, width: number): Child {
  const all = labels.flatMap((label, i) => (metrics[i] === metric ? [{ label, values: points[i] ?? [], i }] : []));
  const lines = all.filter(({ values }) => values.length > 0).slice(0, MOST);
  if (lines.length === 0) return null;
  const series = lines.map(({ label, values, i }): Series => {
    const kind = i === 0 || at !== 'placed' ? 'of' : 'against';
    return { kind, label, values, median: null, interval: null };
  });
  const { unit } = scaleOf(metric, Math.max(0, ...lines.flatMap(({ values }) => values)));
  const count = lines.reduce((sum, { values }) => sum + values.length, 0);
  return [
    strip(series, metric, width, null, `${plural(count, 'figure')} so far, in ${unit}`),
    el('div.sm.dim', {}, `${unit}, as they come`),
  ];
}

/** What is still to come, by what was seen: plans are rough where a host is slow or busy. Null before the first round is done. */
function pace({ startedAt, share, rounds, at }: Running, workload: Workload): string | null {
  if (rounds === 0 || share * rounds < 1 || share >= 1) return null;
  const limitMs = at === 'placed' && 'budgetMs' in workload ? workload.budgetMs : null;
  const spent = Date.now() - Date.parse(startedAt);
  const whole = spent / share;
  if (limitMs !== null && whole > limitMs)
    return `At this pace ${Math.floor((limitMs / whole) * rounds)} of ${rounds} rounds fit its limit of ${formatDuration(limitMs)}.`;
  return `About ${formatDuration(Math.ceil((whole - spent) / 1000) * 1000)} to go.`;
}

export function running(now: Running, workload: Workload, width: number): HTMLElement {
  const round = now.rounds === 0 ? 'Measuring' : `Round ${now.round} of ${now.rounds}`;
  const progress = el('progress', { max: 1, value: now.share, 'aria-label': round });
  return el(
    'section.open',
    {},
    el(
      'div.in',
      {},
      verdict(now.question, now.share === 0 && now.round === 0 ? 'Getting ready' : round),
      progress,
      el('div.dim.sm', {}, `${now.step}.${now.rounds === 0 ? '' : ' The verdict follows when all rounds are done.'}`),
      el('div.dim.sm', { 'data-pace': '' }, pace(now, workload)),
      [...new Set(now.metrics)].map((metric) => landed(now, metric, width)),
    ),
  );
}

/** Apart from the points: a button replaced while they land would swallow a click. */
export function stopping(actions: Actions): HTMLElement {
  const stop = button('stop-keep', 'secondary', () => actions.stop(), ['Stop and keep these', kbd('Esc')]);
  return section(null, el('div.in', {}, el('div.acts', {}, stop)));
}
