/**
 * Node × node as pictures side by side: what was measured, firmware's distances, and what firmware rates. Rows are the nodes whose
 * CPUs access, columns those whose memory is accessed; a measure has one scale, so that rated cells are comparable with measured ones.
 */

import { pairFacts } from '../bench/nodes/firmware.ts';
import type { PairFacts } from '../bench/nodes/firmware.ts';
import { nodeGrid } from '../bench/nodes/grid.ts';
import type { NodeGrid } from '../bench/nodes/grid.ts';
import { MEASURE_TITLES, scaleOfMeasure } from '../bench/nodes/lines.ts';
import type { Result } from '../run/run.ts';
import { clean } from '../text/clean.ts';
import { formatFigure } from '../text/format.ts';
import type { Topology } from '../topology/topology.ts';
import { STEPS } from './heatmap.ts';
import { escapeXml } from './render.ts';

/** px */
const CELL = { w: 52, h: 30 };
const MARGIN = 20;
const HEAD = 46;
const ROW_NAMES = 58;
const CAPTION = 30;

interface Picture {
  readonly title: string;
  readonly cells: readonly { readonly at: PairFacts; readonly value: number | null; readonly mark: string }[];
  /** What the lightest and the darkest colour stand for. */
  readonly scale: readonly [light: number, dark: number];
}

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

