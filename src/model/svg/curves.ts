/**
 * Curves of memory as a picture for a page: latency by the size of the buffer, with the caches' sizes drawn in, and latency by what
 * others load. A point is a median, the line through it its 95 % interval; curves are told apart by their dashes and their names.
 */

import { loadCurves, loadOf, sizeCurves } from '../bench/memory/curves.ts';
import type { Curve, Point } from '../bench/memory/curves.ts';
import { cachesAbove } from '../bench/memory/lists.ts';
import { placeWords } from '../bench/memory/together.ts';
import type { Run } from '../run/run.ts';
import { formatBytes, formatFigure, formatNs, scaleOf } from '../text/format.ts';
import type { Topology } from '../topology/topology.ts';
import { at, CHART_STYLE, escape, stepOf } from './plot.ts';

const WIDTH = 960;
const LEFT = 70;
const RIGHT = 30;
const HEAD = 56;
const PLOT = 260;
const AXIS = 40;
const DASHES = ['', '7 4', '2 3', '10 3 2 3', '1 5'];

const STYLE = `${CHART_STYLE}.c{fill:none;stroke:#ad1457;stroke-width:1.5}.k{stroke:#616161;stroke-dasharray:3 3}.n{fill:none;stroke:#ad1457}
@media (prefers-color-scheme:dark){.c{stroke:#f58fb4}.k{stroke:#9d9d9d}.n{stroke:#f58fb4}}`;

interface Scale {
  /** 0 … 1 */
  readonly of: (value: number) => number;
  readonly ticks: readonly (readonly [value: number, words: string])[];
}

/** Both ends are whole steps of the base. */
function logarithmic(values: readonly number[], base: number, words: (value: number) => string): Scale {
  const low = Math.floor(Math.log(Math.min(...values)) / Math.log(base) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log(Math.max(...values)) / Math.log(base) - 1e-9));
  const ticks = Array.from({ length: high - low + 1 }, (_, step) => base ** (low + step));
  return {
    of: (value) => (Math.log(value) / Math.log(base) - low) / (high - low),
    ticks: ticks.map((value) => [value, words(value)]),
  };
}

function linear(most: number, factor: number): Scale {
  const step = stepOf(most / factor, 6);
  const ticks: [number, string][] = [];
  for (let tick = 0; tick <= most / factor; tick += step) ticks.push([tick * factor, formatFigure(tick)]);
  return { of: (value) => value / most, ticks };
}

interface Panel {
  readonly title: string;
  readonly under: string;
  readonly x: Scale;
  readonly y: Scale;
  readonly curves: readonly Curve[];
  readonly xOf: (point: Point) => number | null;
  readonly marks: readonly { readonly x: number; readonly words: string }[];
}

/** Of a load, what the others do. */
function curveWords(curve: Curve): string {
  const kernel = curve.at(-1)?.one.kernel;
  return `${placeWords(curve[0])}${kernel === undefined ? '' : `, ${kernel} by the others`}`;
}

const isDrawn = ({ result: { median } }: Point): boolean => median !== null && median > 0;

