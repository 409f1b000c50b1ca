/**
 * A matrix of CPU pairs as a picture: rows and columns in the order of the topology, a colour by cost, a dot on what was
 * measured. Cells of one colour are one path, so that 256 CPUs stay a file of some hundred kilobytes.
 */

import { formatFigure, scaleOf } from '../text/format.ts';
import { logicalOf } from '../topology/logical.ts';
import { sitesOf } from '../bench/matrix/infer/sites.ts';
import type { Part } from '../bench/matrix/infer/sites.ts';
import { cellsOf } from '../bench/matrix/cells.ts';
import { lineCaption } from '../bench/matrix/line.ts';
import { measuredWords } from '../bench/matrix/result.ts';
import { parseCpuList } from '../text/cpulist.ts';
import { clean } from '../text/clean.ts';
import type { Result } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';
import { escapeXml } from './render.ts';

/** Cheap to dear, told apart without red and green and in grey; read on white and on black. */
export const STEPS = ['#e8f3f1', '#c3e0dc', '#97c8c9', '#6baab8', '#4a89a8', '#3d6796', '#3a467d', '#2b2558'];
/** Width and height of all cells together, in px. */
const SIDE = 640;
const LEFT = 72;
const TOP = 64;
/** Cells smaller than this have no figure in them, smaller than that no CPU number beside them. */
const FIGURE_FROM = 26;
const NUMBER_FROM = 9;

const escape = (text: string): string => escapeXml(clean(text, 300));

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly value: number;
  readonly measured: boolean;
}

function paintedCells({ classes = [] }: Result, cpus: readonly number[]): Cell[] {
  const { size, figures, measured } = cellsOf(classes, cpus);
  return Array.from(figures, (value, at) => ({
    row: Math.floor(at / size),
    column: at % size,
    value,
    measured: measured[at] === 1,
  })).filter(({ value }) => !Number.isNaN(value));
}

/** Where a part ends and the next begins, as places between CPUs. */
function borders(topology: Topology, cpus: readonly number[], part: Part): number[] {
  const { sites } = sitesOf(topology);
  return cpus.flatMap((cpu, at) =>
    at > 0 && sites.get(cpu)?.[part] !== sites.get(cpus[at - 1] ?? -1)?.[part] ? [at] : [],
  );
}

const STYLE = `text{font:11px system-ui,sans-serif;fill:#3b3b3b}.t{font-size:14px;fill:#1b1b1b}.g{fill:#fff}.a{fill:none;stroke:#fff;stroke-width:2}
.b{fill:none;stroke:#fff;stroke-width:.7}.m{fill:#e8588f}.c{font-size:10px}.w{fill:#fff}.k{fill:#1b1b1b}
@media (prefers-color-scheme:dark){text{fill:#ccc}.t{fill:#f2f2f2}.g{fill:#1f1f1f}.a,.b{stroke:#1f1f1f}.w{fill:#fff}.k{fill:#1b1b1b}}`;

/** @returns null where the result is no matrix, or nothing of it was measured. */
export function heatmapSvg(topology: Topology, result: Result): string | null {
  const { placement } = result;
  if (!result.classes || !('matrix' in placement)) return null;
  const order = logicalOf(topology).cpus;
  const cpus = parseCpuList(placement.cpus).sort((a, b) => (order.get(a) ?? a) - (order.get(b) ?? b));
  const cells = paintedCells(result, cpus);
  if (cells.length === 0) return null;
  const side = SIDE / cpus.length;
  const least = cells.reduce((low, { value }) => Math.min(low, value), Infinity);
  const most = cells.reduce((high, { value }) => Math.max(high, value), 0);
  const spread = Math.log(most / least);
  const stepOf = (value: number): number =>
    spread > 0 ? Math.min(STEPS.length - 1, Math.floor((Math.log(value / least) / spread) * STEPS.length)) : 0;
  const paths = STEPS.map(() => '');
  let dots = '';
  for (const { row, column, value, measured } of cells) {
    const step = stepOf(value);
    paths[step] = `${paths[step] ?? ''}M${String(column)} ${String(row)}h1v1h-1z`;
    if (measured) dots += `M${String(column + 0.1)} ${String(row + 0.1)}h.3v.3h-.3z`;
  }
  const { factor, unit } = scaleOf(result.metric, most);
  const figure = (value: number): string => formatFigure(value / factor);
  const grid = (part: Part): string =>
    borders(topology, cpus, part)
      .map((at) => `M${String(at)} 0V${String(cpus.length)}M0 ${String(at)}H${String(cpus.length)}`)
      .join('');
  const numbers = side < NUMBER_FROM ? borders(topology, cpus, 'L3').concat(0) : cpus.map((_, at) => at);
  const axis = numbers
    .map((at) => {
      const middle = (at + 0.5) * side;
      const name = `P#${String(cpus[at])}`;
      return (
        `<text x="${String(LEFT - 6)}" y="${String(TOP + middle + 4)}" text-anchor="end">${name}</text>` +
        `<text transform="translate(${String(LEFT + middle + 4)} ${String(TOP - 6)}) rotate(-60)">${name}</text>`
      );
    })
    .join('');
  const inCells =
    side < FIGURE_FROM
      ? ''
      : cells
          .map(
            ({ row, column, value }) =>
              `<text class="c ${stepOf(value) > 3 ? 'w' : 'k'}" text-anchor="middle" x="${String(LEFT + (column + 0.5) * side)}" y="${String(TOP + (row + 0.5) * side + 4)}">${figure(value)}</text>`,
          )
          .join('');
  const legend = STEPS.map((colour, step) => {
    const x = LEFT + step * 80;
    const from = least * Math.exp((spread * step) / STEPS.length);
    return `<path fill="${colour}" d="M${String(x)} ${String(TOP + SIDE + 16)}h76v12h-76z"/><text x="${String(x)}" y="${String(TOP + SIDE + 42)}">${spread > 0 || step === 0 ? figure(from) : ''}</text>`;
  }).join('');
  const emulated = result.emulated ? ', emulated' : '';
  const width = LEFT + SIDE + 24;
  const height = TOP + SIDE + 84;
  const title = `${placement.matrix} between CPUs, ${unit}${emulated}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="${escape(title)}">
<style>${STYLE}</style><rect class="g" width="${String(width)}" height="${String(height)}"/>
<text class="t" x="${String(LEFT)}" y="18">${escape(title)}</text>${axis}
<g transform="translate(${String(LEFT)} ${String(TOP)}) scale(${String(side)})">${paths.map((path, step) => (path === '' ? '' : `<path fill="${STEPS[step] ?? ''}" d="${path}"/>`)).join('')}
<path class="m" d="${dots}"/><path class="b" vector-effect="non-scaling-stroke" d="${grid('L3')}"/><path class="a" vector-effect="non-scaling-stroke" d="${grid('package')}"/></g>
${inCells}${legend}
<text x="${String(LEFT)}" y="${String(TOP + SIDE + 60)}">${escape(`from this figure on, up to ${figure(most)} ${unit}; a dot: measured; ${measuredWords(result)}`)}</text>
<text x="${String(LEFT)}" y="${String(TOP + SIDE + 76)}">${escape(lineCaption(placement))}</text>
</svg>
`;
}