function range(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Measured first, then what firmware says of the same. */
function picturesOf(grid: NodeGrid, facts: readonly PairFacts[]): Picture[] {
  const markOf = (result: Result | null): string => (result?.valid === false ? '!' : result?.noisy ? '~' : '');
  const emulated = facts.some(({ latency, bandwidth }) => latency?.emulated ?? bandwidth?.emulated)
    ? ', emulated'
    : ', measured';
  const picture = (
    title: string,
    of: (one: PairFacts) => number | null,
    scale: readonly [number, number],
    mark: (one: PairFacts) => string = () => '',
  ): Picture[] => {
    const cells = facts.map((at) => ({ at, value: of(at), mark: mark(at) }));
    return cells.some(({ value }) => value !== null) ? [{ title, cells, scale }] : [];
  };
  const pictures: Picture[] = [];
  if (grid.measures.includes('latency')) {
    const [measured, rated] = [
      facts.map(({ latency }) => latency?.median ?? null),
      facts.map(({ ratedNs }) => ratedNs),
    ];
    const scale = range(known([...measured, ...rated]));
    const title = `${MEASURE_TITLES.latency}, ns`;
    pictures.push(
      ...picture(
        `${title}${emulated}`,
        ({ latency }) => latency?.median ?? null,
        scale,
        ({ latency }) => markOf(latency),
      ),
      ...picture(`${title}, rated`, ({ ratedNs }) => ratedNs, scale),
    );
  }
  const distances = known(facts.map(({ slit }) => slit));
  if (distances.length > 0) pictures.push(...picture('Distance by SLIT', ({ slit }) => slit, range(distances)));
  if (grid.measures.includes('bandwidth')) {
    const { factor, unit } = scaleOfMeasure(grid, 'bandwidth');
    const per = (value: number | null | undefined): number | null =>
      value === null || value === undefined ? null : value / factor;
    const [low, high] = range(
      known(facts.flatMap(({ bandwidth, ratedBytesPerSecond }) => [per(bandwidth?.median), per(ratedBytesPerSecond)])),
    );
    const title = `${MEASURE_TITLES.bandwidth}, ${unit}`;
    // Little bandwidth is as dear as much latency.
    const scale = [high, low] as const;
    pictures.push(
      ...picture(
        `${title}${emulated}`,
        ({ bandwidth }) => per(bandwidth?.median),
        scale,
        ({ bandwidth }) => markOf(bandwidth),
      ),
      ...picture(`${title}, rated`, ({ ratedBytesPerSecond }) => per(ratedBytesPerSecond), scale),
    );
  }
  return pictures;
}

function stepOf(value: number, [light, dark]: readonly [number, number]): number {
  const spread = Math.log(dark / light);
  if (spread === 0 || !Number.isFinite(spread)) return 0;
  return Math.min(STEPS.length - 1, Math.max(0, Math.floor((Math.log(value / light) / spread) * STEPS.length)));
}

/** Dark cells have white figures. */
const DARK_FROM = 4;

function drawn({ title, cells, scale }: Picture, grid: NodeGrid, x: number, y: number): string {
  const text = (words: string, at: readonly [number, number], classes: string, anchor = 'middle'): string =>
    `<text class="${classes}" text-anchor="${anchor}" x="${at[0]}" y="${at[1]}">${escapeXml(clean(words, 200))}</text>`;
  const left = x + ROW_NAMES;
  const top = y + HEAD;
  const heads = grid.to.map((id, at) => text(`node ${id}`, [left + (at + 0.5) * CELL.w, top - 7], 'd'));
  const rows = grid.from.map((id, at) => text(`node ${id}`, [left - 7, top + (at + 0.5) * CELL.h + 4], 'd', 'end'));
  const boxes = cells.map(({ at, value, mark }) => {
    const [cx, cy] = [left + grid.to.indexOf(at.to) * CELL.w, top + grid.from.indexOf(at.from) * CELL.h];
    const step = value === null ? null : stepOf(value, scale);
    const rect = `<rect class="${step === null ? 'n' : ''}" x="${cx}" y="${cy}" width="${CELL.w - 2}" height="${CELL.h - 2}"${step === null ? '' : ` fill="${STEPS[step] ?? ''}"`}/>`;
    const words = value === null ? '' : formatFigure(value) + mark;
    return (
      rect + text(words, [cx + CELL.w / 2 - 1, cy + CELL.h / 2 + 3], step !== null && step >= DARK_FROM ? 'w' : 'k')
    );
  });
  return [text(title, [x, y + 16], 't', 'start'), ...heads, ...rows, ...boxes].join('');
}

const STYLE = `text{font:11px system-ui,sans-serif;fill:#3b3b3b}.t{font-size:13px;fill:#1b1b1b}.g{fill:#fff}.n{fill:none;stroke:#b5b5b5;stroke-dasharray:2 2}
text.w{fill:#fff}text.k{fill:#1b1b1b}@media (prefers-color-scheme:dark){text{fill:#ccc}.t{fill:#f2f2f2}.g{fill:#1f1f1f}.n{stroke:#6a6a6a}}`;

/** Null where the results are no table of nodes. */
export function nodeHeatmapSvg(topology: Topology, results: readonly Result[]): string | null {
  const grid = nodeGrid(topology, results);
  if (!grid) return null;
  const pictures = picturesOf(grid, pairFacts(topology, grid));
  if (pictures.length === 0) return null;
  const one = {
    w: Math.max(ROW_NAMES + grid.to.length * CELL.w, 190) + MARGIN,
    h: HEAD + grid.from.length * CELL.h + MARGIN,
  };
  // Up to three beside each other, as long as a page is wide enough.
  const columns = Math.max(1, Math.min(3, pictures.length, Math.floor(1200 / one.w)));
  const [w, h] = [MARGIN + columns * one.w, MARGIN + Math.ceil(pictures.length / columns) * one.h + CAPTION];
  const name = 'Memory of each node from the CPUs of each node';
  const marks = '~ noisy; ! does not count; dashed: firmware does not say';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="${name}">
<style>${STYLE}</style><rect class="g" width="${w}" height="${h}"/>
${pictures.map((picture, at) => drawn(picture, grid, MARGIN + (at % columns) * one.w, MARGIN + Math.floor(at / columns) * one.h)).join('\n')}
<text x="${MARGIN}" y="${h - 14}">Row: CPUs of; column: memory of. The darker, the dearer. ${marks}.</text>
</svg>
`;
}
