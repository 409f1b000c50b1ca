/** Owns the panel while a run goes on: rounds and points, and no verdict. */

import type { Running } from '../../model/board/board.ts';
import { scaleOf } from '../../model/text/format.ts';
import type { Actions } from '../state/actions.ts';
import { el, kbd } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { strip } from '../ui/strip.ts';
import type { Series } from '../ui/strip.ts';
import { section, verdict } from './elements.ts';

function series({ labels, points }: Running): Series[] {
  return labels.map((label, i) => ({
    kind: i === 0 ? 'of' : 'against',
    label,
    values: points[i] ?? [],
    median: null,
    interval: null,
  }));
}

export function running(now: Running, width: number): HTMLElement {
  const done = now.points.reduce((sum, points) => sum + points.length, 0);
  const all = now.rounds * now.labels.length;
  const { unit } = scaleOf(now.metric, Math.max(0, ...now.points.flat()));
  const soFar = now.rounds === 0 ? `${done} repetitions so far` : `${done} of ${all} repetitions so far`;
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
      done > 0 && strip(series(now), now.metric, width, null, soFar),
      done > 0 && el('div.sm.dim', {}, `${unit}, every repetition so far`),
    ),
  );
}

/** Apart from the points: a button replaced while they land would swallow a click. */
export function stopping(actions: Actions): HTMLElement {
  const stop = button('stop-keep', 'secondary', () => actions.stop(), ['Stop and keep these', kbd('Esc')]);
  return section(null, el('div.in', {}, el('div.acts', {}, stop)));
}