function draw({ title, under, x, y, curves, xOf, marks }: Panel, top: number): string {
  const bottom = top + HEAD + PLOT;
  const toX = (value: number): number => LEFT + x.of(value) * (WIDTH - LEFT - RIGHT);
  const toY = (ns: number): number => bottom - y.of(ns) * PLOT;
  const text = (px: number, py: number, words: string, more: string): string =>
    `<text ${more} x="${at(px)}" y="${at(py)}">${escape(words)}</text>`;
  const axes = [
    ...x.ticks.map(
      ([value, words]) =>
        `<path class="x" d="M${at(toX(value))} ${at(top + HEAD)}V${at(bottom)}"/>${text(toX(value), bottom + 16, words, 'class="d" text-anchor="middle"')}`,
    ),
    ...y.ticks.map(
      ([value, words]) =>
        `<path class="x" d="M${at(LEFT)} ${at(toY(value))}H${at(WIDTH - RIGHT)}"/>${text(LEFT - 8, toY(value) + 4, words, 'class="d" text-anchor="end"')}`,
    ),
    text(WIDTH - RIGHT, bottom + 32, under, 'class="d" text-anchor="end"'),
  ];
  const caches = marks.map(
    ({ x: value, words }) =>
      `<path class="k" d="M${at(toX(value))} ${at(top + HEAD - 8)}V${at(bottom)}"/>${text(toX(value), top + HEAD - 12, words, 'class="v" text-anchor="middle"')}`,
  );
  const drawn = curves.map((curve, index) => {
    const points = curve.filter(isDrawn).flatMap((point) => {
      const value = xOf(point);
      return value === null ? [] : [{ point, px: toX(value), py: toY(point.result.median ?? 0) }];
    });
    const line = points.map(({ px, py }, step) => `${step === 0 ? 'M' : 'L'}${at(px)} ${at(py)}`).join('');
    const dots = points.map(({ point: { one, result }, px, py }) => {
      const [low, high] = result.interval ?? [result.median ?? 0, result.median ?? 0];
      const words = `${formatBytes(one.sizeBytes)}: ${formatNs(result.median ?? 0)}${result.valid ? '' : ', not valid'}`;
      return `<path class="r" d="M${at(px)} ${at(toY(Math.max(low, 1e-3)))}V${at(toY(high))}"/><circle class="${result.valid ? 'm' : 'n'}" cx="${at(px)}" cy="${at(py)}" r="3"><title>${escape(words)}</title></circle>`;
    });
    const dash = DASHES[index % DASHES.length] ?? '';
    const key = top + HEAD + 16 + index * 16;
    const name = `<path class="c" stroke-dasharray="${dash}" d="M${at(LEFT + 12)} ${at(key)}h30"/>${text(LEFT + 50, key + 4, curveWords(curve), '')}`;
    return `<path class="c" stroke-dasharray="${dash}" d="${line}"/>${dots.join('')}${curves.length > 1 ? name : ''}`;
  });
  const [only] = curves;
  const called = curves.length === 1 && only ? `${title}, ${curveWords(only)}` : title;
  const behind =
    curves.length === 1
      ? ''
      : `<rect class="g" x="${at(LEFT + 6)}" y="${at(top + HEAD + 4)}" width="330" height="${at(curves.length * 16 + 6)}"/>`;
  return text(20, top + 20, called, 'class="t"') + [...axes, ...caches, behind, ...drawn].join('');
}

const figuresIn = (curves: readonly Curve[]): number[] =>
  curves
    .flat()
    .flatMap(({ result: { median, interval } }) => [median ?? 0, ...(interval ?? [])].filter((ns) => ns > 0));

const emulatedMark = (curves: readonly Curve[]): string =>
  curves.flat().some(({ result }) => result.emulated) ? ', emulated' : '';

function sizePanel(topology: Topology, curves: readonly Curve[]): Panel {
  const sizes = curves.flat().map(({ one }) => one.sizeBytes);
  const x = logarithmic(sizes, 4, formatBytes);
  const caches = cachesAbove(topology, curves[0]?.[0].one.cpus[0] ?? 0).filter(
    ({ sizeBytes }) => x.of(sizeBytes) >= 0 && x.of(sizeBytes) <= 1,
  );
  return {
    title: `Latency by size of the buffer${emulatedMark(curves)}`,
    under: 'buffer',
    ...{ x, y: logarithmic(figuresIn(curves), 10, formatNs), curves },
    xOf: ({ one }) => one.sizeBytes,
    marks: caches.map(({ level, sizeBytes }) => ({
      x: sizeBytes,
      words: `L${String(level)} ${formatBytes(sizeBytes)}`,
    })),
  };
}

function loadPanel(curves: readonly Curve[]): Panel {
  const most = Math.max(1, ...curves.flat().map((point) => loadOf(point) ?? 0));
  const { factor, unit } = scaleOf('B/s', most);
  return {
    title: `Latency under load, ns${emulatedMark(curves)}`,
    under: `what the others move, ${unit}`,
    ...{ x: linear(most, factor), y: linear(Math.max(...figuresIn(curves)), 1), curves },
    ...{ xOf: loadOf, marks: [] },
  };
}

/** Null where the run has no such curve. */
export function curvesSvg({ topology, results, host }: Run): string | null {
  const panels = [
    ...[sizeCurves(results)]
      .filter((curves) => figuresIn(curves).length > 0)
      .map((curves) => sizePanel(topology, curves)),
    ...[loadCurves(results)].filter((curves) => figuresIn(curves).length > 0).map(loadPanel),
  ];
  if (panels.length === 0) return null;
  const each = HEAD + PLOT + AXIS + 16;
  const height = panels.length * each + 28;
  const parts = panels.map((panel, index) => draw(panel, 8 + index * each));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-label="${escape(`Memory latency curves on ${host.name}`)}">
<style>${STYLE}</style><rect class="g" width="${String(WIDTH)}" height="${String(height)}"/>
${parts.join('\n')}
<text class="d" x="20" y="${at(height - 10)}">A point is the median of a case, the line through it its 95 % interval; a hollow one is not valid.</text>
</svg>
`;
}
