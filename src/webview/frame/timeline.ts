/** Owns the timeline: five minutes, a lane a node; the run that is shown in the accent, others neutral. */

import { scaleLinear } from 'd3-scale';
import { area } from 'd3-shape';
import type { HistoryPoint } from '../../model/live/history.ts';
import { MINUS } from '../../model/text/format.ts';
import { el, slot, svg, watchWidth } from '../ui/dom.ts';
import type { Part } from '../state/part.ts';
import { isRecorded } from '../state/select.ts';
import type { State } from '../state/store.ts';

const MINUTES = 5;
const TOP = 16;
const RIGHT = 64;

interface Frame {
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly x: (ms: number) => number;
}

/** Gaps longer than this are drawn as gaps: nothing was sampled then, which is not the same as idle. */
const GAP_MS = 20_000;

const shareWords = (share: number | undefined): string =>
  share === undefined ? 'no figure' : `${Math.round(share * 100)} %`;

function lane(id: number, index: number, high: number, history: readonly HistoryPoint[], frame: Frame): SVGElement[] {
  const base = TOP + (index + 1) * (high + 2) - 2;
  const points = history.flatMap((point, i) => {
    const value = point.busy[String(id)];
    const at = Date.parse(point.time);
    const before = history[i - 1];
    const gap = before !== undefined && at - Date.parse(before.time) > GAP_MS;
    return value === undefined ? [] : [...(gap ? [null] : []), { at, value }];
  });
  const shape = area<{ at: number; value: number } | null>()
    .defined((point) => point !== null)
    .x((point) => frame.x(point?.at ?? 0))
    .y0(base)
    .y1((point) => base - Math.max(0.02, point?.value ?? 0) * high);
  const last = history.at(-1)?.busy[String(id)];
  return [
    svg('path.lane', { d: shape(points) ?? '' }),
    svg('text.t10.d.e', { x: frame.left - 8, y: base - high / 2 + 4 }, `node ${id}`),
    svg('text.t10', { x: frame.left + frame.width + 8, y: base - high / 2 + 4 }, shareWords(last)),
  ];
}

function marks(state: State, now: number, frame: Frame): SVGElement[] {
  const { running, runs } = state.board ?? {};
  const spans = (runs ?? []).map((run) => {
    const from = Date.parse(run.time);
    return { from, to: from + run.seconds * 1000, now: !running && run.id === state.view.shown };
  });
  if (running) spans.push({ from: Date.parse(running.startedAt), to: now, now: true });
  const visible = spans.filter(({ to }) => to > now - MINUTES * 60_000);
  return visible.flatMap(({ from, to, now: accent }) => {
    const [x1, x2] = [Math.max(frame.left, frame.x(from)), frame.x(to)];
    const box = svg(accent ? 'rect.ran.now' : 'rect.ran.past', {
      x: x1,
      y: TOP,
      width: Math.max(2, x2 - x1),
      height: frame.height - TOP - 4,
    });
    return accent ? [box, svg('text.t10.e.ran-t', { x: x1 - 4, y: TOP + 12 }, 'run')] : [box];
  });
}

/** Lanes of nodes that have CPUs; a CPU-less node is never busy. */
function draw(state: State, nodes: readonly number[], total: number): SVGSVGElement {
  const high = nodes.length > 2 ? 12 : 20;
  const height = TOP + nodes.length * (high + 2) + 6;
  const left = total > 900 ? 200 : 72;
  const width = Math.max(40, total - left - RIGHT);
  const now = Date.parse(state.history.at(-1)?.time ?? new Date(state.heard).toISOString());
  const scale = scaleLinear([now - MINUTES * 60_000, now], [left, left + width]).clamp(true);
  const frame = { left, width, height, x: (ms: number) => Math.round(scale(ms) * 10) / 10 };
  const grid = Array.from({ length: MINUTES + 1 }, (_, i) => {
    const x = Math.round(left + (width * i) / MINUTES) + 0.5;
    const words = i === MINUTES ? 'now' : `${MINUS}${MINUTES - i} min`;
    const thin = width < 300 && i > 0 && i < MINUTES;
    const cls = i === MINUTES ? 'text.t10.d.e' : i === 0 ? 'text.t10.d' : 'text.t10.d.m';
    return [
      svg('line.tick-line', { x1: x, x2: x, y1: TOP, y2: height - 4 }),
      thin ? null : svg(cls, { x, y: 12 }, words),
    ];
  });
  const last = state.history.at(-1)?.busy;
  const busy = nodes.map((id) => `node ${id} ${shareWords(last?.[String(id)])}`).join(', ');
  return svg(
    'svg',
    { width: total, height, role: 'img', 'aria-label': `Busy share of each node over five minutes; now ${busy}` },
    svg('text', { x: 12, y: 12 }, total > 900 ? 'Timeline, % busy' : '% busy'),
    grid,
    nodes.map((id, i) => lane(id, i, high, state.history, frame)),
    marks(state, now, frame),
  );
}

/** @param redraw asked for when the timeline has another width. */
export function createTimeline(redraw: () => void): Part {
  const element = el('div.time', { tabindex: 0, role: 'region', 'aria-label': 'Timeline' });
  const widthOf = watchWidth(element, redraw);
  const content = slot(element);
  return {
    element,
    update(state) {
      const { topology, runs, running } = state.board ?? {};
      element.hidden = isRecorded(state);
      if (!topology || element.hidden) return;
      const nodes = topology.nodes.filter((node) => node.cpus !== '').map((node) => node.id);
      const width = widthOf();
      content.update([topology, runs, running, state.view.shown, state.history, width], () =>
        draw(state, nodes, width),
      );
    },
  };
}
