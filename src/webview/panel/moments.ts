/** Owns the panel of two moments: what differed between them by node and by CPU, and what that cannot tell. */

import { measureOf } from '../measures/known.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import { figureWords } from '../../model/live/measures/measure.ts';
import { changeWords, compareMoments } from '../../model/live/past/compare.ts';
import type { CpuDifference, Difference } from '../../model/live/past/compare.ts';
import { lanesOf } from '../../model/live/past/lanes.ts';
import type { Lane } from '../../model/live/past/lanes.ts';
import { formatDuration } from '../../model/text/format.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Actions } from '../state/actions.ts';
import { clock } from '../state/clock.ts';
import type { State } from '../state/store.ts';
import { el, kbd, svg } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { note, section, table, verdict } from './elements.ts';

/** CPUs named one by one, of those that differ the most. */
const FEW = 3;
/** CPUs of one row of bars. */
const ROW = 128;
/** Px of the most that a CPU can differ by, up or down. */
const HALF = 14;

const byLane = (measure: Measure, kind: string, lanes: readonly Difference[]): HTMLElement => {
  const words = (value: number | null): string => (value === null ? 'no figure' : figureWords(measure, value));
  return table(
    `${measure.name} at A and B`,
    [{ name: kind }, { name: 'A', num: true }, { name: 'B', num: true }, { name: 'difference', num: true }],
    lanes.map(({ name, a, b, change }) => [name, words(a), words(b), el('b.strong', {}, changeWords(measure, change))]),
  );
};

/** A bar for each CPU: up where it was more at B, down where less. @param most that any of them differs by. */
function bars(cpus: readonly CpuDifference[], most: number, width: number): SVGSVGElement {
  const [left, rows] = [4, Math.ceil(cpus.length / ROW)];
  const wide = Math.min(12, (width - 2 * left) / Math.min(ROW, cpus.length));
  const high = 2 * HALF + 4;
  const made = cpus.map(({ change }, i) => {
    const [x, middle] = [left + (i % ROW) * wide, Math.floor(i / ROW) * high + high / 2];
    const y = ((change ?? 0) / most) * HALF;
    const body = `M${x.toFixed(1)} ${middle}h${Math.max(0.5, wide - (wide > 3 ? 1 : 0)).toFixed(1)}v${(-y).toFixed(1)}H${x.toFixed(1)}Z`;
    return { up: (change ?? 0) > 0, body };
  });
  const path = (up: boolean): string => made.flatMap((one) => (one.up === up ? one.body : [])).join('');
  return svg(
    'svg.moved',
    { width, height: rows * high, 'aria-hidden': 'true' },
    Array.from({ length: rows }, (_, row) =>
      svg('line.moved-base', { x1: left, x2: width - left, y1: row * high + high / 2, y2: row * high + high / 2 }),
    ),
    svg('path.moved-up', { d: path(true) }),
    svg('path.moved-down', { d: path(false) }),
  );
}

function most(measure: Measure, cpus: readonly CpuDifference[], up: boolean): string {
  const found = cpus
    .filter(({ change }) => change !== null && Math.abs(change) >= 1 && change > 0 === up)
    .sort((one, two) => Math.abs(two.change ?? 0) - Math.abs(one.change ?? 0))
    .slice(0, FEW);
  return found.map(({ name, change }) => `${name} ${changeWords(measure, change)}`).join(', ');
}

function byCpu(measure: Measure, lanes: readonly Lane[], cpus: readonly CpuDifference[], width: number): HTMLElement {
  const largest = Math.max(1, ...cpus.map(({ change }) => Math.abs(change ?? 0)));
  const of = new Map(cpus.map((cpu) => [cpu.id, cpu]));
  const [up, down] = [true, false].map((more) => most(measure, cpus, more));
  return el(
    'div.by-cpu',
    {},
    el(
      'div.dim.sm',
      {},
      `Each CPU: a bar up where B is more, down where it is less; the longest is ${changeWords(measure, largest).slice(1)}`,
    ),
    lanes.map(({ name, ids }) => [
      el('div.sm', {}, name),
      bars(
        ids.flatMap((id) => of.get(id) ?? []),
        largest,
        width,
      ),
    ]),
    up !== '' && el('div', {}, `Most more at B: ${up ?? ''}`),
    down !== '' && el('div', {}, `Most less at B: ${down ?? ''}`),
  );
}

/** Null where no two moments are chosen. */
export function moments(state: State, topology: Topology, actions: Actions, width: number): HTMLElement | null {
  const { ends, past, view } = state;
  const { a, b } = ends;
  if (!a || !b) return null;
  const measure = measureOf(view.measure);
  const samples = [past.sampleOf(a), past.sampleOf(b)] as const;
  // What differs between processes is told of their threads.
  const kind = view.lanes === 'process' ? 'node' : view.lanes;
  const found = compareMoments(topology, measure, kind, samples);
  const [lasts] = samples.map(({ intervalMs }) => formatDuration(Math.round(intervalMs / 100) * 100));
  const show = (end: 'a' | 'b'): void => actions.moments.moveTo((end === 'a' ? a : b).at);
  return section(
    null,
    el(
      'div.in',
      {},
      verdict(`${measure.name}: A at ${clock(a.time)}, B at ${clock(b.time)}`, found.sentence),
      byLane(measure, kind, found.lanes),
      found.cpus.length > 0 && byCpu(measure, lanesOf(topology, kind, measure), found.cpus, width),
      note(
        'info',
        `Two samples of ${lasts ?? ''} are compared. Where they differ, that is no measured effect: it says neither why, nor that either lasted.`,
      ),
      el(
        'div.acts',
        {},
        button('show-a', 'secondary', () => show('a'), 'Show A'),
        button('show-b', 'secondary', () => show('b'), 'Show B'),
        button('forget-ends', 'secondary', () => actions.moments.forgetEnds(), ['End comparison', kbd('Esc')]),
      ),
    ),
  );
}
